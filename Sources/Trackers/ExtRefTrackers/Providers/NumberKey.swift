// SPDX-License-Identifier: Apache-2.0

/// Issue numbers, which several trackers use as keys: decimal digits without leading zeros.
enum NumberKey {
    /// Most digits; no tracker's own column holds more.
    static let digitsMax = 18

    /// The number in what a person typed, `12` or `#12`; nil when it is none.
    static func canonical(_ typed: String) -> String? {
        let digits = typed.hasPrefix("#") ? typed.dropFirst() : typed[...]
        guard (1...digitsMax).contains(digits.utf8.count), digits.utf8.first != UInt8(ascii: "0"),
            digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return String(digits)
    }

    /// The number in an address or an answer, where nothing stands before it; nil when it is none.
    static func plain(_ text: String) -> String? { text.hasPrefix("#") ? nil : canonical(text) }
}
