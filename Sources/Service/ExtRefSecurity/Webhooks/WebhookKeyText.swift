// SPDX-License-Identifier: Apache-2.0

/// How a random webhook secret is written.
public enum WebhookKeyText {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// As Standard Webhooks writes keys: `whsec_` and base64.
    public static func standard(_ bytes: [UInt8]) -> Secret { Secret("whsec_" + base64(bytes)) }

    /// Base64 with padding (RFC 4648, 4).
    static func base64(_ bytes: [UInt8]) -> String {
        var text = [UInt8]()
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            let digits = [18, 12, 6, 0].map { alphabet[Int(bits >> UInt32($0)) & 63] }
            text += digits.prefix(group.count + 1)
            text += [UInt8](repeating: UInt8(ascii: "="), count: 3 - group.count)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Two lower-case digits a byte: fits into any form, field and path.
    public static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
