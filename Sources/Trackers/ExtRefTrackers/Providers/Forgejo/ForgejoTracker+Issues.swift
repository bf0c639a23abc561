// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension ForgejoTracker: IssueFetching {
    public func fetch(
        _ reference: IssueReference, from source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> {
        let key = try key(of: reference)
        return .send(try issueRequest(key, of: source)) { (response) throws(TrackerError) in
            try readIssue(response, asked: key, from: source)
        }
    }

    /// A request for one issue or pull request, which a renamed repository redirects.
    func issueRequest(_ key: ForgejoKey, of source: TrackerSource) throws(TrackerError) -> TrackerRequest {
        var request = TrackerRequest(
            path: key.repository.apiPath + ["issues", key.number], headers: try headers(for: source))
        request.followsMoves = true
        return request
    }

    func readIssue(
        _ response: TrackerResponse, asked key: ForgejoKey, from source: TrackerSource
    ) throws(TrackerError) -> IssueSnapshot {
        let issue = try TrackerJSON.decode(ForgejoWire.Issue.self, from: response)
        guard String(issue.number) == key.number else {
            throw TrackerError(.badResponse, "The tracker answers with another issue than the one asked for.")
        }
        let place = response.wasMoved ? nil : key.repository
        guard var snapshot = snapshot(issue, in: place, of: source.source) else {
            throw TrackerError(.badResponse, "The tracker's answer does not say which issue it is.")
        }
        let here = snapshot.key
        snapshot.previousKeys = [key.text].filter { $0 != here }
        return snapshot
    }

    /// A request for a list of issues and pull requests; open and closed ones.
    /// - Parameter repository: nil = all that the account can see.
    func listRequest(
        _ repository: ForgejoRepository?, _ query: [(name: String, value: String)], of source: TrackerSource
    ) throws(TrackerError) -> TrackerRequest {
        let path = repository.map { $0.apiPath + ["issues"] } ?? ["repos", "issues", "search"]
        var request = TrackerRequest(
            path: path, query: [("state", "all")] + query, headers: try headers(for: source))
        request.followsMoves = true
        return request
    }

    /// One that cannot be read is left out: it must not hide the others.
    func decodeIssues(_ response: TrackerResponse) throws(TrackerError) -> [ForgejoWire.Issue] {
        try TrackerJSON.decode([Lenient<ForgejoWire.Issue>].self, from: response).compactMap(\.value)
    }

    func readIssues(
        _ response: TrackerResponse, in repository: ForgejoRepository?, from source: TrackerSource
    ) throws(TrackerError) -> [IssueSnapshot] {
        try decodeIssues(response).compactMap {
            snapshot($0, in: response.wasMoved ? nil : repository, of: source.source)
        }
    }

    /// - Parameter repository: where it was found, if that is certain; for versions that do not say.
    func snapshot(
        _ issue: ForgejoWire.Issue, in repository: ForgejoRepository?, of source: IntegrationSource
    ) -> IssueSnapshot? {
        guard issue.id > 0, let key = key(of: issue, in: repository, source) else { return nil }
        let title = TrackerText.title(issue.title)
        var snapshot = IssueSnapshot(
            nativeID: String(issue.id), key: key.text, webURL: issueURL(of: key.text, in: source),
            title: title.isEmpty ? key.text : title, statusName: issue.statusName,
            providerCategory: issue.category)
        snapshot.projectKey = key.repository.text
        snapshot.type = issue.pullRequest.value == nil ? nil : "Pull request"
        let listed = issue.assignees.value?.compactMap { $0.value?.person }
        let people = listed ?? [issue.assignee.value?.person].compactMap(\.self)
        snapshot.assignees = Array(people.prefix(DomainLimits.assigneesMax))
        let labels = issue.labels.entries().compactMap { $0.name.value.map(TrackerText.short) }
        snapshot.labels = Array(labels.filter { !$0.isEmpty }.prefix(DomainLimits.labelsMax))
        snapshot.createdAt = issue.createdAt.value.flatMap(TrackerDate.parse)
        snapshot.updatedAt = issue.updatedAt.value.flatMap(TrackerDate.parse)
        if issue.state.text == "closed" {
            snapshot.closedAt = issue.closedAt.value.flatMap(TrackerDate.parse)
        }
        return snapshot
    }

    /// By the repository that the answer names, else by its address, else by where it was asked for.
    private func key(
        of issue: ForgejoWire.Issue, in repository: ForgejoRepository?, _ source: IntegrationSource
    ) -> ForgejoKey? {
        let number = String(issue.number)
        let named = issue.repository.value?.fullName.value.flatMap { ForgejoRepository($0) }
        if let named, let key = ForgejoKey(named, number: number) { return key }
        if let address = issue.htmlURL.value, let key = key(inAddress: address, of: source),
            key.number == number
        {
            return key
        }
        return repository.flatMap { ForgejoKey($0, number: number) }
    }
}
