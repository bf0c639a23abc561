// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension GitLabTracker: IssueFetching {
    public func fetch(
        _ reference: IssueReference, from source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> {
        let key = try key(of: reference)
        guard !key.place.isGroup else { return try fetchGroupItem(key, from: source) }
        return .send(try issueRequest(key, of: source)) { (response) throws(TrackerError) in
            try readIssue(response, asked: key, from: source)
        }
    }

    /// A request for one issue of a project, which a renamed project redirects.
    func issueRequest(_ key: GitLabKey, of source: TrackerSource) throws(TrackerError) -> TrackerRequest {
        var request = TrackerRequest(
            path: ["projects", key.place.path, "issues", key.iid], headers: try headers(for: source))
        request.followsMoves = true
        return request
    }

    /// Reads the answer to such a request and goes on to where the issue moved.
    func readIssue(
        _ response: TrackerResponse, asked key: GitLabKey, from source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> {
        let issue = try TrackerJSON.decode(GitLabWire.Issue.self, from: response)
        guard String(issue.iid) == key.iid else {
            throw TrackerError(.badResponse, "GitLab answers with another issue than the one asked for.")
        }
        let place = response.wasMoved ? nil : key.place
        return try following(issue, at: place, GitLabTrail(keys: [key.text]), in: source)
    }

    /// A request for a list of issues; open and closed ones.
    /// - Parameter place: a project; nil = all projects that the account can see.
    func listRequest(
        _ place: GitLabPlace?, _ query: [(name: String, value: String)], of source: TrackerSource
    ) throws(TrackerError) -> TrackerRequest {
        let path = place.map { ["projects", $0.path, "issues"] } ?? ["issues"]
        // Without a scope, GitLab lists only what the account itself created.
        let scope = place == nil ? [(name: "scope", value: "all")] : []
        var request = TrackerRequest(
            path: path, query: query + [("state", "all")] + scope, headers: try headers(for: source))
        request.followsMoves = true
        return request
    }

    /// One that cannot be read is left out: it must not hide the others.
    func decodeIssues(_ response: TrackerResponse) throws(TrackerError) -> [GitLabWire.Issue] {
        try TrackerJSON.decode([Lenient<GitLabWire.Issue>].self, from: response).compactMap(\.value)
    }

    func readIssues(
        _ response: TrackerResponse, of place: GitLabPlace?, from source: TrackerSource
    ) throws(TrackerError) -> [IssueSnapshot] {
        try decodeIssues(response).compactMap {
            snapshot($0, at: response.wasMoved ? nil : place, of: source.source)
        }
    }

    /// - Parameter place: where it was found, if that is certain; for versions that do not say.
    func snapshot(
        _ issue: GitLabWire.Issue, at place: GitLabPlace?, of source: IntegrationSource
    ) -> IssueSnapshot? {
        guard issue.id > 0, let key = key(of: issue, at: place, in: source) else { return nil }
        let title = TrackerText.title(issue.title)
        var snapshot = IssueSnapshot(
            nativeID: String(issue.id), key: key.text, webURL: issueURL(of: key.text, in: source),
            title: title.isEmpty ? key.text : title, statusName: TrackerText.short(issue.state.text),
            providerCategory: issue.category)
        snapshot.projectKey = key.place.text
        let type = TrackerText.short((issue.issueType.value ?? issue.type.value ?? "").lowercased())
        snapshot.type = type.isEmpty ? nil : type
        snapshot.assignees = Self.people(issue)
        snapshot.labels = Self.names(issue.labels.entries())
        snapshot.createdAt = issue.createdAt.value.flatMap(TrackerDate.parse)
        snapshot.updatedAt = issue.updatedAt.value.flatMap(TrackerDate.parse)
        if issue.state.text == "closed" {
            snapshot.closedAt = issue.closedAt.value.flatMap(TrackerDate.parse)
        }
        return snapshot
    }

    /// By the reference that GitLab writes, else by its address, else by where it was asked for.
    private func key(
        of issue: GitLabWire.Issue, at place: GitLabPlace?, in source: IntegrationSource
    ) -> GitLabKey? {
        let iid = String(issue.iid)
        let written = issue.references.value?.full.value.flatMap { GitLabKey($0) }
        if let written, written.iid == iid { return written }
        if let address = issue.webURL.value, let key = key(inAddress: address, of: source), key.iid == iid {
            return key
        }
        return place.flatMap { GitLabKey($0, iid: iid) }
    }

    private static func people(_ issue: GitLabWire.Issue) -> [ExternalPerson] {
        let listed = issue.assignees.value?.compactMap { $0.value?.person }
        let people = listed ?? [issue.assignee.value?.person].compactMap(\.self)
        return Array(people.prefix(DomainLimits.assigneesMax))
    }

    /// Label names, cleaned and bounded.
    static func names(_ labels: [String]) -> [String] {
        Array(labels.map(TrackerText.short).filter { !$0.isEmpty }.prefix(DomainLimits.labelsMax))
    }
}
