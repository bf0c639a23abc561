// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension JiraTracker {
    public func search(
        _ words: String, limit: Int, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[IssueSnapshot]> {
        let typed = completedKey(words, project: source.source.defaultExternalProject)
        guard let key = JiraKey(typed)?.text else { return try wordSearch(words, limit: limit, in: source) }
        var request = try issueRequest(key, of: source)
        request.acceptedStatuses.insert(404)
        // "UTF-8" looks like a key too; what is no issue may still be words.
        return send(request, of: source) { (response) throws(TrackerError) in
            if response.status == 404 { return try wordSearch(words, limit: limit, in: source) }
            var issue = try readIssue(response, of: source)
            issue.notePreviousKey(key)
            return .done([issue])
        }
    }

    private func wordSearch(
        _ words: String, limit: Int, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[IssueSnapshot]> {
        guard let clause = JQL.summary(words) else { return .done([]) }
        let query = JiraQuery(
            clauses: [clause], projects: Self.allowedProjects(of: source), order: "updated DESC", limit: limit
        )
        return try ask(query, of: source).map { Array($0.snapshots.prefix(limit)) }
    }

    /// Keys of the projects that may be looked at; empty = all.
    static func allowedProjects(of source: TrackerSource) -> [String] {
        source.source.allowedExternalProjects.compactMap(JiraKey.project)
    }
}
