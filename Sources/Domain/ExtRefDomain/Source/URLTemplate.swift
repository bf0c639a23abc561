// SPDX-License-Identifier: Apache-2.0

/// A URL with the placeholders `{baseUrl}` and `{key}`.
///
/// The result always starts with the base URL or with `http(s)://`, and every byte of the key that is not
/// unreserved or `/` is percent-encoded, so that a key cannot reach the query or fragment. A key with `.` or
/// `..` for a segment is no key of any tracker: adapters refuse it before it comes here, since no encoding
/// would disarm it.
public struct URLTemplate: Sendable, Hashable {
    public let text: String

    /// Parses a template.
    /// - Parameter requiresKey: whether `{key}` must occur; a create URL has none.
    /// - Throws: a sentence that says what is wrong with it.
    public init(_ text: String, requiresKey: Bool) throws(TemplateFault) {
        guard text.utf8.count <= DomainLimits.urlBytesMax else {
            throw TemplateFault("is longer than 2,048 bytes")
        }
        guard text.hasPrefix("{baseUrl}") || text.hasPrefix("https://") || text.hasPrefix("http://") else {
            throw TemplateFault("must start with {baseUrl}, https:// or http://")
        }
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }) else {
            throw TemplateFault("may hold visible ASCII characters only")
        }
        let rest = text.replacing("{baseUrl}", with: "").replacing("{key}", with: "")
        guard !rest.contains("{"), !rest.contains("}") else {
            throw TemplateFault("knows the placeholders {baseUrl} and {key} only")
        }
        let keys = text.ranges(of: "{key}").count
        guard keys == 1 || (!requiresKey && keys == 0) else {
            throw TemplateFault("must hold {key} exactly once")
        }
        self.text = text
    }

    /// Fills the placeholders in.
    public func expand(baseURL: String, key: String) -> String {
        text.replacing("{baseUrl}", with: baseURL).replacing("{key}", with: Self.encode(key))
    }

    /// Percent-encodes all but the unreserved characters, `/` included.
    static func encodeSegment(_ text: String) -> String { encode(text).replacing("/", with: "%2F") }

    /// Percent-encodes all but the unreserved characters of RFC 3986 and `/`.
    static func encode(_ key: String) -> String {
        var bytes = [UInt8]()
        for byte in key.utf8 {
            if isUnreserved(byte) || byte == UInt8(ascii: "/") {
                bytes.append(byte)
            } else {
                bytes.append(UInt8(ascii: "%"))
                bytes.append(contentsOf: [hexDigit(byte >> 4), hexDigit(byte & 15)])
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    private static func hexDigit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "A") + nibble - 10
    }
}

/// What is wrong with a template, as the end of a sentence that starts with the field's name.
public struct TemplateFault: Error, Sendable, Hashable {
    public let description: String
    init(_ description: String) { self.description = description }
}
