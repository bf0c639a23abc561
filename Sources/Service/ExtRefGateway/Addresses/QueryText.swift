// SPDX-License-Identifier: Apache-2.0

/// The query of an address, as HTML forms write it: `name=value` between `&`, `+` for a space.
/// Source: WHATWG URL, 5.1 "application/x-www-form-urlencoded parsing".
enum QueryText {
    /// Reads a query's parts in their order; empty ones say nothing.
    static func parameters(_ query: String) -> [QueryParameter] {
        query.split(separator: "&").map { part in
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = text(pair[0])
            let value = pair.count > 1 ? text(pair[1]) : ""
            return QueryParameter(name: name ?? String(pair[0]), value: name == nil ? nil : value)
        }
    }

    private static func text(_ part: Substring) -> String? {
        PercentText.decoded(part.replacing("+", with: " "))
    }
}

/// One part of an address's query.
public struct QueryParameter: Sendable, Hashable {
    /// Its name; as it came when it cannot be decoded.
    public let name: String
    /// Its value; nil when name or value cannot be decoded.
    public let value: String?

    /// Makes a part.
    public init(name: String, value: String?) {
        self.name = name
        self.value = value
    }
}
