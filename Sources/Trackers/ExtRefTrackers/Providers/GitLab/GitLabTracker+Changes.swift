// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension GitLabTracker: ChangesReading {
    public var changesNeedProject: Bool { true }

    /// Lists by time of change, oldest first. Pages by number would skip issues, so the cursor goes on by
    /// time where it can.
    public func changes(
        since: Timestamp, project: String, page: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<ChangesPage> {
        let place = try self.project(project, "lists changes")
        let cursor = try ChangesCursor(since: since, page: page)
        let query = [
            ("updated_after", TrackerDate.text(cursor.since)), ("order_by", "updated_at"), ("sort", "asc"),
            ("per_page", String(Self.pageIssuesMax)),
            ("page", String(cursor.offset / Self.pageIssuesMax + 1)),
        ]
        return .send(try listRequest(place, query, of: source)) { (response) throws(TrackerError) in
            let entries = try TrackerJSON.decode([Lenient<GitLabWire.Issue>].self, from: response)
            let times = entries.map { $0.value?.updatedAt.value.flatMap(TrackerDate.parse) }
            let next = cursor.next(after: times, isLast: !(try hasNextPage(response)))
            return ChangesPage(issues: try readIssues(response, of: place, from: source), next: next)
        }
    }

    /// Whether a list goes on. GitLab names the next page, but a proxy may drop the header.
    func hasNextPage(_ response: TrackerResponse) throws(TrackerError) -> Bool {
        if let next = response.header("x-next-page") { return !next.trimmingBlanks().isEmpty }
        let count = try TrackerJSON.decode([Lenient<GitLabWire.Entry>].self, from: response).count
        return count >= Self.pageIssuesMax
    }
}

extension GitLabWire {
    /// Any entry of a list, to count them.
    struct Entry: Decodable {}
}
