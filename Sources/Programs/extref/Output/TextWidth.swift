// SPDX-License-Identifier: Apache-2.0

/// How many terminal cells text takes, and how to make foreign text safe to print.
///
/// Widths follow Unicode's East Asian Width (UAX #11) and emoji presentation (UTS #51), a grapheme at a time:
/// what a person sees as one character is never cut in half.
enum TextWidth {
    /// Cells of the whole text.
    static func cells(_ text: String) -> Int {
        text.reduce(0) { $0 + cells($1) }
    }

    /// Cells of one grapheme: 0, 1 or 2.
    static func cells(_ character: Character) -> Int {
        var widest = 0
        for scalar in character.unicodeScalars {
            if scalar == emojiPresentation { return 2 }
            widest = max(widest, cells(scalar))
        }
        return widest
    }

    /// Shortens text to at most `limit` cells; what was cut shows as an ellipsis.
    static func fit(_ text: String, to limit: Int) -> String {
        guard cells(text) > limit else { return text }
        guard limit > 0 else { return "" }
        var (kept, used) = ("", 0)
        for character in text {
            let width = cells(character)
            guard used + width <= limit - 1 else { break }
            kept.append(character)
            used += width
        }
        return kept + "…"
    }

    /// Replaces what could steer a terminal or reorder a line: controls, line ends and bidirectional
    /// overrides. Text of trackers and other people reaches a terminal through here only.
    static func printable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: steersTerminal) else { return text }
        var safe = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            safe.append(steersTerminal(scalar) ? " " : scalar)
        }
        return String(safe)
    }

    private static let emojiPresentation: Unicode.Scalar = "\u{FE0F}"

    private static func cells(_ scalar: Unicode.Scalar) -> Int {
        if scalar.value < 0x300 { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        if scalar.properties.isEmojiPresentation { return 2 }
        return wide.contains { $0.contains(scalar.value) } ? 2 : 1
    }

    /// The blocks whose characters are wide or full-width; emoji are recognised by their property.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
        0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
        0x16FE0...0x18AFF, 0x1B000...0x1B2FF, 0x20000...0x3FFFD,
    ]

    private static func steersTerminal(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
