// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefStore
import ExtRefTrackers

/// Sees to it that what is configured and linked is synced, in the transaction that makes it so.
struct SyncPlanning {
    let environment: ServiceEnvironment
    let now: Timestamp

    /// A source was created, edited, enabled or disabled. An edit may be the repair that its sync waits for.
    func note(_ source: IntegrationSource, in store: WriteContext) throws {
        guard source.isEnabled, source.deletedAt == nil, environment.trackers.canFetch(source) else { return }
        try hasten(source.id, to: now, in: store)
    }

    /// A link was created (no before), changed, or deleted (no after): an issue that nobody had linked any
    /// more may have to be read again, as its changes were nobody's.
    func note(_ before: Link?, _ after: Link?, in store: WriteContext) throws {
        guard before?.target != after?.target, case .issue(let issueID, let sourceID) = after?.target,
            let source = try environment.configurations.snapshot(within: store).sources[sourceID],
            environment.trackers.canFetch(source), let issue = try store.issues.get(issueID)
        else { return }
        guard let planned = issue.nextFetchAt, try !hasMissedChanges(issue, in: store) else {
            try store.issues.plan([issueID], in: sourceID, at: now)
            return try hasten(sourceID, to: now, in: store)
        }
        try hasten(sourceID, to: planned, in: store)
    }

    /// Whether an issue has its first link, or its first again, and was not read just now.
    private func hasMissedChanges(_ issue: ExternalIssue, in store: WriteContext) throws -> Bool {
        try issue.isStale(at: now, maxAge: ServiceLimits.freshEnough)
            && store.links.isLinkedOnce(issue.id)
    }

    /// The source has its turn no later than a time.
    func hasten(_ id: SourceID, to time: Timestamp, in store: WriteContext) throws {
        try store.jobs.hasten(
            Job(
                id: environment.makeID(), tenantID: store.tenantID, kind: .syncSource, sourceID: id,
                subject: id.rawValue, dueAt: time), at: now)
    }
}
