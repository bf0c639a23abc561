// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension JiraTracker {
    public func fetch(
        _ reference: IssueReference, from source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> {
        guard let name = Self.identifier(of: reference) else {
            throw TrackerError(.invalidRequest, "This is no key of a Jira issue.")
        }
        return read(try issueRequest(name, of: source), of: source) { (response) throws(TrackerError) in
            var issue = try readIssue(response, of: source)
            issue.notePreviousKey(reference.key)
            return issue
        }
    }

    /// The id where it is known, which a move does not change; else the key; nil when neither is sound.
    static func identifier(of reference: IssueReference) -> String? {
        if JiraKey.number(reference.nativeID) != nil { return reference.nativeID }
        return JiraKey(reference.key)?.text
    }

    /// Writes the read of one issue, named by id or key.
    func issueRequest(
        _ name: String, fields: [String] = JiraWire.Fields.names, of source: TrackerSource
    ) throws(TrackerError) -> TrackerRequest {
        try get(
            ["issue", name],
            query: [("fields", fields.joined(separator: ",")), ("updateHistory", "false")], of: source)
    }

    /// Reads the answer about one issue.
    func readIssue(
        _ response: TrackerResponse, of source: TrackerSource
    ) throws(TrackerError) -> IssueSnapshot {
        let issue = try TrackerJSON.decode(JiraWire.Issue.self, from: response)
        guard let snapshot = snapshot(issue, of: source) else {
            throw TrackerError(.badResponse, "Jira's answer holds no issue key.")
        }
        return snapshot
    }

    /// Nil when id or key are not what Jira's are: they come into addresses.
    func snapshot(_ issue: JiraWire.Issue, of source: TrackerSource) -> IssueSnapshot? {
        guard let key = JiraKey(issue.key), JiraKey.number(issue.id) != nil else { return nil }
        let fields = issue.fields
        let title = TrackerText.title(fields.summary.value ?? "")
        var snapshot = IssueSnapshot(
            nativeID: issue.id, key: key.text, webURL: issueURL(of: key.text, in: source),
            title: title.isEmpty ? key.text : title, statusName: TrackerText.short(fields.status.name),
            providerCategory: fields.category)
        snapshot.projectKey = key.project
        snapshot.resolution = Self.name(fields.resolution)
        snapshot.assignees = [fields.assignee.value?.person].compactMap(\.self)
        snapshot.priority = Self.name(fields.priority)
        snapshot.type = Self.name(fields.issuetype)
        snapshot.labels = (fields.labels.value ?? []).prefix(DomainLimits.labelsMax)
            .map { TrackerText.short($0.value ?? "") }.filter { !$0.isEmpty }
        snapshot.createdAt = fields.created.value.flatMap(TrackerDate.parse)
        snapshot.updatedAt = fields.updated.value.flatMap(TrackerDate.parse)
        if snapshot.providerCategory.isClosed {
            snapshot.closedAt = fields.resolutiondate.value.flatMap(TrackerDate.parse)
        }
        return snapshot
    }

    private static func name(_ named: Lenient<JiraWire.Named>) -> String? {
        let name = TrackerText.short(named.value?.name ?? "")
        return name.isEmpty ? nil : name
    }
}

extension IssueSnapshot {
    /// Keeps a key that led here and is not the current one.
    mutating func notePreviousKey(_ asked: String) {
        guard let key = JiraKey(asked)?.text, key != self.key else { return }
        previousKeys = [key]
    }
}
