// SPDX-License-Identifier: Apache-2.0

/// Where a tracker posts to: `/webhooks/{source id}`, or `/webhooks/{source id}/{secret}` for those that can
/// send the secret in no other way.
public struct WebhookRoute: Sendable, Hashable {
    public let sourceID: String
    /// Empty when the path has no such part.
    public let secret: String

    /// Reads a path; nil when it is another one.
    public init?(path: String) {
        guard path.utf8.count <= GatewayLimits.pathBytesMax else { return nil }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        guard (2...3).contains(parts.count), parts.first == "webhooks",
            let sourceID = Self.text(parts[parts.startIndex + 1]),
            let secret = parts.count == 3 ? Self.text(parts[parts.startIndex + 2]) : ""
        else { return nil }
        self.sourceID = sourceID
        self.secret = secret
    }

    /// The path of a source's webhook.
    /// - Parameter secret: what to append; empty = nothing.
    public static func path(sourceID: String, secret: String = "") -> String {
        let parts = ["webhooks", sourceID] + (secret.isEmpty ? [] : [secret])
        return parts.map { "/" + escaped($0) }.joined()
    }

    /// Takes percent-encoding off; nil when nothing is left, or what is left is no text.
    private static func text(_ part: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = part.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, digits.allSatisfy(isHexDigit),
                let value = UInt8(String(decoding: Array(digits), as: UTF8.self), radix: 16)
            else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return bytes.isEmpty ? nil : String(validating: bytes, as: UTF8.self)
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }

    /// Escapes all but the unreserved characters (RFC 3986, 2.3).
    private static func escaped(_ part: String) -> String {
        part.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                String(UnicodeScalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}
