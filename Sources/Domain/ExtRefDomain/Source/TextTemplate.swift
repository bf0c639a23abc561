// SPDX-License-Identifier: Apache-2.0

/// A text with placeholders such as `{id}`, which an admin writes and the service fills in.
///
/// A placeholder is a name of 1 to 64 letters, digits, `_` and `-` in braces. `{{` and `}}` are braces. What
/// the names may be is checked where the template is saved; a name without a value is left out when it is
/// filled in.
public struct TextTemplate: Sendable, Hashable {
    private enum Part: Sendable, Hashable {
        case literal(String)
        case placeholder(String)
    }

    private static let nameLengthMax = 64

    private let parts: [Part]

    /// Parses a template.
    /// - Throws: a sentence that says what is wrong with it.
    public init(_ text: String) throws(TemplateFault) {
        guard text.utf8.count <= DomainLimits.textTemplateBytesMax else {
            throw TemplateFault("is longer than \(DomainLimits.textTemplateBytesMax) bytes")
        }
        var parts = [Part]()
        var literal = ""
        var rest = text[...]
        while let character = rest.popFirst() {
            switch (character, rest.first) {
            case ("{", "{"), ("}", "}"):
                literal.append(character)
                rest.removeFirst()
            case ("{", _):
                guard let end = rest.firstIndex(of: "}") else {
                    throw TemplateFault("opens a brace that is not closed; write {{ for a brace")
                }
                let name = String(rest[..<end])
                guard Self.isName(name) else { throw TemplateFault("has '{\(name)}', which is no name") }
                parts += [.literal(literal), .placeholder(name)]
                literal = ""
                rest = rest[rest.index(after: end)...]
            case ("}", _): throw TemplateFault("closes a brace that is not open; write }} for a brace")
            default: literal.append(character)
            }
        }
        self.parts = parts + [.literal(literal)]
    }

    /// The names that occur.
    public var names: Set<String> {
        Set(parts.compactMap { if case .placeholder(let name) = $0 { name } else { nil } })
    }

    /// Fills the placeholders in.
    /// - Parameter encode: applied to each value, such as percent-encoding in an address.
    public func filled(with values: [String: String], encoding encode: (String) -> String = { $0 }) -> String
    {
        parts.reduce(into: "") { text, part in
            switch part {
            case .literal(let literal): text += literal
            case .placeholder(let name): text += values[name].map(encode) ?? ""
            }
        }
    }

    private static func isName(_ text: String) -> Bool {
        (1...nameLengthMax).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}

/// Where the host shows a test object: an absolute address with the placeholders `{project}`, `{kind}` and
/// `{id}`, whose values are percent-encoded.
public struct TestObjectURLTemplate: Sendable, Hashable {
    private let template: TextTemplate

    /// Parses a template.
    /// - Throws: a sentence that says what is wrong with it.
    public init(_ text: String) throws(TemplateFault) {
        template = try TextTemplate(text)
        let unknown = template.names.subtracting(["project", "kind", "id"]).sorted()
        guard unknown.isEmpty else {
            throw TemplateFault("knows {project}, {kind} and {id} only, not {\(unknown[0])}")
        }
        guard template.names.contains("id") else { throw TemplateFault("must hold {id}") }
        _ = try WebURL(template.filled(with: ["project": "p", "kind": "k", "id": "1"]))
    }

    /// The address of a test object.
    public func url(of object: TestObject, in project: ProjectID) -> String {
        template.filled(
            with: ["project": project.rawValue, "kind": object.kind.rawValue, "id": object.id],
            encoding: URLTemplate.encodeSegment)
    }
}
