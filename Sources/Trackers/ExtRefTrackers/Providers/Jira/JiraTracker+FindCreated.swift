// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension JiraTracker {
    /// Looks through the newest issues of the project, and then at the numbers behind them.
    ///
    /// The first look asks the search, which may not know yet what was written a moment ago; nothing can be
    /// reconciled without the id, which got lost with the answer. But Jira numbers the issues of a project
    /// one after the other, and reading by key does not go through the index. So the numbers around and
    /// beyond the newest known one are read by key: whatever is missing in the index is there. A label would
    /// not help, as it is found through the same index.
    public func findCreated(
        _ issue: NewIssue, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot?> {
        let project = try Self.creationProject(issue.project, of: source)
        let search = JiraMarkerSearch(issue: issue, project: project)
        return try newest(search, search.query, page: 1, in: source)
    }

    private func newest(
        _ search: JiraMarkerSearch, _ query: JiraQuery, page: Int, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot?> {
        try ask(query, of: source).then { (found) throws(TrackerError) in
            if let hit = found.issues.first(where: search.isIt) { return .done(try known(hit, source)) }
            var search = search
            search.note(found.issues)
            guard !found.isLast, page < JiraLimits.newestPagesMax, search.reachesBack(found.snapshots) else {
                return try unindexed(search, in: source)
            }
            var next = query
            next.token = found.token
            next.offset += found.size
            return try newest(search, next, page: page + 1, in: source)
        }
    }

    private func unindexed(
        _ search: JiraMarkerSearch, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot?> {
        switch deployment {
        case .cloud:
            let request = try bulkRequest(search.keysAround, fields: JiraMarkerSearch.fields, of: source)
            return read(request, of: source) { (response) throws(TrackerError) in
                let answer = try TrackerJSON.decode(JiraWire.IssuesAnswer.self, from: response)
                guard let hit = answer.issues.compactMap(\.value).first(where: search.isIt) else {
                    return nil
                }
                return try known(hit, source)
            }
        case .dataCenter:
            return try single(search, search.keysBeyond[...], in: source)
        }
    }

    /// Reads one key after the other; a number may be missing because the issue was deleted or moved.
    private func single(
        _ search: JiraMarkerSearch, _ keys: ArraySlice<String>, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot?> {
        guard let key = keys.first else { return .done(nil) }
        var request = try issueRequest(key, fields: JiraMarkerSearch.fields, of: source)
        request.acceptedStatuses = [403, 404]
        return send(request, of: source) { (response) throws(TrackerError) in
            if (200..<300).contains(response.status) {
                let issue = try TrackerJSON.decode(JiraWire.Issue.self, from: response)
                if search.isIt(issue) { return .done(try known(issue, source)) }
            }
            return try single(search, keys.dropFirst(), in: source)
        }
    }

    /// It exists, so it must not pass for missing, whatever its key looks like.
    private func known(
        _ hit: JiraWire.Issue, _ source: TrackerSource
    ) throws(TrackerError) -> IssueSnapshot {
        guard let snapshot = snapshot(hit, of: source) else {
            throw TrackerError(.badResponse, "Jira's answer holds no issue key.")
        }
        return snapshot
    }
}

/// What is known while an issue is looked for by its marker.
struct JiraMarkerSearch: Sendable {
    /// What issues have to show to be told apart.
    static let fields = JiraWire.Fields.names + [JiraField.descriptionID]
    /// How far the tracker's clock may be behind ours.
    private static let clockMargin = Duration.seconds(600)
    /// How many numbers before the newest may have gaps that matter.
    private static let gapsBack: Int64 = 500

    /// What is looked for.
    let issue: NewIssue
    /// In which project, by its key.
    let project: String
    private var seen = Set<Int64>()

    /// Begins with nothing seen.
    init(issue: NewIssue, project: String) {
        self.issue = issue
        self.project = project
    }

    /// Asks for the newest issues.
    var query: JiraQuery {
        JiraQuery(clauses: [JQL.isOne(of: [project], "project")], order: "created DESC", fields: Self.fields)
    }

    /// Whether an issue carries the marker.
    func isIt(_ found: JiraWire.Issue) -> Bool {
        let labels = found.fields.labels.value ?? []
        return found.fields.description.value?.text.contains(issue.marker.text) == true
            || labels.contains { $0.value == issue.marker.text }
    }

    /// Remembers numbers that need no second look.
    mutating func note(_ issues: [JiraWire.Issue]) {
        for key in issues.compactMap({ JiraKey($0.key) }) where key.project == project {
            seen.insert(key.number)
        }
    }

    /// Whether all of a page are so new that the next one may hold it.
    func reachesBack(_ page: [IssueSnapshot]) -> Bool {
        guard let oldest = page.compactMap(\.createdAt).min() else { return false }
        return oldest >= issue.startedAt - Self.clockMargin
    }

    private var newest: Int64 { seen.max() ?? 0 }

    /// As many keys as one call takes: those beyond the newest, and gaps before it, which an index that lags
    /// may have too.
    var keysAround: [String] {
        let room = JiraLimits.batchIssuesMax - JiraLimits.unindexedInBulkMax
        let gaps = stride(from: newest - 1, to: max(newest - Self.gapsBack, seen.min() ?? 0), by: -1)
            .filter { !seen.contains($0) }.prefix(room)
        let beyond = (1...Int64(JiraLimits.unindexedInBulkMax)).map { newest + $0 }
        return (gaps + beyond).map { JiraKey(project: project, number: $0).text }
    }

    /// The few keys behind the newest.
    var keysBeyond: [String] {
        (1...Int64(JiraLimits.unindexedSinglesMax)).map {
            JiraKey(project: project, number: newest + $0).text
        }
    }
}
