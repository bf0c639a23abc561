// SPDX-License-Identifier: Apache-2.0

/// Base64 with padding (RFC 4648, 4), read strictly: one text for each byte string and no other.
enum Base64Strict {
    /// Reads text; nil when it is not the one text of its bytes.
    static func bytes(_ text: some Collection<UInt8>) -> [UInt8]? {
        guard text.count.isMultiple(of: 4) else { return nil }
        let padding = text.suffix(2).count { $0 == UInt8(ascii: "=") }
        let digits = text.dropLast(padding)
        // The two alphabets differ in two characters only.
        var translated = [UInt8]()
        translated.reserveCapacity(digits.count)
        for digit in digits {
            switch digit {
            case UInt8(ascii: "+"): translated.append(UInt8(ascii: "-"))
            case UInt8(ascii: "/"): translated.append(UInt8(ascii: "_"))
            case UInt8(ascii: "-"), UInt8(ascii: "_"): return nil
            default: translated.append(digit)
            }
        }
        return Base64URL.bytes(translated)
    }
}
