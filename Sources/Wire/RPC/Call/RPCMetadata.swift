// SPDX-License-Identifier: Apache-2.0

/// Names and values that travel beside a request: `authorization`, `traceparent`, `x-request-id` and the
/// like.
///
/// Order is kept and names may repeat. Names are compared without case, so they are kept in lower case: one
/// of the stock clients sends them as its user typed them.
public struct RPCMetadata: Sendable, Hashable {
    /// One name with one value.
    public struct Entry: Sendable, Hashable {
        /// The name, in lower case.
        public let key: String
        /// The value, as sent.
        public let value: String
    }

    /// All entries, in the order they were sent.
    public private(set) var entries: [Entry] = []

    /// Creates empty metadata.
    public init() {}

    /// Creates metadata from pairs.
    public init(_ pairs: KeyValuePairs<String, String>) {
        for (key, value) in pairs { append(key, value) }
    }

    /// Adds an entry at the end.
    public mutating func append(_ key: String, _ value: String) {
        entries.append(Entry(key: key.isLowercaseASCII ? key : key.lowercased(), value: value))
    }

    /// Replaces all entries of a name by one.
    public mutating func set(_ key: String, _ value: String) {
        let name = key.lowercased()
        entries.removeAll { $0.key == name }
        entries.append(Entry(key: name, value: value))
    }

    /// The first value of a name. `key` is given in lower case.
    public subscript(key: String) -> String? {
        entries.first { $0.key == key }?.value
    }

    /// All values of a name, in order. `key` is given in lower case.
    public func values(_ key: String) -> [String] {
        entries.compactMap { $0.key == key ? $0.value : nil }
    }

    /// Whether there is nothing.
    public var isEmpty: Bool { entries.isEmpty }

    /// Bytes of all names and values.
    public var byteCount: Int {
        entries.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
    }
}

extension RPCMetadata: ExpressibleByDictionaryLiteral {
    /// Creates metadata from a literal, in its order.
    public init(dictionaryLiteral elements: (String, String)...) {
        for (key, value) in elements { append(key, value) }
    }
}

extension String {
    /// Whether `lowercased()` would change nothing and need not be called.
    fileprivate var isLowercaseASCII: Bool {
        utf8.allSatisfy { $0 < 0x80 && !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    }
}
