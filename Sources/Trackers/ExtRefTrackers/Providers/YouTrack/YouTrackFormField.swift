// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

/// A custom field as a form takes it. Its name holds the field's type, which YouTrack wants to be told with
/// the value: `enum[1]:Priority`.
struct YouTrackFormField: Sendable, Hashable {
    /// The types that a form can take: YouTrack's id, what the value's type is called, and the input.
    private static let types: [(id: String, name: String, kind: IssueFormField.Kind)] = [
        ("enum[1]", "SingleEnumIssueCustomField", .choice),
        ("enum[*]", "MultiEnumIssueCustomField", .multiChoice),
        ("state[1]", "StateIssueCustomField", .choice),
        ("ownedField[1]", "SingleOwnedIssueCustomField", .choice),
        ("version[1]", "SingleVersionIssueCustomField", .choice),
        ("version[*]", "MultiVersionIssueCustomField", .multiChoice),
        ("build[1]", "SingleBuildIssueCustomField", .choice),
        ("user[1]", "SingleUserIssueCustomField", .person), ("string", "SimpleIssueCustomField", .text),
        ("text", "TextIssueCustomField", .multiline), ("integer", "SimpleIssueCustomField", .number),
        ("float", "SimpleIssueCustomField", .number),
    ]

    let type: String
    let name: String
    private let index: Int

    init?(type: String, name: String) {
        guard let index = Self.types.firstIndex(where: { $0.id == type }), !name.isEmpty else { return nil }
        self.type = type
        self.name = name
        self.index = index
    }

    /// Reads a form's name; nil when it is none.
    init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        self.init(type: String(text[..<colon]), name: String(text[colon...].dropFirst()))
    }

    var text: String { "\(type):\(name)" }
    var kind: IssueFormField.Kind { Self.types[index].kind }

    /// A form's value as YouTrack takes it; nil when it is none of this type.
    func value(_ text: String) -> YouTrackWire.NewField? {
        let value: YouTrackWire.NewField.Value? =
            switch (kind, type) {
            case (.choice, _): .named(text)
            case (.multiChoice, _): .severalNamed(text.split(separator: ",").map(String.init))
            case (.person, _): .login(text)
            case (.multiline, _): .text(text)
            case (.number, "integer"): Int64(text).map { .integer($0) }
            case (.number, _): Double(text).flatMap { $0.isFinite ? .number($0) : nil }
            default: .plain(text)
            }
        return value.map { YouTrackWire.NewField(type: Self.types[index].name, name: name, value: $0) }
    }
}
