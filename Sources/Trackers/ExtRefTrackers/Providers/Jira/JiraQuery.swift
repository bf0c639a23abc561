// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

/// A question in JQL, and which part of the answer is wanted.
struct JiraQuery: Sendable {
    /// Joined by AND. Never empty with ``projects``: Cloud refuses a search without a restriction.
    var clauses: [String]
    /// Keys of the projects to look in; empty = all.
    var projects: [String] = []
    /// Behind ORDER BY.
    var order: String
    /// Which fields each issue is shown with.
    var fields = JiraWire.Fields.names
    /// Most issues on the page.
    var limit = JiraLimits.pageIssuesMax
    /// Names the page on Cloud; empty = the first.
    var token = ""
    /// Issues before the page on Data Center.
    var offset = 0

    /// The question as Jira reads it.
    var jql: String {
        let restrictions = (projects.isEmpty ? [] : [JQL.isOne(of: projects, "project")]) + clauses
        return restrictions.joined(separator: " AND ") + " ORDER BY " + order
    }
}

/// A page of what a question found.
struct JiraPage: Sendable {
    /// As they came, with what no snapshot holds.
    let issues: [JiraWire.Issue]
    /// What can be made of them.
    let snapshots: [IssueSnapshot]
    /// Issues on the page, those included that could not be read.
    let size: Int
    /// Names the next page on Cloud; empty on the last one.
    let token: String
    /// Whether nothing follows.
    let isLast: Bool
}

extension JiraTracker {
    /// Asks for a page.
    ///
    /// Cloud refuses a query that names a project which is gone or hidden. Of several projects it is then
    /// asked without them and its answer is sifted here, so that one lost project does not hide all others.
    func ask(_ query: JiraQuery, of source: TrackerSource) throws(TrackerError) -> TrackerCall<JiraPage> {
        var request = try searchRequest(query, of: source)
        guard deployment == .cloud, query.projects.count > 1, !query.clauses.isEmpty else {
            return read(request, of: source) { (response) throws(TrackerError) in
                try readPage(response, of: query, source)
            }
        }
        request.acceptedStatuses.insert(400)
        return send(request, of: source) { (response) throws(TrackerError) in
            if response.status != 400 { return .done(try readPage(response, of: query, source)) }
            var wider = query
            wider.projects = []
            let projects = Set(query.projects)
            return try ask(wider, of: source).map { $0.sifted { projects.contains($0.projectKey) } }
        }
    }

    private func searchRequest(
        _ query: JiraQuery, of source: TrackerSource
    ) throws(TrackerError) -> TrackerRequest {
        var body: [String: JiraValue] = [
            "jql": .text(query.jql), "fields": .list(query.fields.map(JiraValue.text)),
            "maxResults": .number(Double(query.limit)),
        ]
        switch deployment {
        case .cloud:
            if !query.token.isEmpty { body["nextPageToken"] = .text(query.token) }
            return try post(["search", "jql"], .object(body), of: source)
        case .dataCenter:
            body["startAt"] = .number(Double(query.offset))
            body["validateQuery"] = false
            return try post(["search"], .object(body), of: source)
        }
    }

    private func readPage(
        _ response: TrackerResponse, of query: JiraQuery, _ source: TrackerSource
    ) throws(TrackerError) -> JiraPage {
        let answer = try TrackerJSON.decode(JiraWire.SearchAnswer.self, from: response)
        let issues = answer.issues.compactMap(\.value)
        let token = next(after: query, in: answer)
        let isLast =
            switch deployment {
            case .cloud: token.isEmpty
            case .dataCenter:
                answer.issues.isEmpty || query.offset + answer.issues.count >= answer.total.value ?? 0
            }
        return JiraPage(
            issues: issues, snapshots: issues.compactMap { snapshot($0, of: source) },
            size: answer.issues.count, token: token, isLast: isLast)
    }

    /// The token of the next page. A page without issues ends the search, and so does a token that leads
    /// back.
    private func next(after query: JiraQuery, in answer: JiraWire.SearchAnswer) -> String {
        guard answer.isLast.value != true, !answer.issues.isEmpty, let token = answer.nextPageToken.value,
            token != query.token, token.utf8.count <= JiraLimits.pageTokenBytesMax
        else { return "" }
        return token
    }
}

extension JiraPage {
    /// The same page with some of its issues only.
    fileprivate func sifted(_ isKept: @Sendable (IssueSnapshot) -> Bool) -> JiraPage {
        JiraPage(
            issues: issues, snapshots: snapshots.filter(isKept), size: size, token: token, isLast: isLast)
    }
}
