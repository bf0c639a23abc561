// SPDX-License-Identifier: Apache-2.0

internal import ExtRefDomain
internal import SQLEngine

/// Runs the statements of one tenant: `$1` of every statement is the tenant's id, whatever else it binds.
struct TenantSQL {
    let tenantID: TenantID
    let scope: SQLScope
    let notes: WriteNotes

    private func bound(_ values: [SQLValue]) -> [SQLValue] {
        var bound: [SQLValue] = [.text(tenantID.rawValue)]
        bound.append(contentsOf: values)
        return bound
    }

    /// Decodes every row.
    func all<Value>(
        _ statement: SQLStatement, _ values: [SQLValue] = [],
        _ decode: (inout SQLRow) throws(SQLError) -> Value
    ) throws(StoreError) -> [Value] {
        do { return try scope.all(statement, bound(values), decode) } catch { throw StoreError(error) }
    }

    /// Decodes the first row, if there is one.
    func first<Value>(
        _ statement: SQLStatement, _ values: [SQLValue] = [],
        _ decode: (inout SQLRow) throws(SQLError) -> Value
    ) throws(StoreError) -> Value? {
        do { return try scope.first(statement, bound(values), decode) } catch { throw StoreError(error) }
    }

    /// Looks at every row until `row` answers false.
    func each(
        _ statement: SQLStatement, _ values: [SQLValue] = [],
        _ row: (inout SQLRow) throws(SQLError) -> Bool
    ) throws(StoreError) {
        do { try scope.each(statement, bound(values), row) } catch { throw StoreError(error) }
    }

    /// Runs a statement that answers no rows.
    /// - Returns: how many rows it changed.
    @discardableResult
    func run(_ statement: SQLStatement, _ values: [SQLValue] = []) throws(StoreError) -> Int {
        do { return try scope.run(statement, bound(values)) } catch { throw StoreError(error) }
    }

    /// Runs a statement once for each row of values.
    func run(_ statement: SQLStatement, rows: some Sequence<[SQLValue]>) throws(StoreError) {
        for values in rows { try run(statement, values) }
    }
}

/// What a transaction leaves for the store to remember.
final class WriteNotes {
    /// The last number it took in the change feed.
    var lastSequence: Int64?
    /// The configuration's version as last seen or made.
    var configurationVersion: Int64?
    /// When the earliest job that it added is due.
    var jobDueAt: Timestamp?
}
