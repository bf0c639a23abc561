// SPDX-License-Identifier: Apache-2.0

/// A meaning that text may carry beyond its words; colour repeats it, and never says anything alone.
enum Style: Sendable, Hashable {
    case plain
    case strong
    case faint
    case good
    case busy
    case bad

    /// Wraps text in the terminal's escape sequences for this style.
    func paint(_ text: String, on terminal: Terminal) -> String {
        guard terminal.hasColors, let code, !text.isEmpty else { return text }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }

    /// Select Graphic Rendition parameters (ECMA-48 8.3.117), from the 8 colours every terminal has.
    private var code: String? {
        switch self {
        case .plain: nil
        case .strong: "1"
        case .faint: "2"
        case .good: "32"
        case .busy: "33"
        case .bad: "31"
        }
    }
}
