// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

extension RedmineTracker.FormParts {
    /// The form of an issue type; the first one when the wanted is none of the project's.
    func form(type wanted: String, createURL: String) -> IssueForm {
        let types = Self.choices(project.trackers.entries())
        let type = types.first { $0.id == wanted } ?? types.first
        var fields = [
            IssueFormField(name: "title", label: "Subject", kind: .text, isRequired: true),
            IssueFormField(name: "description", label: "Description", kind: .multiline),
        ]
        fields += [priority, status, assignee, category].compactMap(\.self)
        fields += customFields.compactMap { isUsed($0, by: type?.id) ? field($0) : nil }
        return IssueForm(types: types, fields: fields, createURL: createURL)
    }

    private var priority: IssueFormField? {
        let active = priorities.filter { $0.active.value != false }
        guard !active.isEmpty else { return nil }
        let standard = active.first { $0.isDefault.value == true }.map { String($0.id) } ?? ""
        return IssueFormField(
            name: "priority_id", label: "Priority", kind: .choice, isRequired: true,
            choices: active.compactMap { Self.choice($0.id, $0.name) }, defaultValue: standard)
    }

    /// Redmine starts with the tracker's own status unless the account may choose another one.
    private var status: IssueFormField? {
        let open = statuses.filter { $0.isClosed.value == false }
        let choices = open.compactMap { status in
            status.id.value.flatMap { Self.choice($0, Lenient(status.name)) }
        }
        return choices.isEmpty
            ? nil : IssueFormField(name: "status_id", label: "Status", kind: .choice, choices: choices)
    }

    private var assignee: IssueFormField? {
        let people = Self.choices(members.compactMap(\.user.value))
        return people.isEmpty
            ? nil : IssueFormField(name: "assigned_to_id", label: "Assignee", kind: .person, choices: people)
    }

    private var category: IssueFormField? {
        let categories = Self.choices(project.issueCategories.entries())
        return categories.isEmpty
            ? nil : IssueFormField(name: "category_id", label: "Category", kind: .choice, choices: categories)
    }

    private func isUsed(_ field: RedmineWire.CustomField, by type: String?) -> Bool {
        guard field.customizedType.value == "issue" else { return false }
        if let used = project.issueCustomFields.value?.compactMap(\.value),
            !used.contains(where: { $0.id == field.id })
        {
            return false
        }
        let trackers: [RedmineWire.Reference] = field.trackers.entries()
        return type == nil || trackers.contains { String($0.id) == type }
    }

    /// A custom field; nil when its values are files or other things that no form can take.
    private func field(_ field: RedmineWire.CustomField) -> IssueFormField? {
        guard
            let kind = RedmineCustomFieldName.Kind(
                format: field.format.value ?? "", isMultiple: field.isMultiple.value == true)
        else { return nil }
        let name = RedmineCustomFieldName(id: String(field.id), kind: kind)
        let label = TrackerText.short(field.name.value ?? "")
        let choices = field.possibleValues.entries().prefix(DomainLimits.batchItemsMax).map {
            (choice: RedmineWire.CustomField.Choice) in
            let value = TrackerText.short(choice.value)
            let label = TrackerText.short(choice.label.value ?? "")
            return IssueFormChoice(id: value, label: label.isEmpty ? value : label)
        }
        let standard = TrackerText.short(field.defaultValue.value ?? "")
        return IssueFormField(
            name: name.text, label: label.isEmpty ? name.text : label,
            kind: name.kind.formKind(hasChoices: !choices.isEmpty),
            isRequired: field.isRequired.value == true, choices: kind == .flag ? [] : choices,
            defaultValue: kind == .flag ? ["1": "true", "0": "false"][standard] ?? "" : standard)
    }

    private static func choices(_ references: [RedmineWire.Reference]) -> [IssueFormChoice] {
        references.compactMap { choice($0.id, $0.name) }
    }

    private static func choice(_ id: Int64, _ name: Lenient<String>) -> IssueFormChoice? {
        guard let id = NumberKey.plain(String(id)) else { return nil }
        let label = TrackerText.short(name.value ?? "")
        return IssueFormChoice(id: id, label: label.isEmpty ? "#" + id : label)
    }
}
