// SPDX-License-Identifier: Apache-2.0

import Foundation
import SQLEngine
import SQLiteEngine
import Testing

@Suite struct OpeningTests {
    @Test(arguments: ["/proc/extref/store.db", "/dev/null/store.db", "/no/such/directory/store.db"])
    func aPlaceThatCannotBeWrittenIsRefused(_ path: String) {
        #expect(throws: SQLError.self) { try SQLiteEngine(path: path) }
        let failure = #expect(throws: SQLError.self) { try SQLiteEngine(path: path) }
        #expect(failure?.code == .cannotOpen)
    }

    @Test func aFileThatIsNoDatabaseIsRefusedAndLeftAlone() throws {
        let place = try Place()
        let garbage = Data(repeating: 0x5A, count: 8_192)
        try garbage.write(to: URL(fileURLWithPath: place.database))
        let failure = #expect(throws: SQLError.self) { try SQLiteEngine(path: place.database) }
        #expect(failure?.code == .damaged)
        #expect(try Data(contentsOf: URL(fileURLWithPath: place.database)) == garbage)
    }

    @Test func damageInsideIsReportedByTheReadThatMeetsIt() async throws {
        let place = try Place()
        let engine = try SQLiteEngine(path: place.database)
        try engine.migrate([notes])
        for id in 1...200 { try await engine.insert(Int64(id), body: String(repeating: "x", count: 500)) }
        try engine.close()
        var bytes = try Data(contentsOf: URL(fileURLWithPath: place.database))
        // Everything behind the schema and the roots.
        for position in (6 * 4_096)..<bytes.count { bytes[position] = 0xFF }
        try bytes.write(to: URL(fileURLWithPath: place.database))
        let damaged = try SQLiteEngine(path: place.database)
        #expect(
            await code { _ = try await damaged.number("SELECT sum(length(body)) FROM notes") } == .damaged)
        try damaged.close()
    }

    @Test func aSecondEngineOnTheSameFileIsRefused() throws {
        let place = try Place()
        let first = try SQLiteEngine(path: place.database)
        let failure = #expect(throws: SQLError.self) { try SQLiteEngine(path: place.database) }
        #expect(failure?.code == .busy)
        try first.close()
        try SQLiteEngine(path: place.database).close()
    }

    @Test func aNewerSchemaIsRefusedAndLeftAlone() async throws {
        let place = try Place()
        let newer = try SQLiteEngine(path: place.database)
        try newer.migrate([
            notes, SQLMigration(version: 2, name: "two", script: "CREATE TABLE later (x {INT}) STRICT"),
        ])
        try newer.close()
        let older = try SQLiteEngine(path: place.database)
        let failure = #expect(throws: SQLError.self) { try older.migrate([notes]) }
        #expect(failure?.code == .schemaTooNew(found: 2, known: 1))
        #expect(try await older.number("PRAGMA user_version") == 2)
        #expect(try await older.number("SELECT count(*) FROM later") == 0)
        try older.close()
    }

    @Test func aMigrationThatFailsLeavesTheSchemaAsItWas() async throws {
        let engine = try SQLiteEngine.temporary()
        try engine.migrate([notes])
        let broken = SQLMigration(
            version: 2, name: "broken", script: "CREATE TABLE later (x {INT}) STRICT; SELECT nonsense")
        #expect(throws: SQLError.self) { try engine.migrate([notes, broken]) }
        #expect(try await engine.number("PRAGMA user_version") == 1)
        #expect(try await engine.number("SELECT count(*) FROM sqlite_schema WHERE name = 'later'") == 0)
        let mended = SQLMigration(version: 2, name: "mended", script: "CREATE TABLE later (x {INT}) STRICT")
        try engine.migrate([notes, mended])
        try engine.migrate([notes, mended])
        #expect(try await engine.number("PRAGMA user_version") == 2)
    }

    @Test func theSettingsThatDurabilityRestsOnAreInPlace() async throws {
        let engine = try SQLiteEngine.temporary()
        try engine.migrate([notes])
        func writersOwn(_ pragma: String) async throws -> String? {
            let statement = SQLStatement(composed: "PRAGMA " + pragma)
            return try await engine.write {
                try $0.first(statement, []) { (row: inout SQLRow) in row.text() }
            }
        }
        #expect(try await writersOwn("journal_mode") == "wal")
        #expect(try await writersOwn("synchronous") == "2")
        #expect(try await writersOwn("foreign_keys") == "1")
        #expect(try await writersOwn("wal_autocheckpoint") == "0")
        #expect(try await engine.number("PRAGMA wal_autocheckpoint") == 0)
        #expect(try await engine.number("PRAGMA query_only") == 1)
    }
}
