// SPDX-License-Identifier: Apache-2.0

/// Answers that a broken or malicious server may give. An adapter must read each into a clean value or a
/// typed error.
public enum HostileAnswers {
    /// Texts that a title, name or status may hold.
    public static let texts: [String] = [
        "", " ", "\u{1B}[31mred\u{1B}[0m", "\u{1B}]0;window title\u{07}x", "\u{9B}31mred", "a\u{0}b",
        "a\r\nb\tc",
        "\u{202E}gnp.exe", "\u{2066}x\u{2069}", "\u{200B}\u{FEFF}", "\u{E0041}\u{E0042}",
        "\u{1F469}\u{200D}\u{1F680}",
        "e\u{301}", String(repeating: "x", count: 5_000), String(repeating: "\u{301}", count: 2_000),
        "<script>alert(1)</script>", "javascript:alert(1)", "{{7*7}}", "${jndi:ldap://x}", "' OR 1=1 --",
        "%00%0a",
    ]

    /// JSON values that may stand where another type was promised.
    public static let values: [String] = [
        "null", "true", "false", "0", "-1", "1e400", "99999999999999999999", "1.5", "\"\"", "\"text\"", "[]",
        "{}",
        "[[]]", "{\"id\":null}", "\"\\ud800\"", "[null]",
    ]

    /// Whole bodies that are no such answer at all.
    public static let bodies: [[UInt8]] = [
        [], Array(" ".utf8), Array("null".utf8), Array("[]".utf8), Array("{}".utf8), Array("\"".utf8),
        Array("{".utf8),
        Array("<html><body>Login</body></html>".utf8), [0xFF, 0xFE, 0x00], [0xEF, 0xBB, 0xBF, 0x7B, 0x7D],
        Array(repeating: UInt8(ascii: "["), count: 100_000),
        Array(repeating: UInt8(ascii: "{"), count: 100_000),
        Array((String(repeating: "{\"a\":", count: 5_000) + "1" + String(repeating: "}", count: 5_000)).utf8),
        Array("{\"issue\":\"x\",\"issues\":1,\"user\":[]}".utf8), Array("NaN".utf8),
    ]

    /// Variations of a good answer: cut at every step, and with each value in turn replaced by every other
    /// kind.
    public static func variations(of body: [UInt8]) -> [[UInt8]] {
        let stride = max(1, body.count / 64)
        var variations = Swift.stride(from: 0, to: body.count, by: stride).map { Array(body[..<$0]) }
        for range in valueRanges(in: body) {
            for value in values {
                variations.append(body[..<range.lowerBound] + Array(value.utf8) + body[range.upperBound...])
            }
            for text in texts {
                variations.append(body[..<range.lowerBound] + quoted(text) + body[range.upperBound...])
            }
        }
        return variations
    }

    /// Where the plain values behind colons stand: numbers, words and strings without escapes.
    private static func valueRanges(in body: [UInt8]) -> [Range<Int>] {
        var ranges = [Range<Int>]()
        for index in body.indices.dropLast() where body[index] == UInt8(ascii: ":") {
            let start = index + 1
            if body[start] == UInt8(ascii: "\"") {
                guard let end = body[(start + 1)...].firstIndex(of: UInt8(ascii: "\"")) else { continue }
                ranges.append(start..<(end + 1))
            } else if body[start] != UInt8(ascii: "{"), body[start] != UInt8(ascii: "[") {
                let end = body[start...].firstIndex { ",}]".utf8.contains($0) } ?? body.endIndex
                ranges.append(start..<end)
            }
        }
        return ranges
    }

    private static func quoted(_ text: String) -> [UInt8] {
        var bytes = [UInt8(ascii: "\"")]
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0..<0x20:
                bytes += Array("\\u00".utf8) + [hexDigit(byte >> 4), hexDigit(byte & 15)]
            default: bytes.append(byte)
            }
        }
        return bytes + [UInt8(ascii: "\"")]
    }

    private static func hexDigit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
    }
}
