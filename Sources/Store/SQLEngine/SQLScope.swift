// SPDX-License-Identifier: Apache-2.0

/// Runs statements on one connection. An engine's connection implements it.
public protocol SQLExecutor: AnyObject {
    /// Runs a statement and hands over each row until `row` answers false.
    func query(
        _ statement: SQLStatement, _ values: [SQLValue], row: (inout SQLRow) throws(SQLError) -> Bool
    ) throws(SQLError)

    /// Runs a statement that answers no rows.
    /// - Returns: how many rows it changed.
    func run(_ statement: SQLStatement, _ values: [SQLValue]) throws(SQLError) -> Int
}

/// One open read snapshot or write transaction.
///
/// It works only until the closure that received it returns: the engine then ends it, and every later use
/// throws ``SQLError/Code-swift.enum/misuse``. It is not `Sendable`, so it cannot leave the thread of that
/// closure either.
public final class SQLScope {
    private var executor: (any SQLExecutor)?

    /// Opens a scope on a connection. For engines.
    public init(_ executor: any SQLExecutor) {
        self.executor = executor
    }

    /// Ends the scope. For engines.
    public func end() {
        executor = nil
    }

    private func open() throws(SQLError) -> any SQLExecutor {
        guard let executor else {
            throw SQLError(.misuse, "a transaction was used after its closure returned")
        }
        return executor
    }

    /// Runs a statement and decodes every row.
    public func all<Value>(
        _ statement: SQLStatement, _ values: [SQLValue], _ decode: (inout SQLRow) throws(SQLError) -> Value
    ) throws(SQLError) -> [Value] {
        var decoded = [Value]()
        try open().query(statement, values) { (row: inout SQLRow) throws(SQLError) in
            decoded.append(try decode(&row))
            return true
        }
        return decoded
    }

    /// Runs a statement and decodes the first row, if there is one.
    public func first<Value>(
        _ statement: SQLStatement, _ values: [SQLValue], _ decode: (inout SQLRow) throws(SQLError) -> Value
    ) throws(SQLError) -> Value? {
        var decoded: Value?
        try open().query(statement, values) { (row: inout SQLRow) throws(SQLError) in
            decoded = try decode(&row)
            return false
        }
        return decoded
    }

    /// Runs a statement and hands over each row until `row` answers false; nothing is collected.
    public func each(
        _ statement: SQLStatement, _ values: [SQLValue], _ row: (inout SQLRow) throws(SQLError) -> Bool
    ) throws(SQLError) {
        try open().query(statement, values, row: row)
    }

    /// Runs a statement that answers no rows.
    /// - Returns: how many rows it changed.
    @discardableResult
    public func run(_ statement: SQLStatement, _ values: [SQLValue]) throws(SQLError) -> Int {
        try open().run(statement, values)
    }
}
