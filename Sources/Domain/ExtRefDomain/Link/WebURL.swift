// SPDX-License-Identifier: Apache-2.0

/// An http(s) URL that is safe to hand to a browser: no script scheme, no userinfo, no control characters.
public struct WebURL: Sendable, Hashable {
    public let text: String

    /// Accepts what a person pastes, trimmed of surrounding blanks and `<…>`.
    /// - Throws: a sentence that says what is wrong.
    public init(_ pasted: String) throws(TemplateFault) {
        let text = Self.trimmed(pasted)
        guard !text.isEmpty else { throw TemplateFault("is empty") }
        guard text.utf8.count <= DomainLimits.urlBytesMax else {
            throw TemplateFault("is longer than 2,048 bytes")
        }
        guard
            text.unicodeScalars.allSatisfy({
                !$0.properties.isWhitespace && $0.value > 0x20 && $0.value != 0x7F
            })
        else { throw TemplateFault("holds a blank or control character") }
        let lower = text.lowercased()
        guard lower.hasPrefix("https://") || lower.hasPrefix("http://") else {
            throw TemplateFault("must start with https:// or http://")
        }
        let authority = text.drop { $0 != "/" }.dropFirst(2).prefix { !"/?#".contains($0) }
        guard !authority.contains("@") else { throw TemplateFault("must not carry a user name or password") }
        guard !authority.contains("\\"), let first = authority.first, first != ":" else {
            throw TemplateFault("names no host")
        }
        self.text = text
    }

    /// Cuts surrounding blanks and one pair of angle brackets.
    public static func trimmed(_ pasted: String) -> String {
        var text = pasted[...]
        while let first = text.first, first.isWhitespace || first == "<" { text.removeFirst() }
        while let last = text.last, last.isWhitespace || last == ">" { text.removeLast() }
        return String(text)
    }
}
