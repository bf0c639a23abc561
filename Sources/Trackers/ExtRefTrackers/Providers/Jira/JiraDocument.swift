// SPDX-License-Identifier: Apache-2.0

/// A rich text: Atlassian Document Format on Cloud, where it is a tree of nodes, a plain text on Data Center.
/// Only its words are read.
struct JiraDocument: Decodable, Sendable {
    /// All words, in order.
    let text: String

    private enum CodingKeys: String, CodingKey {
        case text, content
    }

    init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) {
            self.text = text
            return
        }
        let node = try decoder.container(keyedBy: CodingKeys.self)
        let own = try node.decode(Lenient<String>.self, forKey: .text).value ?? ""
        let inner = try node.decode(Lenient<[Lenient<JiraDocument>]>.self, forKey: .content).value ?? []
        text = own + inner.compactMap { $0.value?.text }.joined(separator: " ")
    }
}

extension JiraValue {
    /// A plain text as a document: paragraphs where blank lines are, line breaks elsewhere.
    static func document(_ text: String) -> JiraValue {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let paragraphs = lines.split { $0.allSatisfy(\.isWhitespace) }
        return [
            "type": "doc", "version": 1,
            "content": .list(paragraphs.map { ["type": "paragraph", "content": .list(inline($0))] }),
        ]
    }

    /// Text nodes with breaks between them; an empty text node is no valid one.
    private static func inline(_ lines: ArraySlice<Substring>) -> [JiraValue] {
        lines.enumerated().flatMap { index, line -> [JiraValue] in
            let node: JiraValue = ["type": "text", "text": .text(String(line))]
            return index == 0 ? [node] : [["type": "hardBreak"], node]
        }
    }
}
