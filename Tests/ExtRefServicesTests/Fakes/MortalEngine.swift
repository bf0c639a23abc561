// SPDX-License-Identifier: Apache-2.0

import SQLEngine
import Synchronization

/// An engine that can be cut off from one moment to the next, as when the process dies: what was written
/// stays, and nothing is written any more.
final class MortalEngine: StorageEngine {
    private let engine: any StorageEngine
    private let isDead = Atomic(false)

    init(_ engine: any StorageEngine) { self.engine = engine }

    func die() { isDead.store(true, ordering: .sequentiallyConsistent) }
    func revive() { isDead.store(false, ordering: .sequentiallyConsistent) }

    var dialect: Dialect { engine.dialect }
    var isSoleWriter: Bool { engine.isSoleWriter }
    var statistics: SQLStatistics { engine.statistics }

    func migrate(_ migrations: [SQLMigration]) throws(SQLError) { try engine.migrate(migrations) }

    func read<Value>(_ body: (SQLScope) throws -> Value) async throws -> Value {
        try live()
        return try await engine.read(body)
    }

    func scan<Value: Sendable>(_ body: @escaping @Sendable (SQLScope) throws -> Value) async throws -> Value {
        try live()
        return try await engine.scan(body)
    }

    func write<Value: Sendable>(_ body: @escaping @Sendable (SQLScope) throws -> Value) async throws -> Value
    {
        try live()
        return try await engine.write(body)
    }

    func close() throws(SQLError) { try engine.close() }

    private func live() throws {
        if isDead.load(ordering: .sequentiallyConsistent) { throw SQLError(.closed, "dead") }
    }
}
