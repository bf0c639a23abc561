// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

/// How a site calls the custom fields that matter here.
struct YouTrackFieldNames: Sendable, Hashable {
    /// In each, the first that an issue has counts; compared without case.
    let state: [String]
    let priority: [String]
    let assignee: [String]
    let type: [String]

    /// The names a source was given, else those of YouTrack's own project templates.
    init(_ source: TrackerSource) {
        func names(_ setting: String, _ standard: [String]) -> [String] {
            let own = source.setting(setting).trimmingBlanks()
            return own.isEmpty ? standard : [own]
        }
        state = names(Self.stateSetting, ["State", "Stage", "Status"])
        priority = names(Self.prioritySetting, ["Priority"])
        assignee = names(Self.assigneeSetting, ["Assignee", "Assignees"])
        type = names(Self.typeSetting, ["Type"])
    }

    private static let stateSetting = "state_field"
    private static let prioritySetting = "priority_field"
    private static let assigneeSetting = "assignee_field"
    private static let typeSetting = "type_field"

    /// Lets an admin name the fields of a site that calls them otherwise.
    static let settings = [
        setting(stateSetting, "State", "State, Stage or Status"),
        setting(prioritySetting, "Priority", "Priority"),
        setting(assigneeSetting, "Assignee", "Assignee or Assignees"), setting(typeSetting, "Type", "Type"),
    ]

    private static func setting(_ name: String, _ label: String, _ standard: String) -> AuthenticationField {
        AuthenticationField(
            name: name, label: "\(label) field", isSecret: false, isRequired: false,
            help: "Only when the custom field has another name on your site than \(standard).")
    }
}
