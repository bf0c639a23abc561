// SPDX-License-Identifier: Apache-2.0

internal import CurlHTTP
public import ExtRefDomain

extension TrackerRunner {
    /// Tells which fields a new issue takes.
    /// - Parameters:
    ///   - project: the external project; empty = the source's default.
    ///   - type: the issue type's id; empty = the first.
    public func issueForm(
        project: String, type: String, in source: TrackerSource, budget: Duration
    ) async throws(TrackerError) -> IssueForm {
        let tracker = try ability((any IssueCreating).self, of: source, "create issues")
        return try await withBudget(budget) { () async throws(TrackerError) in
            let source = try await self.authorized(source, tracker)
            return try await self.run(
                tracker.form(project: project, type: type, in: source), with: source, reading: tracker)
        }
    }

    /// Creates an issue. Sent once: whatever fails, nothing is repeated here.
    public func createIssue(
        _ issue: NewIssue, in source: TrackerSource, budget: Duration
    ) async throws(TrackerError) -> IssueSnapshot {
        let tracker = try ability((any IssueCreating).self, of: source, "create issues")
        return try await withBudget(budget) { () async throws(TrackerError) in
            let source = try await self.authorized(source, tracker)
            return try await self.run(
                tracker.create(issue, in: source), with: source, reading: tracker)
        }
    }

    /// Finds the issue that an earlier, cut try created; nil when the tracker has none.
    public func findCreated(
        _ issue: NewIssue, in source: TrackerSource, budget: Duration
    ) async throws(TrackerError) -> IssueSnapshot? {
        let tracker = try ability((any IssueCreating).self, of: source, "create issues")
        return try await withBudget(budget) { () async throws(TrackerError) -> IssueSnapshot? in
            let source = try await self.authorized(source, tracker)
            return try await self.run(
                tracker.findCreated(issue, in: source), with: source, reading: tracker)
        }
    }

    /// What a back-link is in the source's tracker; nil when it knows none.
    public func backLinkForm(of source: IntegrationSource) -> BackLinkForm? {
        (registry[source.providerID] as? any BackLinking)?.backLinkForm
    }

    /// Puts a back-link on an issue; doing it again changes nothing but its text.
    /// - Returns: what ``removeBackLink(_:remoteID:from:in:budget:)`` wants to know.
    public func putBackLink(
        _ link: BackLink, on issue: IssueReference, in source: TrackerSource, budget: Duration
    ) async throws(TrackerError) -> String {
        let tracker = try ability((any BackLinking).self, of: source, "link back")
        return try await withBudget(budget) { () async throws(TrackerError) in
            let source = try await self.authorized(source, tracker)
            return try await self.run(
                tracker.putBackLink(link, on: issue, in: source), with: source, reading: tracker)
        }
    }

    /// Takes a back-link off; one that is not there is no failure.
    public func removeBackLink(
        _ link: BackLink, remoteID: String, from issue: IssueReference, in source: TrackerSource,
        budget: Duration
    ) async throws(TrackerError) {
        let tracker = try ability((any BackLinking).self, of: source, "link back")
        try await withBudget(budget) { () async throws(TrackerError) in
            let source = try await self.authorized(source, tracker)
            try await self.run(
                tracker.removeBackLink(link, remoteID: remoteID, from: issue, in: source), with: source,
                reading: tracker)
        }
    }
}

extension TrackerError {
    /// Whether a request that failed so may have had its effect all the same: only the tracker knows.
    public var isUncertain: Bool {
        if isAfterWrite { return true }
        if isBeforeWrite { return false }
        let isBeforeSending = [.request, .egress, .queue, .dns, .connect, .tls].contains(stage)
        switch code {
        case .timedOut, .unavailable, .badResponse, .cancelled: return !isBeforeSending
        default: return false
        }
    }
}
