// SPDX-License-Identifier: Apache-2.0

/// The few places where the engines' SQL differs. Statements name them by token, and the engine fills them in
/// when it prepares a statement:
///
/// | token | meaning |
/// | --- | --- |
/// | `{INT}` | the type of a 64-bit number |
/// | `{BLOB}` | the type of bytes |
/// | `{TABLE}` | what follows the closing bracket of a table that is stored in the order of its primary key |
/// | `{LIST $n} x` | a row source x with one text column `value`: the elements of a JSON array of strings |
/// | `{APPEND ONLY t}` | statements after which no row of table t can be updated or deleted |
public struct Dialect: Sendable {
    /// The engine's name, for messages.
    public let name: String
    private let integerType: String
    private let bytesType: String
    private let tableSuffix: String
    private let list: @Sendable (_ parameter: String) -> String
    private let appendOnly: @Sendable (_ table: String) -> String

    /// Describes an engine's dialect.
    public init(
        name: String, integerType: String, bytesType: String, tableSuffix: String,
        list: @escaping @Sendable (_ parameter: String) -> String,
        appendOnly: @escaping @Sendable (_ table: String) -> String
    ) {
        self.name = name
        self.integerType = integerType
        self.bytesType = bytesType
        self.tableSuffix = tableSuffix
        self.list = list
        self.appendOnly = appendOnly
    }

    /// Fills in the tokens of a statement.
    public func render(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "{")) else { return text }
        var rendered = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            rendered += rest[..<open]
            rendered += expansion(of: rest[rest.index(after: open)..<close])
            rest = rest[rest.index(after: close)...]
        }
        return rendered + rest
    }

    private func expansion(of token: Substring) -> String {
        if token == "INT" { return integerType }
        if token == "BLOB" { return bytesType }
        if token == "TABLE" { return tableSuffix }
        if token.hasPrefix("LIST ") { return list(String(token.dropFirst("LIST ".count))) }
        if token.hasPrefix("APPEND ONLY ") {
            return appendOnly(String(token.dropFirst("APPEND ONLY ".count)))
        }
        preconditionFailure("unknown dialect token {\(token)}")
    }
}
