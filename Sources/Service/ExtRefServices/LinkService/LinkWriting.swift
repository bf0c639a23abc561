// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import ExtRefStore
import ExtRefTrackers

/// Stores new links with their issues, inside one transaction.
struct LinkWriting {
    let environment: ServiceEnvironment
    let scope: CallScope
    let projectID: ProjectID
    let journal: Journal
    let origin: ChangeOrigin
    /// The configuration as this transaction sees it: an admin may have changed it since the draft was
    /// judged.
    let configuration: ConfigurationSnapshot
    private let store: WriteContext

    init(
        _ environment: ServiceEnvironment, scope: CallScope, projectID: ProjectID, requestID: String,
        origin: ChangeOrigin = .user, in store: WriteContext
    ) throws {
        self.environment = environment
        self.scope = scope
        self.projectID = projectID
        self.origin = origin
        self.store = store
        journal = Journal(scope, requestID: requestID, environment)
        configuration = try environment.configurations.snapshot(within: store)
    }

    /// Stores one link; the same object, target and relation again gives the link there is.
    func insert(
        _ draft: ResolvedDraft, observation: Observation?
    ) throws -> (link: Link, issue: ExternalIssue?, existed: Bool) {
        try recheck(draft)
        let (target, issue) = try target(draft.target, observation: observation)
        let wanted = Link(
            id: environment.makeID(), tenantID: scope.tenantID, projectID: projectID, object: draft.object,
            ancestors: draft.ancestors, target: target, relationID: draft.relation.id, note: draft.note,
            createdBy: scope.caller.principalID, createdAt: scope.now, updatedAt: scope.now)
        let stored = try store.links.insert(wanted)
        if stored.isNew { try journal.link(nil, stored.link, origin: origin, in: store) }
        if !draft.fingerprint.isEmpty { try store.links.addFingerprint(draft.fingerprint, to: stored.link) }
        return (stored.link, issue, !stored.isNew)
    }

    private func recheck(_ draft: ResolvedDraft) throws {
        let resolver = DraftResolver(
            configuration: configuration, projectID: projectID, caller: scope.caller)
        if case .key(let wish) = draft.target {
            guard configuration.sources[wish.sourceID]?.deletedAt == nil else {
                throw DomainError.notFound(.sourceNotFound, type: "Source", name: wish.sourceID.rawValue)
            }
            try resolver.requireEnabled(wish.sourceID)
        }
        guard let relation = configuration.relations[draft.relation.id], relation.deletedAt == nil else {
            throw DomainError.notFound(.relationNotFound, type: "Relation", name: draft.relation.id.rawValue)
        }
        _ = try RelationChoice(configuration: configuration, projectID: projectID, caller: scope.caller)
            .usable(relation, for: draft.object.kind)
    }

    private func target(
        _ target: ResolvedTarget, observation: Observation?
    ) throws -> (LinkTarget, ExternalIssue?) {
        switch target {
        case .url(let url): return (.url(url), nil)
        case .issue(let id):
            guard let issue = try store.issues.get(id) else {
                throw DomainError.notFound(.issueNotFound, type: "Issue", name: id.rawValue)
            }
            return (.issue(issue.id, source: issue.sourceID), issue)
        case .key(let wish):
            let issue = try issue(wish, observation: observation ?? .unread(nil))
            return (.issue(issue.id, source: wish.sourceID), issue)
        }
    }

    private func issue(_ wish: IssueWish, observation: Observation) throws -> ExternalIssue {
        switch observation {
        case .known(let id):
            if let issue = try store.issues.get(id) { return issue }
            return try pending(wish, error: nil)
        case .unread(let error): return try pending(wish, error: error)
        case .fresh(let snapshot, let validator):
            guard let source = configuration.sources[wish.sourceID] else {
                throw DomainError.notFound(.sourceNotFound, type: "Source", name: wish.sourceID.rawValue)
            }
            return try IssueWriting(environment: environment, scope: scope, journal: journal)
                .store(snapshot, validator: validator, of: source, in: store)
        }
    }

    private func pending(_ wish: IssueWish, error: TrackerError?) throws -> ExternalIssue {
        let snapshot = IssueSnapshot(
            nativeID: "", key: wish.key, webURL: wish.url, title: "", statusName: "",
            providerCategory: .unknown)
        let pending = try store.issues.insertPending(
            ExternalIssue(
                id: environment.makeID(), tenantID: scope.tenantID, sourceID: wish.sourceID,
                snapshot: snapshot,
                statusCategory: .unknown, reachability: .pending, fetchedAt: nil, nextFetchAt: scope.now,
                lastErrorReason: error?.reason.rawValue ?? "", lastErrorMessage: error?.message ?? "")
        ).issue
        environment.linkedIssues.note(pending)
        return pending
    }
}
