// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import RPCMessages

/// Writes entries of the feed for a caller, who learns of sources and relations what reading them would tell.
struct ChangeWriter {
    let configuration: ConfigurationSnapshot
    let caller: Caller
    /// The projects that the caller looks at; nil = all of the tenant.
    let projects: Set<ProjectID>?

    /// Fields of a source that its members see too.
    private static let memberFields: Set<String> = ["provider", "display_name", "base_url", "state"]

    /// Writes one entry; nil when it is about something that is none of the caller's business.
    func message(_ change: Change) -> Wire.Change? {
        switch change.kind {
        case .sourceChanged:
            let source = change.sourceID.flatMap { configuration.sources[$0] }
            guard isVisible(source, change) else { return nil }
            return message(change, fields: isManager(of: change) ? change.fields : redacted(change.fields))
        case .relationChanged:
            let relation = change.relationID.flatMap { configuration.relations[$0] }
            return isVisible(relation, change) ? message(change, fields: change.fields) : nil
        case .linkCreated, .linkUpdated, .linkDeleted, .issueUpdated:
            return message(change, fields: change.fields)
        }
    }

    private func message(_ change: Change, fields: [FieldChange]) -> Wire.Change {
        var message = Wire.Change()
        message.cursor = String(change.sequence)
        message.kind = change.kind.message
        message.projectID = change.projectID?.rawValue ?? ""
        message.object = change.object.map(ObjectRef.init)
        message.linkID = change.linkID?.rawValue ?? ""
        message.issueID = change.issueID?.rawValue ?? ""
        message.sourceID = change.sourceID?.rawValue ?? ""
        message.relationID = change.relationID?.rawValue ?? ""
        message.fields = fields.map(Wire.FieldChange.init)
        message.origin = change.origin.message
        message.occurTime = GoogleTimestamp(change.occurredAt)
        return message
    }

    /// Whether what changed is, or was until this change, offered to one of the projects. What is gone for
    /// good is judged by the change alone.
    private func isVisible(_ subject: (any Administered)?, _ change: Change) -> Bool {
        guard let projects, change.projectID == nil else { return true }
        let before = change.fields.first { $0.field == "availability" }.map {
            Availability(visible: $0.before.isEmpty ? $0.after : $0.before)
        }
        return projects.contains { project in
            subject?.isUsable(in: project) == true || before?.includes(project) == true
        }
    }

    private func isManager(of change: Change) -> Bool {
        change.projectID.map { caller.has(.projectAdmin, in: $0) } ?? caller.isTenantAdmin
    }

    private func redacted(_ fields: [FieldChange]) -> [FieldChange] {
        fields.filter { Self.memberFields.contains($0.field) }.map { field in
            guard field.field == "base_url" else { return field }
            return FieldChange(
                field.field, before: Wire.Source.origin(of: field.before),
                after: Wire.Source.origin(of: field.after))
        }
    }
}

extension Availability {
    fileprivate func includes(_ project: ProjectID) -> Bool {
        switch self {
        case .allProjects: true
        case .projects(let listed): listed.contains(project)
        }
    }
}
