// SPDX-License-Identifier: Apache-2.0

/// The columns of the row a cursor stands on, by position from 0. An engine's cursor implements it.
public protocol SQLColumns: AnyObject {
    func isNull(_ column: Int) -> Bool
    func integer(_ column: Int) -> Int64
    func real(_ column: Int) -> Double
    func text(_ column: Int) -> String
    func blob(_ column: Int) -> [UInt8]
}

/// One row of an answer, read from left to right: each call takes the next column.
///
/// It is valid only inside the closure that received it, and it cannot be copied out of there.
public struct SQLRow: ~Copyable {
    private let columns: any SQLColumns
    private var next = 0

    /// Looks at the row a cursor stands on. For engines.
    public init(_ columns: any SQLColumns) {
        self.columns = columns
    }

    private mutating func advance() -> Int {
        defer { next += 1 }
        return next
    }

    /// Passes over columns that are not wanted.
    public mutating func skip(_ count: Int) {
        next += count
    }

    /// Whether the next column is null; does not take it.
    public var isNextNull: Bool { columns.isNull(next) }

    /// A number; 0 where the column is null.
    public mutating func integer() -> Int64 { columns.integer(advance()) }

    /// A number, or nil where the column is null.
    public mutating func optionalInteger() -> Int64? {
        let column = advance()
        return columns.isNull(column) ? nil : columns.integer(column)
    }

    /// Whether a number is not 0.
    public mutating func flag() -> Bool { integer() != 0 }

    /// A fraction; 0 where the column is null.
    public mutating func real() -> Double { columns.real(advance()) }

    /// A text; empty where the column is null.
    public mutating func text() -> String { columns.text(advance()) }

    /// A text, or nil where the column is null.
    public mutating func optionalText() -> String? {
        let column = advance()
        return columns.isNull(column) ? nil : columns.text(column)
    }

    /// Bytes; empty where the column is null.
    public mutating func blob() -> [UInt8] { columns.blob(advance()) }
}
