// SPDX-License-Identifier: Apache-2.0

/// A value on its way into a statement. Rows are read column by column through ``SQLRow`` instead.
public enum SQLValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])

    /// A number, or null.
    public init(_ number: Int64?) {
        self = number.map { .integer($0) } ?? .null
    }

    /// A text, or null.
    public init(_ text: String?) {
        self = text.map { .text($0) } ?? .null
    }

    /// 1 or 0: the engines share no boolean type.
    public init(_ flag: Bool) {
        self = .integer(flag ? 1 : 0)
    }
}
