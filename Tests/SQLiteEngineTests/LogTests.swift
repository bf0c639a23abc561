// SPDX-License-Identifier: Apache-2.0

import SQLEngine
import SQLiteEngine
import Testing

@Suite(.timeLimit(.minutes(1))) struct LogTests {
    private let kilobyte = String(repeating: "x", count: 1_024)

    private func engine(_ place: Place, softMax: Int, hardMax: Int) throws -> SQLiteEngine {
        var configuration = SQLiteConfiguration(readLanes: 1)
        configuration.scanThreads = 1
        configuration.logBytesSoftMax = softMax
        configuration.logBytesHardMax = hardMax
        configuration.readDurationMax = .milliseconds(50)
        let engine = try SQLiteEngine(path: place.database, configuration: configuration)
        try engine.migrate([notes])
        return engine
    }

    private func write(_ engine: SQLiteEngine, _ ids: ClosedRange<Int>) async throws {
        for id in ids { try await engine.insert(Int64(id), body: String(repeating: kilobyte, count: 16)) }
    }

    @Test func theLogIsCutWheneverNobodyReads() async throws {
        let place = try Place()
        let engine = try engine(place, softMax: 256 << 10, hardMax: 4 << 20)
        try await write(engine, 1...200)
        #expect(place.bytes("-wal") <= 512 << 10)
        #expect(engine.statistics.checkpoints >= 5)
        #expect(try await engine.ids().count == 200)
        try engine.close()
    }

    @Test func aReaderInTheWayOnlyDelaysTheCut() async throws {
        let place = try Place()
        let engine = try engine(place, softMax: 256 << 10, hardMax: 64 << 20)
        let roadblock = Roadblock()
        let reader = Task {
            try await engine.scan { scope in
                let count = SQLStatement(composed: "SELECT count(*) FROM notes")
                let before = try scope.first(count, []) { (row: inout SQLRow) in row.integer() }
                roadblock.hold()
                let after = try scope.first(count, []) { (row: inout SQLRow) in row.integer() }
                return (before, after)
            }
        }
        await roadblock.waitUntilReached()
        try await write(engine, 1...60)
        #expect(place.bytes("-wal") > 512 << 10)
        roadblock.open()
        // What it sees is what was there when it began.
        let (before, after) = try await reader.value
        #expect(before == 0 && after == 0)
        // The log is cut behind a commit, so the second write finds it short.
        try await write(engine, 61...62)
        #expect(place.bytes("-wal") < 256 << 10)
        try engine.close()
    }

    @Test func aLogThatIsMuchTooLongStopsNewReadsUntilItIsCut() async throws {
        let place = try Place()
        let engine = try engine(place, softMax: 128 << 10, hardMax: 512 << 10)
        let roadblock = Roadblock()
        let reader = Task {
            try await engine.scan { scope in
                let count = SQLStatement(composed: "SELECT count(*) FROM notes")
                _ = try scope.first(count, []) { (row: inout SQLRow) in row.integer() }
                roadblock.hold()
            }
        }
        await roadblock.waitUntilReached()
        let writer = Task { try await write(engine, 1...100) }
        var refusal: SQLError.Code?
        while refusal == nil { refusal = await code { _ = try await engine.ids() } }
        #expect(refusal == .busy)
        roadblock.open()
        try await reader.value
        try await writer.value
        try await write(engine, 101...101)
        #expect(place.bytes("-wal") < 512 << 10)
        while await code(of: { _ = try await engine.ids() }) == .busy { await Task.yield() }
        #expect(try await engine.ids().count == 101)
        try engine.close()
    }

    @Test func aReadThatTakesTooLongIsStopped() async throws {
        let place = try Place()
        let engine = try engine(place, softMax: 64 << 20, hardMax: 256 << 20)
        let endless =
            "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
        #expect(await code { _ = try await engine.number(endless) } == .interrupted)
        #expect(try await engine.ids() == [])
        try engine.close()
    }
}
