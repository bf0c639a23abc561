// SPDX-License-Identifier: Apache-2.0

internal import GRDB
internal import GRDBSQLite
internal import SQLEngine

/// One connection with the statements it keeps prepared, a deadline for reads and the size of its log.
/// Used only on its queue, see ``ConnectionQueue``.
final class SQLiteConnection {
    private let database: Database
    private let dialect: Dialect
    private let statementPrepared: (@Sendable (String) -> Void)?
    private var permanent: [ObjectIdentifier: PreparedStatement] = [:]
    private var composed: [String: PreparedStatement] = [:]
    private let gauges: Gauges
    /// What went wrong last.
    private(set) var lastFailure: SQLError?

    init(_ database: Database, dialect: Dialect, statementPrepared: (@Sendable (String) -> Void)?) {
        self.database = database
        self.dialect = dialect
        self.statementPrepared = statementPrepared
        gauges = Gauges()
        gauges.watch(database)
    }

    /// Whether no transaction is open. SQLite ends one by itself after some failures, such as a full disk.
    var isOutsideTransaction: Bool {
        unsafe database.sqliteConnection.map { unsafe sqlite3_get_autocommit($0) != 0 } ?? true
    }

    /// Pages in the log after the last commit of this connection.
    var logPages: Int { gauges.logPages }

    /// Runs a whole script, for migrations and settings.
    func execute(script: String) throws(SQLError) {
        do { try database.execute(sql: dialect.render(script)) } catch { throw SQLError(error) }
    }

    /// Stops the statements of this connection once the time has come; nil = never.
    func setDeadline(_ deadline: ContinuousClock.Instant?) {
        gauges.deadline = deadline
    }

    /// How far a checkpoint goes.
    enum CheckpointMode {
        /// Copies what no reader stands in the way of, and waits for nobody.
        case passive
        /// Waits for readers as long as given, copies everything and cuts the log to nothing.
        case truncate(wait: Duration)
    }

    /// Copies the log into the database file.
    /// - Returns: whether it went all the way.
    func checkpoint(_ mode: CheckpointMode) -> Bool {
        let connection = unsafe database.sqliteConnection
        var logPages: Int32 = 0
        var copiedPages: Int32 = 0
        let code: Int32
        switch mode {
        case .passive:
            code = unsafe sqlite3_wal_checkpoint_v2(
                connection, nil, SQLITE_CHECKPOINT_PASSIVE, &logPages, &copiedPages)
        case .truncate(let wait):
            unsafe sqlite3_busy_timeout(connection, wait.wholeMilliseconds)
            code = unsafe sqlite3_wal_checkpoint_v2(
                connection, nil, SQLITE_CHECKPOINT_TRUNCATE, &logPages, &copiedPages)
            unsafe sqlite3_busy_timeout(connection, SQLiteLimits.lockWait.wholeMilliseconds)
            if code == SQLITE_OK { gauges.logPages = 0 }
        }
        return code == SQLITE_OK && logPages == copiedPages
    }

    /// Frees all statements; the connection can be closed then.
    func forgetStatements() {
        permanent.removeAll()
        composed.removeAll()
        gauges.unwatch(database)
    }
}

extension SQLiteConnection: SQLExecutor {
    func query(
        _ statement: SQLStatement, _ values: [SQLValue], row: (inout SQLRow) throws(SQLError) -> Bool
    ) throws(SQLError) {
        try requireTransaction()
        try rows(of: statement, values, row)
    }

    func run(_ statement: SQLStatement, _ values: [SQLValue]) throws(SQLError) -> Int {
        try requireTransaction()
        try rows(of: statement, values) { (_: inout SQLRow) in true }
        return unsafe Int(sqlite3_changes(database.sqliteConnection))
    }

    /// SQLite ends a transaction by itself when the disk is full, for example. A closure that goes on after
    /// such a failure would from then on write without one.
    private func requireTransaction() throws(SQLError) {
        guard isOutsideTransaction else { return }
        throw lastFailure ?? SQLError(.misuse, "a statement ran outside a transaction")
    }

    /// Begins, ends or marks a transaction.
    func control(_ statement: SQLStatement) throws(SQLError) {
        try rows(of: statement, []) { (_: inout SQLRow) in true }
    }

    /// Runs a statement, inside a transaction or not.
    func rows(
        of statement: SQLStatement, _ values: [SQLValue], _ row: (inout SQLRow) throws(SQLError) -> Bool
    ) throws(SQLError) {
        do {
            let prepared = try prepared(statement)
            try prepared.start(values)
            defer { prepared.reset() }
            while try prepared.step() {
                var current = SQLRow(prepared)
                if try row(&current) { continue }
                // A writing statement checks its foreign keys at its end, so it is led there.
                if !prepared.isReadOnly { while try prepared.step() {} }
                return
            }
        } catch {
            lastFailure = error
            throw error
        }
    }

    private func prepared(_ statement: SQLStatement) throws(SQLError) -> PreparedStatement {
        let known = statement.isPermanent ? permanent[ObjectIdentifier(statement)] : composed[statement.text]
        if let known, !known.isInUse { return known }
        let fresh = try prepare(statement.text)
        if known == nil { keep(fresh, for: statement) }
        return fresh
    }

    private func prepare(_ text: String) throws(SQLError) -> PreparedStatement {
        let rendered = dialect.render(text)
        statementPrepared?(rendered)
        do {
            return PreparedStatement(try database.makeStatement(sql: rendered), text: text)
        } catch {
            throw SQLError(error)
        }
    }

    private func keep(_ prepared: PreparedStatement, for statement: SQLStatement) {
        if statement.isPermanent {
            permanent[ObjectIdentifier(statement)] = prepared
        } else {
            if composed.count >= SQLiteLimits.composedStatementsMax { composed.removeAll() }
            composed[statement.text] = prepared
        }
    }
}

extension Duration {
    /// Whole milliseconds, for SQLite's own timers.
    fileprivate var wholeMilliseconds: Int32 {
        Int32(clamping: components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000)
    }
}
