// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

/// A field of a new issue: what people are asked for, and how their answer is sent.
struct JiraField: Sendable, Hashable {
    /// How a value is written.
    indirect enum Shape: Sendable, Hashable {
        case text
        /// Text of several lines, which Cloud takes as a document.
        case longText
        case number, date, dateTime
        case person, group
        /// One of the allowed values, by its id.
        case option
        /// One of the allowed values and perhaps one of its own, as `10:11`.
        case cascade
        /// An issue, by its key.
        case issue
        case list(of: Shape)
    }

    /// Jira's own id of the field.
    let id: String
    /// How its value is written.
    let shape: Shape
    /// What people are asked.
    let input: IssueFormField

    /// The field that every form calls `title`.
    static let summaryID = "summary"
    /// The field that carries the marker.
    static let descriptionID = "description"
    /// The field that carries the marker where there is no description.
    static let labelsID = "labels"
    /// Chosen beside the fields.
    private static let structural: Set<String> = ["project", "issuetype"]
    private static let idBytesMax = 255

    /// Reads a field; nil when it is asked for elsewhere, or cannot be filled in and need not be.
    init?(_ field: JiraFormWire.Field) {
        let isRequired = field.required.value == true && field.hasDefaultValue.value != true
        guard let name = Self.formName(of: field.fieldId), !Self.structural.contains(field.fieldId),
            let shape = Shape(field.schema) ?? (isRequired ? .text : nil)
        else { return nil }
        let choices = shape.takesChoices ? Self.choices(field.allowedValues.value ?? [], of: shape) : []
        let label = TrackerText.short(field.name.value ?? "")
        let first = field.defaultValue.value?.id ?? ""
        id = field.fieldId
        self.shape = shape
        input = IssueFormField(
            name: name, label: label.isEmpty ? name : label, kind: shape.kind(hasChoices: !choices.isEmpty),
            isRequired: isRequired || field.fieldId == Self.summaryID, choices: choices,
            defaultValue: choices.contains { $0.id == first } ? first : "")
    }

    /// The name in the form: every tracker's form has `title` and `description`. Nil when the id is no sound
    /// one.
    static func formName(of id: String) -> String? {
        guard (1...idBytesMax).contains(id.utf8.count), id.utf8.allSatisfy(isNameByte) else { return nil }
        return id == summaryID ? "title" : id
    }

    private static func choices(_ values: [Lenient<JiraFormWire.Value>], of shape: Shape) -> [IssueFormChoice]
    {
        let all = values.compactMap(\.value).flatMap { value in
            let own = [IssueFormChoice(id: value.id, label: value.label)]
            guard shape == .cascade else { return own }
            return own
                + (value.children.value ?? []).compactMap(\.value).map { child in
                    IssueFormChoice(
                        id: "\(value.id):\(child.id)",
                        label: TrackerText.short("\(value.label) / \(child.label)"))
                }
        }
        // Several are sent with commas between them, so an id with another character is none.
        let sound = all.filter {
            !$0.label.isEmpty && $0.id.utf8.allSatisfy { isNameByte($0) || $0 == UInt8(ascii: ":") }
        }
        return Array(sound.prefix(JiraLimits.choicesMax))
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}

extension JiraField.Shape {
    private static let options: Set<String> = [
        "option", "priority", "resolution", "securitylevel", "version", "component",
    ]

    /// Reads Jira's word for a field's type; nil when it is none that a person could fill in here.
    init?(_ schema: JiraFormWire.Schema) {
        if schema.type == "array" {
            guard let items = schema.items.value, let shape = Self(type: items, schema), !shape.isWhole else {
                return nil
            }
            self = .list(of: shape)
        } else if let shape = Self(type: schema.type, schema) {
            self = shape
        } else {
            return nil
        }
    }

    private init?(type: String, _ schema: JiraFormWire.Schema) {
        switch type {
        case "string":
            let isLong =
                schema.custom.value?.hasSuffix(":textarea") == true
                || ["description", "environment"].contains(schema.system.value)
            self = isLong ? .longText : .text
        case "number": self = .number
        case "date": self = .date
        case "datetime": self = .dateTime
        case "user": self = .person
        case "group": self = .group
        case "option-with-child": self = .cascade
        case "issuelink": self = .issue
        case _ where Self.options.contains(type): self = .option
        default: return nil
        }
    }

    /// Whether a list of them could not be written with commas.
    private var isWhole: Bool { self == .longText || self == .cascade }

    /// Whether Jira names the values it may take.
    var takesChoices: Bool {
        switch self {
        case .option, .cascade: true
        case .list(let shape): shape.takesChoices
        default: false
        }
    }

    /// What kind of input it is in a form.
    func kind(hasChoices: Bool) -> IssueFormField.Kind {
        switch self {
        case .text, .group, .issue: .text
        case .longText: .multiline
        case .number: .number
        case .date, .dateTime: .date
        case .person: .person
        // Where Jira names no values an id can be typed.
        case .option, .cascade: hasChoices ? .choice : .text
        case .list: .multiChoice
        }
    }
}
