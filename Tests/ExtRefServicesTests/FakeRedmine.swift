// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import Synchronization

/// A tracker in memory that speaks the part of Redmine's API which reading issues needs.
final class FakeRedmine: HTTPTransport {
    struct FakeIssue: Sendable {
        var subject = "Checkout fails"
        var status = "New"
        var isClosed = false
        var assignee: String?
        var updated = "2026-11-22T10:00:00Z"
    }

    private struct State {
        var issues: [Int: FakeIssue] = [:]
        var failure: HTTPError?
        var status: Int?
        var headers: [HTTPField] = []
        var replacements: [String: String] = [:]
        var requests: [String] = []
    }

    private let state = Mutex(State())

    /// URLs asked for, in order.
    var requests: [String] { state.withLock(\.requests) }

    func set(_ id: Int, _ issue: FakeIssue?) { state.withLock { $0.issues[id] = issue } }
    /// Makes every answer this status with an empty body; nil = answer properly.
    func answer(_ status: Int?) { state.withLock { $0.status = status } }
    /// Adds headers to every good answer, and replaces parts of its body: an interface that changes.
    func change(headers: [HTTPField] = [], replacing replacements: [String: String] = [:]) {
        state.withLock { ($0.headers, $0.replacements) = (headers, replacements) }
    }
    /// Makes every call fail below HTTP; nil = answer properly.
    func fail(_ error: HTTPError?) { state.withLock { $0.failure = error } }

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let (failure, status, issues) = state.withLock { state in
            state.requests.append(request.url)
            return (state.failure, state.status, state.issues)
        }
        if let failure { throw failure }
        if let status { return HTTPResponse(status: status) }
        guard request.headers.contains(where: { $0.name == "X-Redmine-API-Key" && $0.value == "good-key" })
        else {
            return HTTPResponse(status: 401)
        }
        let path = request.url.split(separator: "?")[0]
        if path.hasSuffix("/issues.json") { return list(request.url, issues) }
        guard let id = path.split(separator: "/").last.flatMap({ Int($0.prefix { $0.isNumber }) }),
            let issue = issues[id]
        else { return HTTPResponse(status: 404) }
        return json("{\"issue\":\(text(id, issue))}")
    }

    private func list(_ url: String, _ issues: [Int: FakeIssue]) -> HTTPResponse {
        let found = Self.wanted(url, issues).compactMap { id in issues[id].map { text(id, $0) } }
        return json(
            "{\"issues\":[\(found.joined(separator: ","))],\"total_count\":\(found.count),\"offset\":0,\"limit\":100}"
        )
    }

    /// The numbers that a list is asked for: by name, or by when they changed.
    private static func wanted(_ url: String, _ issues: [Int: FakeIssue]) -> [Int] {
        if let since = url.split(separator: "updated_on=%3E%3D").dropFirst().first?.prefix(while: {
            $0 != "&"
        }) {
            let since = since.replacing("%3A", with: ":")
            return issues.filter { $0.value.updated >= since }.keys.sorted()
        }
        let ids = url.split(separator: "issue_id=").last?.prefix { $0 != "&" } ?? ""
        return ids.replacing("%2C", with: ",").split(separator: ",").compactMap { Int($0) }
    }

    private func json(_ text: String) -> HTTPResponse {
        let (headers, replacements) = state.withLock { ($0.headers, $0.replacements) }
        let body = replacements.reduce(text) { $0.replacing($1.key, with: $1.value) }
        return HTTPResponse(
            status: 200, headers: [HTTPField("Content-Type", "application/json; charset=utf-8")] + headers,
            body: Array(body.utf8))
    }

    private func text(_ id: Int, _ issue: FakeIssue) -> String {
        let assignee = issue.assignee.map { ",\"assigned_to\":{\"id\":5,\"name\":\"\($0)\"}" } ?? ""
        return """
            {"id":\(id),"project":{"id":1,"name":"Demo"},"tracker":{"id":1,"name":"Bug"},
            "status":{"id":\(issue.isClosed ? 5 : 1),"name":"\(issue.status)","is_closed":\(issue.isClosed)},
            "priority":{"id":2,"name":"Normal"},"subject":"\(issue.subject)","description":""\(assignee),
            "created_on":"2026-11-22T10:00:00Z","updated_on":"\(issue.updated)","closed_on":null}
            """
    }
}
