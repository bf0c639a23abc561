// SPDX-License-Identifier: Apache-2.0

public import SQLEngine
internal import Synchronization

/// A database in memory that does everything at once on the caller's thread: the schema and the SQL of
/// ``SQLiteEngine`` without its threads, its files and its group commit. For simulations, whose order of
/// events must not depend on the machine.
public final class SQLiteMemoryEngine: StorageEngine {
    private let connection: ConnectionQueue
    private let counted = Mutex(SQLStatistics())
    /// Whether everything happens inside one transaction that is never committed.
    private let isMarked = Mutex(false)

    public var dialect: Dialect { .sqlite }
    public var isSoleWriter: Bool { true }
    public var statistics: SQLStatistics { counted.withLock(\.self) }

    /// Makes an empty database.
    public init() throws(SQLError) {
        connection = try ConnectionQueue(.memory, path: ":memory:", dialect: .sqlite, statementPrepared: nil)
    }

    /// Makes a database that holds what another one holds now.
    public convenience init(copying other: SQLiteMemoryEngine) throws(SQLError) {
        try self.init()
        try other.connection.copy(to: connection)
    }

    public func migrate(_ migrations: [SQLMigration]) throws(SQLError) {
        do { try connection.sync { try $0.migrate(migrations) } } catch { throw SQLError(error) }
    }

    public func read<Value>(_ body: (SQLScope) throws -> Value) async throws -> Value {
        try transact(keeping: false, body)
    }

    public func scan<Value: Sendable>(
        _ body: @escaping @Sendable (SQLScope) throws -> Value
    ) async throws -> Value {
        try transact(keeping: false, body)
    }

    public func write<Value: Sendable>(
        _ body: @escaping @Sendable (SQLScope) throws -> Value
    ) async throws -> Value {
        do {
            let value = try transact(keeping: true, body)
            counted.withLock { counted in
                counted.writes += 1
                counted.commits += 1
                counted.batchWritesMax = 1
            }
            return value
        } catch {
            counted.withLock { $0.rollbacks += 1 }
            throw error
        }
    }

    /// Remembers what the database holds now, for ``rewind()``.
    public func mark() throws(SQLError) {
        do { try connection.sync { try $0.control(Control.begin) } } catch { throw SQLError(error) }
        isMarked.withLock { $0 = true }
    }

    /// Goes back to what the database held at the mark. Its statements stay prepared, which a new database's
    /// are not.
    public func rewind() throws(SQLError) {
        do {
            try connection.sync { connection in
                try connection.control(Control.rollback)
                try connection.control(Control.begin)
            }
        } catch {
            throw SQLError(error)
        }
    }

    private func transact<Value>(
        keeping isKept: Bool, _ body: (SQLScope) throws -> Value
    ) throws -> Value {
        let isMarked = isMarked.withLock(\.self)
        return try connection.sync { connection in
            try connection.control(isMarked ? Control.savepoint : Control.beginRead)
            let scope = SQLScope(connection)
            let result = Result { try body(scope) }
            scope.end()
            if case .success = result, isKept {
                try connection.control(isMarked ? Control.release : Control.commit)
            } else if isMarked {
                try connection.control(Control.rollbackToSavepoint)
                try connection.control(Control.release)
            } else if !connection.isOutsideTransaction {
                try connection.control(Control.rollback)
            }
            return try result.get()
        }
    }

    public func close() throws(SQLError) { try connection.close() }
}
