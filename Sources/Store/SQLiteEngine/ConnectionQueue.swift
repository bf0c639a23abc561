// SPDX-License-Identifier: Apache-2.0

private import CSQLiteSettings
internal import Foundation
internal import GRDB
internal import SQLEngine

/// One connection behind its serial queue: whoever holds the queue has the connection to itself.
///
/// Unchecked: `connection` and `isClosed` are not locked, but they are touched inside blocks of `queue` only,
/// which run one at a time.
final class ConnectionQueue: @unchecked Sendable {
    private let queue: DatabaseQueue
    private let dialect: Dialect
    private let statementPrepared: (@Sendable (String) -> Void)?
    private var connection: SQLiteConnection?
    private var isClosed = false

    /// What the connection is for.
    enum Role {
        case writer, reader
        /// The only one, of a database that has no file.
        case memory
    }

    init(
        _ role: Role, path: String, dialect: Dialect, statementPrepared: (@Sendable (String) -> Void)?
    ) throws(SQLError) {
        self.dialect = dialect
        self.statementPrepared = statementPrepared
        _ = Self.librarySettings
        do {
            queue = try DatabaseQueue(path: path, configuration: Self.configuration(role))
        } catch {
            throw SQLError(error)
        }
    }

    /// What holds for all connections of the process, set once before the first: without it, connections wait
    /// for each other at every piece of memory. A process that used SQLite before goes on as it was.
    private static let librarySettings: Void = { _ = extref_sqlite_count_no_memory() }()

    private static func configuration(_ role: Role) -> Configuration {
        var configuration = Configuration()
        configuration.label = "extref.store.\(role)"
        configuration.readonly = role == .reader
        configuration.qos = .userInitiated
        // A mark of a database in memory is a transaction that stays open.
        configuration.allowsUnsafeTransactions = role == .memory
        configuration.busyMode = .timeout(Double(SQLiteLimits.lockWait.components.seconds))
        configuration.prepareDatabase { database in
            for setting in settings(role) { try database.execute(sql: "PRAGMA " + setting) }
        }
        return configuration
    }

    private static func settings(_ role: Role) -> [String] {
        switch role {
        case .writer:
            [
                "page_size = \(SQLiteLimits.pageBytes)", "journal_mode = WAL", "synchronous = FULL",
                "wal_autocheckpoint = 0", "cache_size = -\(SQLiteLimits.writerCacheKiB)", "mmap_size = 0",
                "temp_store = MEMORY", "trusted_schema = OFF", "cell_size_check = ON",
            ]
        case .reader:
            [
                "query_only = ON", "wal_autocheckpoint = 0", "cache_size = -\(SQLiteLimits.readerCacheKiB)",
                "mmap_size = 0", "temp_store = MEMORY", "trusted_schema = OFF", "cell_size_check = ON",
            ]
        case .memory:
            ["temp_store = MEMORY", "trusted_schema = OFF", "cell_size_check = ON"]
        }
    }

    private func connection(_ database: Database) throws(SQLError) -> SQLiteConnection {
        if isClosed { throw SQLError(.closed, "the store is closed") }
        if let connection { return connection }
        let fresh = SQLiteConnection(database, dialect: dialect, statementPrepared: statementPrepared)
        connection = fresh
        return fresh
    }

    /// Runs a block now, on this thread, as soon as the connection is free.
    /// - Throws: `closed`, or what the block threw.
    func sync<Value>(_ body: (SQLiteConnection) throws -> Value) throws -> Value {
        try queue.unsafeRead { try body(connection($0)) }
    }

    /// Runs a block on the queue's own thread, after those already waiting.
    /// - Parameter body: gets the connection, or `closed`.
    func async(_ body: @escaping @Sendable (Result<SQLiteConnection, SQLError>) -> Void) {
        queue.asyncWriteWithoutTransaction { [self] database in
            body(Result { () throws(SQLError) in try connection(database) })
        }
    }

    /// Copies the whole database into another one.
    func copy(to other: ConnectionQueue) throws(SQLError) {
        do { try queue.backup(to: other.queue) } catch { throw SQLError(error) }
    }

    /// Closes the connection after the blocks already waiting.
    func close() throws(SQLError) {
        queue.unsafeRead { _ in
            connection?.forgetStatements()
            connection = nil
            isClosed = true
        }
        do { try queue.close() } catch { throw SQLError(error) }
    }
}
