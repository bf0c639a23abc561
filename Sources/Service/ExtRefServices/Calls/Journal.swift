// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefStore

/// Writes the audit entry and the feed entry of a change, and what it asks of a tracker, in the transaction
/// that makes it.
struct Journal {
    private let scope: CallScope
    private let requestID: String
    private let environment: ServiceEnvironment

    init(_ scope: CallScope, requestID: String, _ environment: ServiceEnvironment) {
        self.scope = scope
        self.requestID = requestID
        self.environment = environment
    }

    /// A source was created (no before), changed, or deleted (no after).
    func source(_ before: IntegrationSource?, _ after: IntegrationSource?, in store: WriteContext) throws {
        guard let subject = after ?? before else { return }
        let fields = FieldChange.between(before?.visibleFields, after?.visibleFields)
        try store.changes.append(
            Change(
                tenantID: scope.tenantID, kind: .sourceChanged, projectID: subject.owner.projectID,
                sourceID: subject.id, fields: fields, origin: .user, occurredAt: scope.now))
        try audit("source", subject.id.rawValue, project: subject.owner.projectID, fields, in: store)
        if let after { try SyncPlanning(environment: environment, now: scope.now).note(after, in: store) }
    }

    /// A relation was created (no before), changed, or deleted (no after).
    func relation(_ before: Relation?, _ after: Relation?, in store: WriteContext) throws {
        guard let subject = after ?? before else { return }
        let fields = FieldChange.between(before?.visibleFields, after?.visibleFields)
        try store.changes.append(
            Change(
                tenantID: scope.tenantID, kind: .relationChanged, projectID: subject.owner.projectID,
                relationID: subject.id, fields: fields, origin: .user, occurredAt: scope.now))
        try audit("relation", subject.id.rawValue, project: subject.owner.projectID, fields, in: store)
    }

    /// A link was created (no before), changed, or deleted (no after).
    func link(
        _ before: Link?, _ after: Link?, origin: ChangeOrigin = .user, in store: WriteContext
    ) throws {
        guard let subject = after ?? before else { return }
        let kind: Change.Kind = before == nil ? .linkCreated : after == nil ? .linkDeleted : .linkUpdated
        let fields = FieldChange.between(before?.visibleFields, after?.visibleFields)
        try store.changes.append(
            Change(
                tenantID: scope.tenantID, kind: kind, projectID: subject.projectID, object: subject.object,
                linkID: subject.id, issueID: subject.target.issueID, sourceID: subject.target.sourceID,
                relationID: subject.relationID, fields: fields, origin: origin, occurredAt: scope.now))
        try audit(
            "link", subject.id.rawValue, project: subject.projectID, fields, origin: origin, in: store)
        try BackLinkPlanning(environment: environment, now: scope.now).note(before, after, in: store)
        try SyncPlanning(environment: environment, now: scope.now).note(before, after, in: store)
    }

    /// An issue's visible state changed; the tracker did it, so the feed tells and the audit log does not.
    func issue(
        _ before: ExternalIssue?, _ after: ExternalIssue, origin: ChangeOrigin = .user, in store: WriteContext
    ) throws {
        let fields = FieldChange.between(before?.visibleFields, after.visibleFields)
        guard !fields.isEmpty else { return }
        try store.changes.append(
            Change(
                tenantID: scope.tenantID, kind: .issueUpdated, issueID: after.id, sourceID: after.sourceID,
                fields: fields, origin: origin, occurredAt: scope.now))
    }

    /// What a project changes for itself on a source or relation.
    func overlay(_ before: ProjectOverlay?, _ after: ProjectOverlay, in store: WriteContext) throws {
        let fields = FieldChange.between(before?.visibleFields, after.visibleFields)
        try audit("overlay", after.target.resourceID, project: after.projectID, fields, in: store)
    }

    private func audit(
        _ type: String, _ id: String, project: ProjectID?, _ fields: [FieldChange],
        origin: ChangeOrigin = .user,
        in store: WriteContext
    ) throws {
        try store.audit.append(
            AuditEntry(
                id: environment.makeID(), tenantID: scope.tenantID, projectID: project,
                principalID: scope.caller.principalID, action: scope.method, resourceType: type,
                resourceID: id,
                fields: fields, origin: origin, requestID: requestID, occurredAt: scope.now))
    }
}

extension LinkTarget {
    var issueID: IssueID? {
        if case .issue(let id, _) = self { id } else { nil }
    }

    var sourceID: SourceID? {
        if case .issue(_, let id) = self { id } else { nil }
    }
}

extension ProjectOverlay.Target {
    fileprivate var resourceID: String {
        switch self {
        case .source(let id): id.rawValue
        case .relation(let id): id.rawValue
        }
    }
}
