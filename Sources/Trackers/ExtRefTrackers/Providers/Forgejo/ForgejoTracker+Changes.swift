// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension ForgejoTracker: ChangesReading {
    /// Without a repository the list would hold every public one of the installation.
    public var changesNeedProject: Bool { true }

    /// Forgejo's largest page unless an admin set another (`MAX_RESPONSE_ITEMS`).
    static var pageIssuesMax: Int { 50 }
    /// Most pages of one list.
    static var pagesMax: Int { 10_000 }

    /// Lists issues and pull requests by time of change, oldest first; Gitea knows no such order and lists
    /// the newest issue first. Pages go by number, so that an issue which changes while we page may be met
    /// twice or, rarely, be missed until its next regular reading.
    public func changes(
        since: Timestamp, project: String, page: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<ChangesPage> {
        let repository = try self.repository(project)
        guard let number = page.isEmpty ? 1 : Int(page), (1...Self.pagesMax).contains(number) else {
            throw TrackerError(.invalidRequest, "This names no page of changes.")
        }
        // Forgejo counts in seconds.
        let query = [
            ("since", TrackerDate.text(Timestamp(seconds: since.seconds))), ("sort", "leastupdate"),
            ("limit", String(Self.pageIssuesMax)), ("page", String(number)),
        ]
        let request = try listRequest(repository, query, of: source)
        return .send(request) { (response) throws(TrackerError) in
            let issues = try readIssues(response, in: repository, from: source)
            let goesOn = try hasNextPage(response) && number < Self.pagesMax
            return ChangesPage(issues: issues, next: goesOn ? String(number + 1) : "")
        }
    }

    /// Whether a list goes on: by the `Link` header, since an admin may have made pages smaller than asked
    /// for; without it by the page's size.
    func hasNextPage(_ response: TrackerResponse) throws(TrackerError) -> Bool {
        let count = try TrackerJSON.decode([Lenient<ForgejoWire.Entry>].self, from: response).count
        guard count > 0 else { return false }
        if let link = response.header("link") { return link.contains("rel=\"next\"") }
        return count >= Self.pageIssuesMax
    }
}

extension ForgejoWire {
    /// Any entry of a list, to count them.
    struct Entry: Decodable {}
}
