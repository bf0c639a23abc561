// SPDX-License-Identifier: Apache-2.0

/// A JSON value whose members keep their order, so that the same answer always prints the same text.
public indirect enum JSONNode: Sendable, Hashable {
    case null
    case bool(Bool)
    /// A number in its final spelling.
    case number(String)
    case string(String)
    case array([JSONNode])
    case object([Member])

    /// A name and its value.
    public struct Member: Sendable, Hashable {
        public let name: String
        public let value: JSONNode

        /// Makes a member.
        public init(_ name: String, _ value: JSONNode) {
            self.name = name
            self.value = value
        }
    }

    /// The text, indented by two spaces a level, without a line end after it.
    public var text: String { written(indent: "") }

    /// The text on one line.
    public var line: String { written(indent: nil) }

    private func written(indent: String?) -> String {
        var text = ""
        write(to: &text, indent: indent)
        return text
    }

    private func write(to text: inout String, indent: String?) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .number(let spelling): text += spelling
        case .string(let value): Self.quote(value, into: &text)
        case .array(let items):
            Self.write(items, "[", "]", to: &text, indent: indent) { $0.write(to: &$1, indent: $2) }
        case .object(let members):
            Self.write(members, "{", "}", to: &text, indent: indent) { member, text, inner in
                Self.quote(member.name, into: &text)
                text += ": "
                member.value.write(to: &text, indent: inner)
            }
        }
    }

    private static func write<Item>(
        _ items: [Item], _ open: String, _ close: String, to text: inout String, indent: String?,
        item: (Item, inout String, String?) -> Void
    ) {
        guard !items.isEmpty else {
            text += open + close
            return
        }
        let inner = indent.map { $0 + "  " }
        text += open
        for (index, value) in items.enumerated() {
            if index > 0 { text += inner == nil ? ", " : "," }
            if let inner { text += "\n" + inner }
            item(value, &text, inner)
        }
        if let indent { text += "\n" + indent }
        text += close
    }

    /// Quotes by RFC 8259 section 7; DEL and C1 controls too, because the text may be shown on a terminal.
    private static func quote(_ value: String, into text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value):
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
