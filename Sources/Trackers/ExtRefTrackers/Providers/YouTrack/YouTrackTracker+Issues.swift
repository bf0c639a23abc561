// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension YouTrackTracker: IssueFetching {
    public func fetch(
        _ reference: IssueReference, from source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> {
        let request = TrackerRequest(
            path: ["issues", try id(of: reference)], query: [("fields", YouTrackWire.Issue.fields)],
            headers: try headers(for: source))
        return .send(request) { (response) throws(TrackerError) in
            var issue = try readIssue(response, from: source)
            // An issue that moved answers to its old key under the new one.
            if !reference.key.isEmpty, reference.key != issue.key { issue.previousKeys = [reference.key] }
            return issue
        }
    }

    /// The entity id, which survives a move, else the key.
    func id(of reference: IssueReference) throws(TrackerError) -> String {
        if Self.isEntityID(reference.nativeID) { return reference.nativeID }
        guard let key = canonicalKey(reference.key) else {
            throw TrackerError(.invalidRequest, "This is no key of a YouTrack issue.")
        }
        return key
    }

    func readIssue(
        _ response: TrackerResponse, from source: TrackerSource
    ) throws(TrackerError) -> IssueSnapshot {
        let issue = try TrackerJSON.decode(YouTrackWire.Issue.self, from: response)
        guard let snapshot = snapshot(issue, of: source) else {
            throw TrackerError(.badResponse, "The tracker's answer holds no key of an issue.")
        }
        return snapshot
    }

    /// Lists issues by a query in YouTrack's own language.
    func list(
        _ query: String, fields: String = YouTrackWire.Issue.fields, limit: Int, skip: Int = 0,
        in source: TrackerSource
    ) throws(TrackerError) -> TrackerRequest {
        TrackerRequest(
            path: ["issues"],
            query: [("query", query), ("fields", fields), ("$top", String(limit)), ("$skip", String(skip))],
            headers: try headers(for: source))
    }

    func readIssues(
        _ response: TrackerResponse, from source: TrackerSource
    ) throws(TrackerError) -> [IssueSnapshot] {
        try TrackerJSON.decode([Lenient<YouTrackWire.Issue>].self, from: response)
            .compactMap { $0.value.flatMap { snapshot($0, of: source) } }
    }
}

extension YouTrackTracker: IssueSearching {
    /// Most words looked for.
    private static let wordsMax = 10
    /// Most projects named in one query.
    private static let projectsMax = 50

    public func search(
        _ words: String, limit: Int, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[IssueSnapshot]> {
        if let key = canonicalKey(words) {
            var request = TrackerRequest(
                path: ["issues", key], query: [("fields", YouTrackWire.Issue.fields)],
                headers: try headers(for: source))
            request.acceptedStatuses = [404]
            return .send(request) { (response) throws(TrackerError) in
                response.status == 404 ? [] : [try readIssue(response, from: source)]
            }
        }
        let projects = source.source.allowedExternalProjects.filter(Self.isProject).prefix(Self.projectsMax)
        let scope = projects.isEmpty ? [] : ["project: " + projects.joined(separator: ",")]
        // Quotes keep signs of the query language from being read as such.
        let parts = words.split { $0.isWhitespace || $0 == "\"" }.prefix(Self.wordsMax).map { "\"\($0)\"" }
        let query = (scope + parts + ["sort by: updated desc"]).joined(separator: " ")
        return .send(try list(query, limit: limit, in: source)) { (response) throws(TrackerError) in
            try readIssues(response, from: source)
        }
    }
}

extension YouTrackTracker: ChangesReading {
    /// Issues of one page.
    private static let pageIssuesMax = 100
    /// YouTrack reads times in the account's own time zone: the westernmost is twelve hours behind UTC. What
    /// is told twice does no harm.
    private static let zoneMargin = Duration.seconds(12 * 3_600)
    /// Farthest place in one list.
    private static let skipMax = 1_000_000

    public var changesNeedProject: Bool { false }

    public func changes(
        since: Timestamp, project: String, page: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<ChangesPage> {
        let skip = page.isEmpty ? 0 : Int(page)
        guard let skip, (0...Self.skipMax).contains(skip), project.isEmpty || Self.isProject(project) else {
            throw TrackerError(.invalidRequest, "This is no page of changes, or no project.")
        }
        let time = TrackerDate.wholeSeconds(since - Self.zoneMargin).dropLast()
        let scope = project.isEmpty ? "" : "project: \(project) "
        let request = try list(
            "\(scope)updated: \(time) .. * sort by: updated asc", limit: Self.pageIssuesMax, skip: skip,
            in: source)
        return .send(request) { (response) throws(TrackerError) in
            let issues = try TrackerJSON.decode([Lenient<YouTrackWire.Issue>].self, from: response)
            let isFull = issues.count >= Self.pageIssuesMax && skip + issues.count <= Self.skipMax
            return ChangesPage(
                issues: issues.compactMap { $0.value.flatMap { snapshot($0, of: source) } },
                next: isFull ? String(skip + issues.count) : "")
        }
    }
}
