// SPDX-License-Identifier: Apache-2.0

import ExtRefTestKit
import SQLEngine
import SQLiteEngine
import Synchronization

/// A process's way to the one database of its world: others have their turn while it writes, it fails now and
/// then, and with the process it is gone.
final class SimulatedStorage: StorageEngine {
    private let engine: SQLiteMemoryEngine
    private let isDead = Atomic(false)
    private let numbers: Mutex<SeededNumbers>
    private let fails: @Sendable () -> Bool

    /// - Parameter fails: whether a write may fail now.
    init(_ engine: SQLiteMemoryEngine, seed: UInt64, fails: @escaping @Sendable () -> Bool) {
        self.engine = engine
        numbers = Mutex(SeededNumbers(seed: seed))
        self.fails = fails
    }

    /// Cuts it off, as when the process is killed: what was committed stays.
    func die() { isDead.store(true, ordering: .sequentiallyConsistent) }

    var dialect: Dialect { engine.dialect }
    var isSoleWriter: Bool { true }
    var statistics: SQLStatistics { engine.statistics }

    func migrate(_ migrations: [SQLMigration]) throws(SQLError) { try engine.migrate(migrations) }

    func read<Value>(_ body: (SQLScope) throws -> Value) async throws -> Value {
        try requireLife()
        return try await engine.read(body)
    }

    func scan<Value: Sendable>(
        _ body: @escaping @Sendable (SQLScope) throws -> Value
    ) async throws -> Value {
        await Task.yield()
        try requireLife()
        return try await engine.scan(body)
    }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (SQLScope) throws -> Value
    ) async throws -> Value {
        await Task.yield()
        try requireLife()
        let chance = numbers.withLock { Int.random(in: 0..<40, using: &$0) }
        if chance == 0, fails() { throw SQLError(.storageFull, "simulated") }
        let value = try await engine.write(body)
        await Task.yield()
        // Killed between the commit and the word of it: the caller never knows.
        try requireLife()
        return value
    }

    func close() throws(SQLError) {}

    private func requireLife() throws(SQLError) {
        guard !isDead.load(ordering: .sequentiallyConsistent) else {
            throw SQLError(.closed, "the process was killed")
        }
    }
}
