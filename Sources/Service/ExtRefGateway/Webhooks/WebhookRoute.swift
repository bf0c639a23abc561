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

    private static func text(_ part: Substring) -> String? {
        PercentText.decoded(part).flatMap { $0.isEmpty ? nil : $0 }
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
