// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
public import ExtRefDomain

extension ForgejoTracker: IssueCreating {
    /// How much earlier than our first try an issue may have been created by the tracker's clock.
    static var creationMargin: Duration { .seconds(300) }
    /// Pages looked through for an issue that an earlier try created.
    static var creationPagesMax: Int { 10 }

    public func create(
        _ issue: NewIssue, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> {
        let repository = try self.repository(issue.project)
        let request = TrackerRequest(
            .post, path: repository.apiPath + ["issues"], headers: try writingHeaders(for: source),
            body: TrackerJSON.encode(try ForgejoDraft(issue)))
        return .send(request) { (response) throws(TrackerError) in
            let issue = try TrackerJSON.decode(ForgejoWire.Issue.self, from: response)
            guard let snapshot = snapshot(issue, in: repository, of: source.source) else {
                throw TrackerError(
                    .badResponse, "The tracker's answer does not say which issue was created.")
            }
            return snapshot
        }
    }

    public func findCreated(
        _ issue: NewIssue, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot?> {
        try findCreated(issue, in: try repository(issue.project), page: 1, of: source)
    }

    /// A new issue is also one that changed since. Without words to look for the list comes from the
    /// database itself and not from the search index.
    private func findCreated(
        _ issue: NewIssue, in repository: ForgejoRepository, page: Int, of source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot?> {
        let since = Timestamp(seconds: (issue.startedAt - Self.creationMargin).seconds)
        let request = try listRequest(
            repository,
            [
                ("type", "issues"), ("since", TrackerDate.text(since)), ("sort", "latest"),
                ("limit", String(Self.pageIssuesMax)), ("page", String(page)),
            ], of: source)
        return .send(request) { (response) throws(TrackerError) in
            let own = try decodeIssues(response).first {
                $0.body.value?.contains(issue.marker.text) == true
            }
            if let own { return .done(snapshot(own, in: repository, of: source.source)) }
            guard page < Self.creationPagesMax, try hasNextPage(response) else { return .done(nil) }
            return try findCreated(issue, in: repository, page: page + 1, of: source)
        }
    }
}
