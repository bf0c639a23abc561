// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

extension AzureDevOpsWire {
    /// A type of a project.
    struct ItemType: Decodable, Sendable {
        let name: String
        let isDisabled: Lenient<Bool>
    }

    /// A group of types, the same in every process, such as that of bugs.
    struct TypeCategory: Decodable, Sendable {
        /// A type in it.
        struct Member: Decodable, Sendable {
            let name: String
        }

        let referenceName: String
        let defaultWorkItemType: Lenient<Member>
        let workItemTypes: Lenient<[Lenient<Member>]>

        /// Names of its types.
        var members: [String] { (workItemTypes.value ?? []).compactMap { $0.value?.name } }
    }

    /// A field of a type. The answer does not say which kind of value it takes.
    struct TypeField: Decodable, Sendable {
        let referenceName: String
        let name: Lenient<String>
        let alwaysRequired: Lenient<Bool>
        let defaultValue: Lenient<PlainValue>
        /// Texts, numbers or people.
        let allowedValues: Lenient<[Lenient<PlainValue>]>
    }
}

/// The fields of a type, as far as a new item needs them.
struct AzureDevOpsTypeFields: Sendable {
    /// The type's name.
    let type: String
    private let fields: [AzureDevOpsWire.TypeField]

    /// Most fields shown; a process with more custom ones is shown its required ones first.
    private static let fieldsMax = 60
    /// Most choices shown; a list with more is asked for as a text.
    private static let choicesMax = 500
    /// Of the fields that Azure DevOps keeps itself, those that a person fills in.
    private static let ownFields: Set<String> = [
        "System.AreaPath", "System.IterationPath", AzureDevOpsFields.assignedTo, AzureDevOpsFields.tags,
        "Microsoft.VSTS.Common.Priority", "Microsoft.VSTS.Common.Severity",
    ]

    /// Takes what an answer lists; a field without a sound name is left out.
    init(type: String, fields: [AzureDevOpsWire.TypeField]) {
        self.type = type
        self.fields = fields.filter { AzureDevOpsFields.isReferenceName($0.referenceName) }
    }

    /// The field that people read and write as the description.
    var textField: String {
        fields.contains { $0.referenceName == AzureDevOpsFields.reproSteps }
            ? AzureDevOpsFields.reproSteps : AzureDevOpsFields.description
    }

    /// The form: title, description, and what else a person may or must fill in.
    var formFields: [IssueFormField] {
        let texts = [
            field(AzureDevOpsFields.title, kind: .text, isRequired: true, fallback: "Title"),
            field(textField, kind: .multiline, isRequired: false, fallback: "Description"),
        ]
        let others = fields.filter(isOffered)
        let required = others.filter(\.isRequired) + others.filter { !$0.isRequired }
        let kept = Set(required.prefix(Self.fieldsMax).map(\.referenceName))
        return texts + others.filter { kept.contains($0.referenceName) }.map(formField)
    }

    private func field(
        _ name: String, kind: IssueFormField.Kind, isRequired: Bool, fallback: String
    ) -> IssueFormField {
        let known = fields.first { $0.referenceName == name }
        let label = TrackerText.short(known?.name.value ?? "")
        return IssueFormField(
            name: AzureDevOpsFields.formName(of: name), label: label.isEmpty ? fallback : label, kind: kind,
            isRequired: isRequired || known?.isRequired == true)
    }

    /// Leaves out what is shown already, and what the system fills in: state, dates, counts, board columns.
    private func isOffered(_ field: AzureDevOpsWire.TypeField) -> Bool {
        let name = field.referenceName
        if [AzureDevOpsFields.title, AzureDevOpsFields.description, textField].contains(name) {
            return false
        }
        if Self.ownFields.contains(name) { return true }
        if name.hasPrefix("System.") || name.hasPrefix("WEF_") { return false }
        return name.hasPrefix("Microsoft.") ? field.alwaysRequired.value == true : true
    }

    private func formField(_ field: AzureDevOpsWire.TypeField) -> IssueFormField {
        let label = TrackerText.short(field.name.value ?? "")
        let values = (field.allowedValues.value ?? []).compactMap {
            $0.value.map { TrackerText.short($0.text) }
        }
        .filter { !$0.isEmpty }
        let isPerson = field.referenceName == AzureDevOpsFields.assignedTo
        let isChoice = !isPerson && !values.isEmpty && values.count <= Self.choicesMax
        return IssueFormField(
            name: field.referenceName, label: label.isEmpty ? field.referenceName : label,
            kind: isPerson ? .person : isChoice ? .choice : .text, isRequired: field.isRequired,
            choices: isChoice ? values.map { IssueFormChoice(id: $0, label: $0) } : [],
            defaultValue: TrackerText.short(field.defaultValue.value?.text ?? ""))
    }
}

extension AzureDevOpsWire.TypeField {
    /// A field with a default fills itself in.
    fileprivate var isRequired: Bool {
        alwaysRequired.value == true && (defaultValue.value?.text ?? "").isEmpty
    }
}
