// SPDX-License-Identifier: Apache-2.0

import SQLEngine
import SQLiteEngine
import Synchronization
import Testing

@Suite struct StatementTests {
    let engine: SQLiteEngine

    init() throws {
        engine = try .temporary()
        try engine.migrate([notes])
    }

    @Test(arguments: [
        "", "plain", "two\nlines", "nul\u{0}inside", "e\u{301} 李 🧪", String(repeating: "x", count: 70_000),
    ])
    func textComesBackByteByByte(_ body: String) async throws {
        try await engine.insert(1, body: body)
        let stored = try await engine.read { scope in
            try scope.first(Notes.get, [.integer(1)]) { (row: inout SQLRow) in row.text() }
        }
        #expect(stored.map { Array($0.utf8) } == Array(body.utf8))
    }

    @Test func everyKindOfValueComesBack() async throws {
        let insert = SQLStatement("INSERT INTO notes (note_id, body, raw, weight) VALUES ($1, $4, $3, $2)")
        let select = SQLStatement("SELECT note_id, body, raw, weight, author_id FROM notes ORDER BY note_id")
        let rows: [[SQLValue]] = [
            [.integer(.min), .real(-0.5), .blob([]), .text("")],
            [.integer(.max), .null, .blob([0, 255]), .null],
        ]
        _ = try await engine.write { scope in for row in rows { try scope.run(insert, row) } }
        try await engine.read { scope throws in
            var seen: [String] = []
            try scope.each(select, []) { (row: inout SQLRow) in
                let id = row.integer()
                let body = row.optionalText()
                let raw = row.isNextNull ? nil : row.blob()
                if row.isNextNull { row.skip(1) } else { #expect(row.real() == -0.5) }
                seen.append("\(id) \(body ?? "null") \(raw ?? [9]) \(row.optionalInteger() ?? -1)")
                return true
            }
            #expect(seen == ["\(Int64.min)  [] -1", "\(Int64.max) null [0, 255] -1"])
        }
    }

    @Test func parametersMayComeInAnyOrderAndTwice() async throws {
        let text = SQLStatement("SELECT $3 || $1 || $3 || $2")
        let joined = try await engine.read { scope in
            try scope.first(text, [.text("a"), .text("b"), .text("c")]) { (row: inout SQLRow) in row.text() }
        }
        #expect(joined == "cacb")
    }

    @Test func aStatementWithTooFewValuesIsRefused() async throws {
        #expect(await code { _ = try await engine.read { try $0.run(Notes.get, []) } } == .misuse)
        #expect(try await engine.ids() == [])
    }

    @Test func aStatementMayRunInsideItsOwnRows() async throws {
        for id in 1...3 { try await engine.insert(Int64(id), body: "\(id)") }
        let all = SQLStatement("SELECT note_id FROM notes WHERE note_id >= $1 ORDER BY note_id")
        let pairs = try await engine.read { scope in
            try scope.all(all, [.integer(1)]) { (row: inout SQLRow) throws(SQLError) in
                try scope.all(all, [.integer(row.integer())]) { (inner: inout SQLRow) in inner.integer() }
            }
        }
        #expect(pairs == [[1, 2, 3], [2, 3], [3]])
    }

    @Test func aWriteThatReturnsRowsIsFinishedEvenWhenOnlyTheFirstIsRead() async throws {
        for id in 1...3 { try await engine.insert(Int64(id)) }
        let update = SQLStatement("UPDATE notes SET body = 'seen' RETURNING note_id")
        _ = try await engine.write { try $0.first(update, []) { (row: inout SQLRow) in row.integer() } }
        #expect(try await engine.number("SELECT count(*) FROM notes WHERE body = 'seen'") == 3)
        let orphan = SQLStatement("UPDATE notes SET author_id = 9 RETURNING note_id")
        let failure = await code {
            _ = try await engine.write { try $0.first(orphan, []) { (row: inout SQLRow) in row.integer() } }
        }
        #expect(failure == .foreignKey)
    }

    @Test(arguments: [
        ("INSERT INTO notes (note_id) VALUES (1)", SQLError.Code.unique),
        ("INSERT INTO notes (note_id, author_id) VALUES (2, 7)", .foreignKey),
        ("INSERT INTO notes (note_id) VALUES (NULL)", .refused),
        ("INSERT INTO notes (note_id) VALUES ('text')", .refused),
        ("INSERT INTO nowhere VALUES (1)", .misuse),
        ("SELECT \"no such column\" FROM notes", .misuse),
    ])
    func failuresHaveTheirCode(_ text: String, _ expected: SQLError.Code) async throws {
        try await engine.insert(1)
        let statement = SQLStatement(composed: text)
        #expect(await code { _ = try await engine.write { try $0.run(statement, []) } } == expected)
        #expect(try await engine.ids() == [1])
    }

    @Test func aReaderCannotWrite() async throws {
        #expect(
            await code { _ = try await engine.read { try $0.run(Notes.insert, [.integer(1), .null]) } }
                == .cannotOpen)
        #expect(
            await code { _ = try await engine.scan { try $0.run(Notes.insert, [.integer(1), .null]) } }
                == .cannotOpen)
    }

    @Test func statementsAreKeptPrepared() async throws {
        let prepared = Mutex(0)
        var configuration = SQLiteConfiguration(readLanes: 1)
        configuration.statementPrepared = { text in
            if text.contains("FROM notes") { prepared.withLock { $0 += 1 } }
        }
        let engine = try SQLiteEngine.temporary(configuration)
        try engine.migrate([notes])
        for _ in 0..<20 {
            _ = try await engine.read {
                try $0.first(Notes.get, [.integer(1)]) { (row: inout SQLRow) in row.text() }
            }
            _ = try await engine.ids()
        }
        #expect(prepared.withLock { $0 } == 2)
    }
}
