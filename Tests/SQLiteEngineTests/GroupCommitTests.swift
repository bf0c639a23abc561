// SPDX-License-Identifier: Apache-2.0

import Dispatch
import SQLEngine
import SQLiteEngine
import Testing

@Suite(.timeLimit(.minutes(1))) struct GroupCommitTests {
    let engine: SQLiteEngine

    init() throws {
        engine = try .temporary()
        try engine.migrate([notes])
    }

    /// Runs `body` while the writer stands still, so that everything it submits has to gather.
    private func whileWriterStandsStill(
        _ body: (inout TaskGroup<SQLError.Code?>) async -> Void
    ) async
        -> [SQLError.Code?]
    {
        let roadblock = Roadblock()
        let blocker = Task { [engine] in try await engine.write { _ in roadblock.hold() } }
        await roadblock.waitUntilReached()
        return await withTaskGroup { group in
            await body(&group)
            roadblock.open()
            _ = await blocker.result
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    private func waitForWaiting(_ count: Int) async {
        while engine.statistics.writesWaiting < count { await Task.yield() }
    }

    @Test func writesThatWaitShareACommit() async throws {
        let before = engine.statistics
        let outcomes = await whileWriterStandsStill { group in
            for id in 1...100 {
                group.addTask { [engine] in await code { try await engine.insert(Int64(id)) } }
            }
            await waitForWaiting(100)
        }
        #expect(outcomes.allSatisfy { $0 == nil })
        #expect(try await engine.ids() == Array(1...100))
        let after = engine.statistics
        #expect(after.writes - before.writes == 101)
        #expect((after.commits - before.commits) * 4 <= 101)
        #expect((2...SQLiteLimits.batchWritesMax).contains(after.batchWritesMax))
    }

    @Test func aWriteThatFailsIsUndoneAlone() async throws {
        let outcomes = await whileWriterStandsStill { group in
            for id in 1...40 {
                group.addTask { [engine] in
                    await code {
                        _ = try await engine.write { scope in
                            try scope.run(Notes.insert, [.integer(Int64(id)), .null])
                            // Every fourth takes its neighbour's place after its own.
                            if id.isMultiple(of: 4) {
                                try scope.run(Notes.insert, [.integer(Int64(id)), .null])
                            }
                        }
                    }
                }
            }
            await waitForWaiting(40)
        }
        #expect(outcomes.filter { $0 == .unique }.count == 10)
        #expect(outcomes.filter { $0 == nil }.count == 30)
        #expect(try await engine.ids() == (1...40).filter { !$0.isMultiple(of: 4) })
        #expect(engine.statistics.rollbacks == 10)
    }

    @Test func aFullDiskFailsTheWritesAndNothingElse() async throws {
        try await engine.insert(1, body: "kept")
        let pages = try #require(try await engine.number("PRAGMA page_count"))
        // The engine's own limit stands in for the disk's.
        let limit = SQLStatement(composed: "PRAGMA max_page_count = \(pages + 4)")
        _ = try await engine.write { try $0.first(limit, []) { (row: inout SQLRow) in row.integer() } }
        let large = String(repeating: "x", count: 1 << 20)
        #expect(await code { try await engine.insert(2, body: large) } == .storageFull)
        #expect(try await engine.ids() == [1])
        try await engine.insert(3, body: "small")
        let more = SQLStatement(composed: "PRAGMA max_page_count = 1000000")
        _ = try await engine.write { try $0.first(more, []) { (row: inout SQLRow) in row.integer() } }
        try await engine.insert(2, body: large)
        #expect(try await engine.ids() == [1, 2, 3])
        #expect(
            try await engine.number(
                "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'") == 1)
    }

    @Test func aWriteThatGoesOnAfterTheDiskWasFullLeavesNothing() async throws {
        try await engine.insert(1)
        let pages = try #require(try await engine.number("PRAGMA page_count"))
        let limit = SQLStatement(composed: "PRAGMA max_page_count = \(pages + 4)")
        let large = String(repeating: "x", count: 1 << 20)
        _ = try await engine.write { try $0.first(limit, []) { (row: inout SQLRow) in row.integer() } }
        let outcomes = await whileWriterStandsStill { group in
            group.addTask { [engine] in
                await code {
                    _ = try await engine.write { scope in
                        try scope.run(Notes.insert, [.integer(2), .null])
                        _ = try? scope.run(Notes.insert, [.integer(3), .text(large)])
                        #expect(throws: SQLError.self) { try scope.run(Notes.insert, [.integer(4), .null]) }
                    }
                }
            }
            await waitForWaiting(1)
            group.addTask { [engine] in await code { try await engine.insert(5) } }
            await waitForWaiting(2)
        }
        #expect(outcomes.contains(.storageFull))
        let ids = try await engine.ids()
        #expect(Set(ids).isDisjoint(with: [2, 3, 4]))
        // A neighbour was kept and told so, or undone and told so.
        #expect(ids.contains(5) == outcomes.contains(nil))
    }

    @Test func moreThanTheQueueHoldsIsRefused() async throws {
        let outcomes = await whileWriterStandsStill { group in
            for id in 1...SQLiteLimits.writesWaitingMax {
                group.addTask { [engine] in await code { try await engine.insert(Int64(id)) } }
            }
            await waitForWaiting(SQLiteLimits.writesWaitingMax)
            #expect(await code { try await engine.insert(0) } == .busy)
        }
        #expect(outcomes.allSatisfy { $0 == nil })
        #expect(try await engine.ids().count == SQLiteLimits.writesWaitingMax)
        #expect(engine.statistics.batchWritesMax <= SQLiteLimits.batchWritesMax)
    }

    @Test func closingFinishesWritesThatWait() async throws {
        let place = try Place()
        let engine = try SQLiteEngine(path: place.database)
        try engine.migrate([notes])
        let roadblock = Roadblock()
        let blocker = Task { try await engine.write { _ in roadblock.hold() } }
        await roadblock.waitUntilReached()
        let writes = (1...10).map { id in Task { await code { try await engine.insert(Int64(id)) } } }
        while engine.statistics.writesWaiting < 10 { await Task.yield() }
        let closing = Task {
            await withCheckedContinuation { continuation in
                DispatchQueue.global().async { continuation.resume(returning: Result { try engine.close() }) }
            }
        }
        roadblock.open()
        try await closing.value.get()
        try await blocker.value
        for write in writes { #expect(await write.value == nil) }
        #expect(await code { try await engine.insert(11) } == .closed)
        #expect(await code { _ = try await engine.ids() } == .closed)
        #expect(await code { _ = try await engine.scan { _ in } } == .closed)
        #expect(place.bytes("-wal") == 0)
        let reopened = try SQLiteEngine(path: place.database)
        #expect(try await reopened.ids() == Array(1...10))
        try reopened.close()
    }
}
