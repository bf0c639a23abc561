// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension RedmineTracker: BatchFetching {
    /// Redmine cuts a larger `limit` to this without a word.
    public var batchIssuesMax: Int { 100 }

    public var hasImmutableKeys: Bool { true }

    public func fetch(
        _ reference: IssueReference, from source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> {
        let request = TrackerRequest(
            path: ["issues", try id(of: reference) + ".json"], headers: try headers(for: source))
        return .send(request) { (response) throws(TrackerError) in try readIssue(response, from: source) }
    }

    func readIssue(
        _ response: TrackerResponse, from source: TrackerSource
    ) throws(TrackerError) -> IssueSnapshot {
        let issue = try TrackerJSON.decode(RedmineWire.IssueAnswer.self, from: response).issue
        guard let snapshot = snapshot(issue, of: source) else {
            throw TrackerError(.badResponse, "The tracker's answer holds no issue number.")
        }
        return snapshot
    }

    public func fetchBatch(
        _ references: [IssueReference], from source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<BatchAnswer> {
        var ids = [String]()
        for reference in references { ids.append(try id(of: reference)) }
        let request = try list([("issue_id", ids.joined(separator: ","))], limit: batchIssuesMax, of: source)
        return .send(request) { (response) throws(TrackerError) in
            BatchAnswer(found: try readIssues(response, from: source))
        }
    }

    func readIssues(
        _ response: TrackerResponse, from source: TrackerSource
    ) throws(TrackerError) -> [IssueSnapshot] {
        try TrackerJSON.decode(RedmineWire.IssuesAnswer.self, from: response).issues
            .compactMap { $0.value.flatMap { snapshot($0, of: source) } }
    }

    func id(of reference: IssueReference) throws(TrackerError) -> String {
        guard let id = canonicalKey(reference.nativeID.isEmpty ? reference.key : reference.nativeID) else {
            throw TrackerError(.invalidRequest, "This is no Redmine issue number.")
        }
        return id
    }

    /// Lists issues, closed ones included: without `status_id` Redmine leaves them out.
    func list(
        _ query: [(name: String, value: String)], limit: Int, sort: String = "updated_on:desc",
        of source: TrackerSource
    ) throws(TrackerError) -> TrackerRequest {
        TrackerRequest(
            path: ["issues.json"],
            query: query + [("status_id", "*"), ("limit", String(limit)), ("sort", sort)],
            headers: try headers(for: source))
    }

    func snapshot(_ issue: RedmineWire.Issue, of source: TrackerSource) -> IssueSnapshot? {
        guard let key = canonicalKey(String(issue.id)) else { return nil }
        let title = TrackerText.title(issue.subject)
        var snapshot = IssueSnapshot(
            nativeID: key, key: key, webURL: issueURL(of: key, in: source),
            title: title.isEmpty ? displayKey(key) : title, statusName: TrackerText.short(issue.status.name),
            providerCategory: issue.status.category)
        snapshot.projectKey = issue.project.value.map { String($0.id) } ?? ""
        snapshot.type = Self.name(issue.tracker)
        snapshot.priority = Self.name(issue.priority)
        if let person = issue.assignedTo.value {
            let name = Self.name(issue.assignedTo) ?? "#\(person.id)"
            snapshot.assignees = [ExternalPerson(id: String(person.id), displayName: name)]
        }
        snapshot.createdAt = issue.createdOn.value.flatMap(TrackerDate.parse)
        snapshot.updatedAt = issue.updatedOn.value.flatMap(TrackerDate.parse)
        if snapshot.providerCategory.isClosed {
            snapshot.closedAt = issue.closedOn.value.flatMap(TrackerDate.parse)
        }
        return snapshot
    }

    private static func name(_ reference: Lenient<RedmineWire.Reference>) -> String? {
        guard let name = reference.value?.name.value.map(TrackerText.short), !name.isEmpty else { return nil }
        return name
    }
}

extension RedmineTracker: IssueSearching {
    public func search(
        _ words: String, limit: Int, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[IssueSnapshot]> {
        // A number means that issue; Redmine's own search box does the same.
        let request =
            if let id = canonicalKey(words) {
                try list([("issue_id", id)], limit: 1, of: source)
            } else {
                try list(Self.scope(of: source) + [("subject", "~" + words)], limit: limit, of: source)
            }
        return .send(request) { (response) throws(TrackerError) in try readIssues(response, from: source) }
    }

    /// Redmine can look into one project or into all.
    private static func scope(of source: TrackerSource) -> [(name: String, value: String)] {
        let allowed = source.source.allowedExternalProjects
        return allowed.count == 1 ? allowed.map { ("project_id", $0) } : []
    }
}
