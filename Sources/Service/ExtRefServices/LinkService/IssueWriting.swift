// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefStore
import ExtRefSync
import ExtRefTrackers

/// Stores what a tracker answered about an issue, with the feed entries that follow from it.
struct IssueWriting {
    let environment: ServiceEnvironment
    let scope: CallScope
    let journal: Journal
    /// What set the reading off.
    var origin = ChangeOrigin.user

    /// Stores a good answer; two rows that turn out to be one issue are merged, links and all.
    func store(
        _ snapshot: IssueSnapshot, validator: String, of source: IntegrationSource, in store: WriteContext
    ) throws -> ExternalIssue {
        // The status map may have changed while the tracker was asked.
        let source = try environment.configurations.snapshot(within: store).sources[source.id] ?? source
        if !source.allows(externalProject: snapshot.projectKey),
            let known = try known(snapshot, of: source, in: store)
        {
            return try leaveOutOfScope(known, in: store)
        }
        let category = source.category(
            status: snapshot.statusName, type: snapshot.type ?? "", provider: snapshot.providerCategory)
        let observed = ExternalIssue(
            id: environment.makeID(), tenantID: scope.tenantID, sourceID: source.id, snapshot: snapshot,
            statusCategory: category, reachability: .ok, fetchedAt: scope.now, validator: validator)
        let plan = environment.refreshPlan(of: source)
        let result = try store.issues.upsert(observed) { _, after in
            var generator = environment.randomness
            after.nextFetchAt = plan.next(for: after, at: scope.now, using: &generator)
            if let hintedAt = after.hintedAt, RefreshPlan.settles(hintedAt, by: scope.now) {
                after.hintedAt = nil
            }
        }
        environment.linkedIssues.note(result.issue)
        let origin = result.before?.hintedAt != nil && origin == .poll ? .webhook : origin
        try journal.issue(result.before, result.issue, origin: origin, in: store)
        for link in result.removed { try journal.link(link, nil, origin: origin, in: store) }
        return result.issue
    }

    private func known(
        _ snapshot: IssueSnapshot, of source: IntegrationSource, in store: WriteContext
    ) throws -> ExternalIssue? {
        if snapshot.nativeID.isEmpty { return try store.issues.find(source: source.id, key: snapshot.key) }
        let id = snapshot.formerNativeID ?? snapshot.nativeID
        return try store.issues.find(source: source.id, nativeID: id)
            ?? store.issues.find(source: source.id, nativeID: snapshot.nativeID)
    }

    /// The issue lies in an external project that the source may not use, by a move or by an admin's word:
    /// what is read there now is nobody's business here.
    private func leaveOutOfScope(_ issue: ExternalIssue, in store: WriteContext) throws -> ExternalIssue {
        let verdict = FailedRead(of: issue, as: .outOfScope, at: scope.now)
        let after = try store.issues.recordFailure(
            issue.id, reachability: verdict.reachability,
            reason: ErrorReason.externalProjectNotAllowed.rawValue,
            message: "It lies in an external project that the source may not use. An admin can allow it.",
            nextFetchAt: verdict.nextFetchAt)
        try journal.issue(issue, after, origin: origin, in: store)
        return after
    }

    /// Stores a failure next to the last good state, which stays.
    func store(_ error: TrackerError, on issue: ExternalIssue, in store: WriteContext) throws -> ExternalIssue
    {
        let isPoll = origin == .poll
        let verdict = FailedRead(of: issue, as: error.reachability, at: scope.now)
        // A person who asks gets the tracker's answer at once, doubtful or not.
        let after = try store.issues.recordFailure(
            issue.id, reachability: isPoll ? verdict.reachability : error.reachability ?? issue.reachability,
            reason: error.reason.rawValue, message: error.message, nextFetchAt: verdict.nextFetchAt)
        try journal.issue(issue, after, origin: origin, in: store)
        return after
    }
}

extension ServiceEnvironment {
    /// How the issues of a source are kept in step.
    func refreshPlan(of source: IntegrationSource) -> RefreshPlan {
        RefreshPlan(tellsChanges: trackers.canTellChanges(of: source))
    }
}
