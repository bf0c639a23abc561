// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension GitHubTracker: ChangesReading {
    public var changesNeedProject: Bool { true }

    /// How much earlier than asked for a list begins: GitHub's times have whole seconds, and its description
    /// leaves open whether `since` takes the second itself.
    private static let sinceMargin = Duration.seconds(1)

    /// Lists a repository's issues and pull requests by their last change. An unchanged repository costs
    /// nothing where the call is conditional.
    public func changes(
        since: Timestamp, project: String, page: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<ChangesPage> {
        let repository = try repository(named: project)
        var request = try get(
            repository.path("issues"),
            query: [
                (name: "state", value: "all"), (name: "sort", value: "updated"),
                (name: "direction", value: "asc"),
                (name: "per_page", value: String(Self.pageRowsMax)),
                (name: "since", value: Self.text(since - Self.sinceMargin)),
            ], from: source)
        if !page.isEmpty { request = request.turned(to: try GitHubLink.page(page)) }
        request.followsMoves = true
        let from = request.query.first { $0.name == "since" }.flatMap { TrackerDate.parse($0.value) } ?? since
        return .send(request) { (response) throws(TrackerError) in
            let rows = try TrackerJSON.decode([Lenient<GitHubWire.Issue>].self, from: response)
            let issues = readIssues(rows, from: source)
            return ChangesPage(issues: issues, next: Self.nextPage(of: response, behind: issues, from: from))
        }
    }

    /// The next page. A numbered page slides when an issue on an earlier one changes and moves to the list's
    /// end, so that one is skipped; where GitHub gives no cursor, the list is therefore begun anew at the
    /// last change that was seen, unless a whole page changed in one second.
    private static func nextPage(
        of response: TrackerResponse, behind issues: [IssueSnapshot], from: Timestamp
    ) -> String {
        guard let next = GitHubLink.next(of: response) else { return "" }
        let hasCursor = next.contains { $0.name == "after" }
        if !hasCursor, let last = issues.last?.updatedAt, last - sinceMargin > from {
            return GitHubLink.token([QueryItem("since", text(last - sinceMargin))])
        }
        return GitHubLink.token(next + [QueryItem("since", text(from))])
    }
}
