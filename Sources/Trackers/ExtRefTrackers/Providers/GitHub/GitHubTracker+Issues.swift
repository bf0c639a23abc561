// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension GitHubTracker: IssueFetching {
    /// Reads by key: REST has no address by id, and only REST leads from a transferred issue to its new
    /// place.
    public func fetch(
        _ reference: IssueReference, from source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> {
        var request = try get(try key(of: reference).path(), from: source)
        request.followsMoves = true
        return .send(request) { (response) throws(TrackerError) in
            try readIssue(response, askedFor: reference, from: source)
        }
    }

    func readIssue(
        _ response: TrackerResponse, askedFor reference: IssueReference, from source: TrackerSource
    ) throws(TrackerError) -> IssueSnapshot {
        let answer = try TrackerJSON.decode(GitHubWire.Issue.self, from: response)
        guard let issue = GitHubIssue(answer) else { throw Self.unnamed }
        // A transfer gives another number; without one, another number is another issue.
        guard response.wasMoved || issue.key.number == GitHubKey(reference.key)?.number else {
            throw TrackerError(.badResponse, "GitHub answers with another issue than the one asked for.")
        }
        return snapshot(of: issue, askedFor: [reference], wasMoved: response.wasMoved, in: source)
    }

    static let unnamed = TrackerError(
        .badResponse, "GitHub's answer holds no issue that could be named.")

    func snapshot(of issue: GitHubIssue, in source: TrackerSource) -> IssueSnapshot {
        issue.snapshot(webURL: issueURL(of: issue.key.text, in: source))
    }

    /// The same for an issue that was asked for by name: what it was called before, and what its id was, if
    /// GitHub led from there to here or only spells the id anew.
    func snapshot(
        of issue: GitHubIssue, askedFor references: [IssueReference], wasMoved: Bool, in source: TrackerSource
    ) -> IssueSnapshot {
        var snapshot = snapshot(of: issue, in: source)
        let newKey = issue.key.text.lowercased()
        for reference in references where reference.key.lowercased() != newKey {
            if !snapshot.previousKeys.contains(reference.key) { snapshot.previousKeys.append(reference.key) }
        }
        snapshot.formerNativeID = references.map(\.nativeID).first { id in
            !id.isEmpty && id != issue.nodeID && (wasMoved || GitHubNodeID.areSame(id, issue.nodeID))
        }
        return snapshot
    }

    /// The issues of a list that can be read.
    func readIssues(_ rows: [Lenient<GitHubWire.Issue>], from source: TrackerSource) -> [IssueSnapshot] {
        rows.compactMap { $0.value.flatMap { GitHubIssue($0) } }.map { snapshot(of: $0, in: source) }
    }
}
