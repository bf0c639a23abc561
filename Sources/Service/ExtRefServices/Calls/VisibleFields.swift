// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefTrackers

/// Fields as the audit log and the feed show them, in a fixed order; never a secret.
typealias VisibleFields = [(name: String, text: String)]

extension FieldChange {
    /// The fields that differ; everything, when there was no before or is no after.
    static func between(_ before: VisibleFields?, _ after: VisibleFields?) -> [FieldChange] {
        let names = (after ?? before ?? []).map(\.name)
        let old = Dictionary((before ?? []).map { ($0.name, $0.text) }) { first, _ in first }
        let new = Dictionary((after ?? []).map { ($0.name, $0.text) }) { first, _ in first }
        return names.compactMap { name in
            let (from, to) = (old[name] ?? "", new[name] ?? "")
            return from == to ? nil : FieldChange(name, before: from, after: to)
        }
    }
}

extension IntegrationSource {
    var visibleFields: VisibleFields {
        [
            ("provider", providerID.rawValue), ("display_name", displayName), ("base_url", baseURL),
            ("api_base_url", apiBaseURL), ("authentication.method", authenticationMethod.rawValue),
            (
                "authentication.settings",
                authenticationSettings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(
                    separator: ", ")
            ),
            (
                "authentication.secrets",
                credentials.filter { $0.name != TrackerCredential.accessTokenField }
                    .sorted { $0.name < $1.name }.map { "\($0.name) set \($0.setAt.milliseconds)" }
                    .joined(separator: ", ")
            ),
            ("disabled_capabilities", switchedOff.map(\.rawValue).sorted().joined(separator: ", ")),
            ("issue_url_template", issueURLTemplate), ("create_url_template", createURLTemplate),
            ("key_pattern", keyPattern), ("default_external_project", defaultExternalProject),
            ("allowed_external_projects", allowedExternalProjects.joined(separator: ", ")),
            (
                "status_map",
                statusMap.map { "\($0.type)/\($0.status)=\($0.category.rawValue)" }.joined(separator: ", ")
            ),
            ("test_object_url_template", testObjectURLTemplate),
            ("back_link_comments", String(allowsBackLinkComments)),
            ("issue_title_template", issueTitleTemplate),
            ("issue_description_template", issueDescriptionTemplate),
            ("availability", availability.text), ("state", lifecycleText),
        ]
    }
}

extension Relation {
    var visibleFields: VisibleFields {
        [
            ("name", name), ("inverse_name", inverseName), ("semantic_type", semanticType.rawValue),
            ("oslc_uri", oslcURI), ("color", color), ("sort_order", String(sortOrder)),
            ("allowed_object_kinds", allowedObjectKinds.map(\.rawValue).sorted().joined(separator: ", ")),
            ("availability", availability.text), ("state", lifecycleText),
        ]
    }
}

extension Link {
    var visibleFields: VisibleFields {
        let to =
            switch target {
            case .issue(let id, _): id.rawValue
            case .url(let url): url
            }
        return [
            ("object", "\(object.kind)/\(object.id)"), ("target", to), ("relation_id", relationID.rawValue),
            ("note", note),
        ]
    }
}

extension ExternalIssue {
    var visibleFields: VisibleFields {
        [
            ("key", snapshot.key), ("title", snapshot.title), ("status", snapshot.statusName),
            ("status_category", statusCategory.rawValue), ("resolution", snapshot.resolution ?? ""),
            ("assignees", snapshot.assignees.map(\.displayName).joined(separator: ", ")),
            ("priority", snapshot.priority ?? ""), ("type", snapshot.type ?? ""),
            ("labels", snapshot.labels.joined(separator: ", ")), ("reachability", reachability.rawValue),
        ]
    }
}

extension ProjectOverlay {
    var visibleFields: VisibleFields {
        [
            ("hidden", String(isHidden)), ("default_external_project", defaultExternalProject),
            ("is_default", String(isDefault)),
        ]
    }
}

extension Availability {
    fileprivate var text: String {
        switch self {
        case .allProjects: Self.allProjectsText
        case .projects(let ids): ids.map(\.rawValue).sorted().joined(separator: ", ")
        }
    }

    /// Reads what the field `availability` of a change shows.
    init(visible text: String) {
        self =
            text == Self.allProjectsText
            ? .allProjects
            : .projects(Set(text.split(separator: ", ").compactMap { ProjectID(String($0)) }))
    }

    private static var allProjectsText: String { "all projects" }
}

extension Administered {
    fileprivate var lifecycleText: String {
        deletedAt != nil ? "deleted" : isEnabled ? "enabled" : "disabled"
    }
}
