// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

/// Cleans text that a tracker's users wrote, before anybody shows or logs it.
enum TrackerText {
    /// Leaves out terminal escapes, control and direction-changing characters, folds blanks, and cuts.
    ///
    /// Titles end up in terminals, logs and pages of the host: an escape sequence could rewrite a screen, a
    /// direction mark could make a title read as another one.
    static func clean(_ text: String, scalarsMax: Int) -> String {
        var scalars = String.UnicodeScalarView()
        var count = 0
        var isBlankDue = false
        var escape = EscapeSequence.none
        for scalar in text.unicodeScalars {
            if escape.swallows(scalar) { continue }
            if scalar.properties.isWhitespace {
                isBlankDue = count > 0
                continue
            }
            guard !isHarmful(scalar) else { continue }
            guard count + (isBlankDue ? 1 : 0) < scalarsMax else { break }
            if isBlankDue {
                scalars.append(" ")
                count += 1
                isBlankDue = false
            }
            scalars.append(scalar)
            count += 1
        }
        return String(scalars)
    }

    /// A name, status or type.
    static func short(_ text: String) -> String {
        clean(text, scalarsMax: DomainLimits.shortTextScalarsMax)
    }

    /// A title.
    static func title(_ text: String) -> String {
        clean(text, scalarsMax: DomainLimits.titleScalarsMax)
    }

    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x1F, 0x7F...0x9F: true  // C0, DEL, C1
        case 0x061C, 0x200B, 0x200E...0x200F, 0x202A...0x202E, 0x2060...0x206F: true  // invisible, direction
        case 0xFEFF, 0xFFF9...0xFFFB: true  // byte order mark, interlinear notes
        case 0xE0000...0xE007F: true  // tags
        default: scalar.properties.generalCategory == .unassigned && scalar.value > 0xFFFD
        }
    }

    /// Recognises `ESC [ … final` and `ESC x`, and the one-character form of the former.
    private enum EscapeSequence {
        case none, started, parameters, title

        mutating func swallows(_ scalar: Unicode.Scalar) -> Bool {
            switch (self, scalar.value) {
            case (.none, 0x1B): self = .started
            case (.none, 0x9B): self = .parameters
            case (.none, _): return false
            case (.started, 0x5B): self = .parameters
            case (.started, 0x5D): self = .title
            case (.started, _): self = .none
            case (.parameters, 0x20...0x3F): break
            case (.parameters, 0x40...0x7E): self = .none
            case (.parameters, _):
                self = .none
                return false
            case (.title, 0x07): self = .none
            case (.title, 0x1B): self = .started
            case (.title, 0x0A): self = .none
            case (.title, _): break
            }
            return true
        }
    }
}

extension String {
    /// Without blanks at both ends.
    func trimmingBlanks() -> String {
        var text = self[...]
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
