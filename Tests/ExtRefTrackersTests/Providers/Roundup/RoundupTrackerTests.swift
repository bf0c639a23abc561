// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing
import TrackerConformance

@testable import ExtRefTrackers

/// The answers are those that a Roundup 2.6.0 gave.
@Suite struct RoundupTrackerTests {
    static let base = "https://bugs.example.org/demo"
    static let basic = Samples.secretive(
        .roundup, base, method: .basic, settings: ["username": "bob"], secrets: ["password": "SECRET-WORD"])
    static let authorization = ["Authorization": "Basic Ym9iOlNFQ1JFVC1XT1JE"]
    static let fields = "%40fields=title%2Ccreation%2Cactivity%2Cstatus%2Cpriority%2Cassignedto%2Ckeyword"
    private static let budget = Duration.seconds(5)
    private let tracker = RoundupTracker()

    static func run<Value: Sendable>(
        _ scenes: [Scene], _ call: TrackerCall<Value>, _ source: TrackerSource = basic
    ) async throws -> Value {
        let transport = ScriptedTransport(scenes, baseURL: base + "/rest")
        defer { #expect(transport.complaints.isEmpty, "\(transport.complaints)") }
        return try await Samples.runner(of: RoundupTracker(), transport)
            .run(call, with: source, reading: RoundupTracker())
    }

    /// The page's query as it stands behind an issue list's own conditions.
    static func page(_ limit: Int, sort: String = "id", fields: String = fields) -> String {
        "\(fields)&%40verbose=2&%40sort=\(sort)&%40page_size=\(limit)"
    }

    static func list(_ issues: String..., next: Bool = false) -> String {
        let links =
            next ? ",\"@links\":{\"next\":[{\"rel\":\"next\",\"uri\":\"https://x\"}],\"self\":[]}" : ""
        return "{\"data\":{\"collection\":[\(issues.joined(separator: ","))]\(links),\"@total_size\":9}}"
    }

    static let whole = """
        {"id":"1","link":"https://bugs.example.org/demo/rest/data/issue/1","activity":"2026-11-24.06:34:24",\
        "creation":"2026-11-22.10:02:08",\
        "assignedto":{"id":"3","link":"https://bugs.example.org/demo/rest/data/user/3","username":"bob"},\
        "keyword":[{"id":"1","link":"https://bugs.example.org/demo/rest/data/keyword/1","name":"payment"}],\
        "priority":{"id":"3","link":"https://bugs.example.org/demo/rest/data/priority/3","name":"bug"},\
        "status":{"id":"5","link":"https://bugs.example.org/demo/rest/data/status/5","name":"in-progress"},\
        "title":"Checkout fails"}
        """
    static let bare = """
        {"id":"2","link":"https://bugs.example.org/demo/rest/data/issue/2","activity":"2026-11-24.06:34:25",\
        "assignedto":null,"creation":"2026-11-24.06:34:24","keyword":[],"priority":null,"status":null,"title":null}
        """

    // MARK: Reading

    @Test func `an issue is read whole`() async throws {
        let issue = try await Self.run(
            [
                Scene(
                    "GET /data/issue?id=1&" + Self.page(1), headers: Self.authorization,
                    answer: Self.list(Self.whole))
            ], tracker.fetch(IssueReference(key: "1"), from: Self.basic))
        #expect(issue.nativeID == "1" && issue.key == "1" && issue.projectKey.isEmpty)
        #expect(issue.webURL == "https://bugs.example.org/demo/issue1" && issue.title == "Checkout fails")
        #expect(issue.statusName == "in-progress" && issue.providerCategory == .inProgress)
        #expect(
            issue.assignees == [ExternalPerson(id: "3", displayName: "bob")] && issue.labels == ["payment"])
        #expect(
            issue.priority == "bug" && issue.type == nil && issue.resolution == nil && issue.closedAt == nil)
        #expect(issue.createdAt == TrackerDate.parse("2026-11-22T10:02:08Z"))
        #expect(issue.updatedAt == TrackerDate.parse("2026-11-24T06:34:24Z"))
    }

    @Test func `an issue without anything is still one`() async throws {
        let issue = try await Self.run(
            [Scene("GET /data/issue?id=2&" + Self.page(1), answer: Self.list(Self.bare))],
            tracker.fetch(IssueReference(key: "2"), from: Self.basic))
        #expect(issue.title == "issue2" && issue.statusName.isEmpty && issue.providerCategory == .unknown)
        #expect(issue.assignees.isEmpty && issue.priority == nil && issue.labels.isEmpty)
    }

    @Test(arguments: [
        (200, "{\"data\":{\"id\":\"6\"}}", TrackerError.Code.gone),
        (404, "{\"error\":{\"status\":404,\"msg\":\"no such issue 6\"}}", .notFound),
        (403, "{\"error\":{\"status\":403,\"msg\":\"Permission to view issue6 denied\"}}", .permissionDenied),
    ])
    func `an issue that a list leaves out is asked for by itself`(
        status: Int, answer: String, code: TrackerError.Code
    ) async throws {
        let error = await #expect(throws: TrackerError.self) {
            try await Self.run(
                [
                    Scene("GET /data/issue?id=6&" + Self.page(1), answer: Self.list()),
                    Scene("GET /data/issue/6", headers: Self.authorization, status: status, answer: answer),
                ], tracker.fetch(IssueReference(key: "6"), from: Self.basic))
        }
        #expect(error?.code == code)
    }

    @Test func `a batch says its number many times and tells what was not returned`() async throws {
        let transport = ScriptedTransport(
            [
                Scene(
                    "GET /data/issue?id=1&id=2&id=77&" + Self.page(100), headers: Self.authorization,
                    answer: Self.list(Self.whole, Self.bare, "{\"id\":5}", "null"))
            ], baseURL: Self.base + "/rest")
        let outcome = try await Samples.runner(of: tracker, transport).fetchIssues(
            ["1", "2", "77"].map { IssueReference(key: $0) }, from: Self.basic, budget: Self.budget)
        #expect(outcome.found.map(\.key) == ["1", "2"] && outcome.notReturned == [IssueReference(key: "77")])
        #expect(transport.complaints.isEmpty, "\(transport.complaints)")
    }

    @Test func `a property that the tracker does not have is left out of the question`() async throws {
        let unknown = "{\"error\":{\"status\":400,\"msg\":\"'Unknown property: keyword'\"}}"
        let fewer = Self.fields.replacing("%2Ckeyword", with: "")
        let issue = try await Self.run(
            [
                Scene("GET /data/issue?id=1&" + Self.page(1), status: 400, answer: unknown),
                Scene("GET /data/issue?id=1&" + Self.page(1, fields: fewer), answer: Self.list(Self.whole)),
            ], tracker.fetch(IssueReference(key: "1"), from: Self.basic))
        #expect(issue.key == "1")
        let error = await #expect(throws: TrackerError.self) {
            try await Self.run(
                [
                    Scene(
                        "GET /data/issue?id=1&" + Self.page(1), status: 400,
                        answer: unknown.replacing("keyword", with: "title"))
                ], tracker.fetch(IssueReference(key: "1"), from: Self.basic))
        }
        #expect(error?.code == .invalidRequest)
    }

    @Test(arguments: [
        ("checkout  fails", "title=checkout&title=fails&", "-activity", 5),
        ("a&b=c", "title=a%26b%3Dc&", "-activity", 5),
        ("#12", "id=12&", "id", 1), ("issue12", "id=12&", "id", 1),
    ])
    func `a search asks for each word, or for a number`(
        words: String, query: String, sort: String, limit: Int
    ) async throws {
        let found = try await Self.run(
            [
                Scene(
                    "GET /data/issue?\(query)" + Self.page(limit, sort: sort), headers: Self.authorization,
                    answer: Self.list(Self.whole))
            ], tracker.search(words, limit: 5, in: Self.basic))
        #expect(found.map(\.key) == ["1"])
    }

    @Test func `changes are asked for with a margin for the account's time zone`() async throws {
        let path = "GET /data/issue?activity=from%202026-11-21.22%3A00%3A00&%40page_index="
        let page = Self.page(100, sort: "activity%2Cid")
        let first = try await Self.run(
            [Scene("\(path)1&\(page)", answer: Self.list(Self.whole, next: true))],
            tracker.changes(since: Samples.startedAt, project: "", page: "", in: Self.basic))
        #expect(first.issues.map(\.key) == ["1"] && first.next == "2")
        let last = try await Self.run(
            [Scene("\(path)2&\(page)", answer: Self.list(Self.bare))],
            tracker.changes(since: Samples.startedAt, project: "", page: first.next, in: Self.basic))
        #expect(last.issues.map(\.key) == ["2"] && last.next.isEmpty)
        for page in ["0", "x", "-1", "10001"] {
            #expect(throws: TrackerError.self) {
                try tracker.changes(since: Samples.startedAt, project: "", page: page, in: Self.basic)
            }
        }
    }

    @Test(arguments: [
        ("unread", StatusCategory.todo), ("deferred", .todo), ("chatting", .inProgress),
        ("need-eg", .inProgress),
        ("in-progress", .inProgress), ("testing", .inProgress), ("done-cbb", .done), ("resolved", .done),
        ("Resolved", .done), ("new", .todo), ("open", .todo), ("pending", .inProgress), ("closed", .done),
        ("verified", .unknown), ("", .unknown), ("done", .unknown),
    ])
    func `only the names of Roundup's own templates have a category`(name: String, category: StatusCategory) {
        #expect(RoundupStatus.category(of: name) == category)
    }

    // MARK: Ways to authenticate, and failures

    @Test func `each way to authenticate sends its header and nothing else`() async throws {
        let transport = FakeTransport(404)
        let runner = Samples.runner(of: tracker, transport)
        let token = Samples.secretive(
            .roundup, Self.base, method: .accessToken, secrets: ["token": "SECRET.a.b"])
        let none = Samples.secretive(.roundup, Self.base, method: .none, secrets: [:])
        for source in [Self.basic, token, none] {
            _ = try? await runner.fetchIssue(IssueReference(key: "1"), from: source, budget: Self.budget)
        }
        let accept = HTTPField("Accept", "application/json")
        #expect(
            transport.sent.map(\.headers) == [
                [accept, HTTPField("Authorization", "Basic Ym9iOlNFQ1JFVC1XT1JE")],
                [accept, HTTPField("Authorization", "Bearer SECRET.a.b")], [accept],
            ])
    }

    @Test func `a change says where it comes from`() async throws {
        let source = Samples.secretive(
            .roundup, "http://127.0.0.1:8917/demo", method: .basic, settings: ["username": "bob"],
            secrets: ["password": "SECRET-WORD"])
        let headers = try tracker.writingHeaders(for: source)
        #expect(headers.contains(HTTPField("Origin", "http://127.0.0.1:8917")))
        #expect(headers.contains(HTTPField("X-Requested-With", "rest")))
        #expect(
            try tracker.writingHeaders(for: Self.basic).contains(
                HTTPField("Origin", "https://bugs.example.org")))
    }

    @Test(
        arguments: [
            (401, [:], "Invalid Login - Invalid login", TrackerError.Code.credentialsRejected, nil),
            (403, [:], "{ \"error\": { \"status\": 403, \"msg\": \"Forbidden.\" } }", .permissionDenied, nil),
            (
                429, ["retry-after": "10", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "58.073603"],
                "{\"error\":{\"status\":429,\"msg\":\"Api rate limits exceeded.\"}}", .rateLimited,
                .seconds(10)
            ),
            (
                429, ["x-ratelimit-remaining": "0", "x-ratelimit-reset": "58.5"], "", .rateLimited,
                .milliseconds(58_500)
            ),
            (429, ["retry-after": "150"], "Logins occurring too fast.", .rateLimited, .seconds(150)),
            (500, [:], "A server error occurred.", .unavailable, nil),
            (200, ["content-type": "text/html"], "<html>", .credentialsRejected, nil),
            (200, [:], "{\"data\":{}}", .badResponse, nil), (200, [:], "[]", .badResponse, nil),
        ] as [(Int, [String: String], String, TrackerError.Code, Duration?)])
    func `a failure is told by its kind`(
        status: Int, headers: [String: String], body: String, code: TrackerError.Code, wait: Duration?
    ) async throws {
        let error = await #expect(throws: TrackerError.self) {
            try await Samples.runner(of: tracker, FakeTransport(status, headers, body: body))
                .fetchIssue(IssueReference(key: "1"), from: Self.basic, budget: Self.budget)
        }
        #expect(error?.code == code && error?.retryAfter == wait)
    }

    @Test func `without a password nothing is sent`() async {
        let transport = FakeTransport(200)
        let source = Samples.secretive(.roundup, Self.base, method: .basic, secrets: [:])
        let report = await Samples.runner(of: tracker, transport).testConnection(source)
        #expect(
            report.failureClass == "auth" && report.reason == .credentialRequired && transport.sent.isEmpty)
    }
}
