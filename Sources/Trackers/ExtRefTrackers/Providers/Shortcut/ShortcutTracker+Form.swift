// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

extension ShortcutTracker {
    /// Types of stories; a bug is what a failed test most often becomes.
    static let types = [
        IssueFormChoice(id: "bug", label: "Bug"), IssueFormChoice(id: "feature", label: "Feature"),
        IssueFormChoice(id: "chore", label: "Chore"),
    ]
    /// The form's names of what Shortcut's refusals speak of.
    static let formFieldNames = [
        "name": "title", "description": "description", "workflow_state_id": "workflow_state_id",
        "labels": "labels", "deadline": "deadline", "estimate": "estimate", "story_type": "type",
        "group_id": "project",
    ]
    /// States offered in one form.
    private static let choicesMax = 200

    /// The fields of a new story of a team, or of no team.
    static func fields(of group: ShortcutWire.Group?, _ directory: ShortcutDirectory) -> [IssueFormField] {
        let choices = states(of: group, directory)
        let usual = defaultState(of: group, directory).map(String.init) ?? ""
        return [
            IssueFormField(name: "title", label: "Title", kind: .text, isRequired: true),
            IssueFormField(name: "description", label: "Description", kind: .multiline),
            IssueFormField(
                name: "workflow_state_id", label: "State", kind: .choice, choices: choices,
                defaultValue: choices.contains { $0.id == usual } ? usual : ""),
            IssueFormField(name: "labels", label: "Labels, separated by commas", kind: .text),
            IssueFormField(name: "estimate", label: "Estimate in points", kind: .number),
            IssueFormField(name: "deadline", label: "Due date", kind: .date),
        ]
    }

    /// The state a new story gets: that of the team's default workflow, else of its first one.
    static func defaultState(of group: ShortcutWire.Group?, _ directory: ShortcutDirectory) -> Int64? {
        let usual = directory.workflows.first { $0.id == group?.defaultWorkflowID.value }
        let workflow = usual ?? workflows(of: group, directory).first
        return workflow?.defaultStateID.value ?? workflow?.states.value?.lazy.compactMap(\.value).first?.id
    }

    private static func workflows(
        of group: ShortcutWire.Group?, _ directory: ShortcutDirectory
    ) -> [ShortcutWire.Workflow] {
        let ids = Set((group?.workflowIDs.value ?? []).compactMap(\.value))
        return ids.isEmpty ? directory.workflows : directory.workflows.filter { ids.contains($0.id) }
    }

    private static func states(
        of group: ShortcutWire.Group?, _ directory: ShortcutDirectory
    ) -> [IssueFormChoice] {
        let workflows = workflows(of: group, directory)
        let choices = workflows.flatMap { workflow in
            workflow.states.entries()
                .sorted { ($0.position.value ?? 0) < ($1.position.value ?? 0) }
                .map { state in
                    let name = TrackerText.short(state.name)
                    let label = workflows.count > 1 ? "\(text(workflow.name.value) ?? ""): \(name)" : name
                    return IssueFormChoice(id: String(state.id), label: TrackerText.short(label))
                }
        }
        return Array(choices.prefix(choicesMax))
    }
}
