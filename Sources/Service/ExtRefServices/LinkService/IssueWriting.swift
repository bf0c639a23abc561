// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefStore
import ExtRefTrackers

/// Stores what a tracker answered about an issue, with the feed entries that follow from it.
struct IssueWriting {
    let environment: ServiceEnvironment
    let scope: CallScope
    let journal: Journal

    /// Stores a good answer; two rows that turn out to be one issue are merged, links and all.
    func store(
        _ snapshot: IssueSnapshot, validator: String, of source: IntegrationSource, in store: WriteContext
    ) throws -> ExternalIssue {
        let category = source.category(
            status: snapshot.statusName, type: snapshot.type ?? "", provider: snapshot.providerCategory)
        let observed = ExternalIssue(
            id: environment.makeID(), tenantID: scope.tenantID, sourceID: source.id, snapshot: snapshot,
            statusCategory: category, reachability: .ok, fetchedAt: scope.now, validator: validator)
        let result = try store.issues.upsert(observed)
        try journal.issue(result.before, result.issue, in: store)
        for link in result.removed { try journal.link(link, nil, in: store) }
        return result.issue
    }

    /// Stores a failure next to the last good state, which stays.
    func store(_ error: TrackerError, on issue: ExternalIssue, in store: WriteContext) throws -> ExternalIssue
    {
        let after = try store.issues.recordFailure(
            issue.id, reachability: error.reachability ?? issue.reachability, reason: error.reason.rawValue,
            message: error.message, nextFetchAt: nil)
        try journal.issue(issue, after, in: store)
        return after
    }
}
