// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing
import TrackerConformance

@testable import ExtRefTrackers

@Suite struct BugzillaTrackerTests {
    static let base = "https://bugs.example.org"
    static let source = Samples.secretive(
        .bugzilla, base, method: .apiKey, project: "Shop", secrets: ["api_key": "SECRET-KEY"])
    static let key = ["X-BUGZILLA-API-KEY": "SECRET-KEY", "Accept": "application/json"]
    static let fields =
        "include_fields=id%2Csummary%2Cstatus%2Cis_open%2Cresolution%2Cproduct%2Cassigned_to%2C"
        + "assigned_to_detail%2Cpriority%2Ctype%2Ckeywords%2Calias%2Ccreation_time%2Clast_change_time"
    private static let budget = Duration.seconds(5)
    private let tracker = BugzillaTracker()

    static func run<Value: Sendable>(
        _ scenes: [Scene], _ call: TrackerCall<Value>
    ) async throws -> Value {
        let transport = ScriptedTransport(scenes, baseURL: base + "/rest")
        defer { #expect(transport.complaints.isEmpty, "\(transport.complaints)") }
        return try await Samples.runner(of: BugzillaTracker(), transport)
            .run(call, with: source, reading: BugzillaTracker())
    }

    static func bugs(_ bugs: String...) -> String {
        "{\"faults\":[],\"bugs\":[\(bugs.joined(separator: ","))]}"
    }

    static let whole = """
        {"id":35,"summary":"Checkout fails","status":"RESOLVED","is_open":false,"resolution":"DUPLICATE",\
        "product":"Shop","assigned_to":"bob@example.net","assigned_to_detail":{"id":2,"real_name":"Bob Builder",\
        "nick":"bob","name":"bob@example.net","email":"bob@example.net"},"priority":"P1","type":"defect",\
        "keywords":["payment","ui"],"alias":["CVE-2026-1234","shop"],"creation_time":"2026-11-22T10:00:00Z",\
        "last_change_time":"2026-11-23T19:12:17Z"}
        """

    static func bug(_ id: Int, changed: String = "2026-11-22T10:00:00Z") -> String {
        """
        {"id":\(id),"summary":"Bug \(id)","status":"NEW","is_open":true,"resolution":"","product":"Shop",\
        "assigned_to_detail":{"id":1,"name":"nobody@example.org","real_name":"Nobody"},"priority":"--",\
        "last_change_time":"\(changed)"}
        """
    }

    // MARK: Reading

    @Test func `a bug is read whole`() async throws {
        let issue = try await Self.run(
            [Scene("GET /bug/35?" + Self.fields, headers: Self.key, answer: Self.bugs(Self.whole))],
            tracker.fetch(IssueReference(key: "35"), from: Self.source))
        #expect(issue.nativeID == "35" && issue.key == "35" && issue.projectKey == "Shop")
        #expect(issue.previousKeys == ["CVE-2026-1234"] && issue.title == "Checkout fails")
        #expect(issue.webURL == "https://bugs.example.org/show_bug.cgi?id=35")
        #expect(issue.statusName == "RESOLVED" && issue.resolution == "DUPLICATE")
        #expect(issue.providerCategory == .canceled && issue.labels == ["payment", "ui"])
        #expect(issue.assignees == [ExternalPerson(id: "2", displayName: "Bob Builder")])
        #expect(issue.priority == "P1" && issue.type == "defect")
        #expect(
            issue.createdAt == Samples.startedAt
                && issue.updatedAt == TrackerDate.parse("2026-11-23T19:12:17Z"))
    }

    @Test func `what stands for nothing is left out`() async throws {
        let issue = try await Self.run(
            [Scene("GET /bug/36?" + Self.fields, answer: Self.bugs(Self.bug(36)))],
            tracker.fetch(IssueReference(key: "9", nativeID: "36"), from: Self.source))
        #expect(
            issue.assignees.isEmpty && issue.priority == nil && issue.type == nil && issue.resolution == nil)
    }

    @Test func `a bug is found by the name of its CVE and keeps its number`() async throws {
        let transport = ScriptedTransport(
            [Scene("GET /bug/CVE-2026-1234?" + Self.fields, answer: Self.bugs(Self.whole))],
            baseURL: Self.base + "/rest")
        let outcome = try await Samples.runner(of: tracker, transport).fetchIssue(
            IssueReference(key: "CVE-2026-1234"), from: Self.source, budget: Self.budget)
        guard case .fetched(let issue, _) = outcome else { return #expect(Bool(false)) }
        #expect(issue.key == "35" && issue.previousKeys == ["CVE-2026-1234"])
        #expect(transport.complaints.isEmpty, "\(transport.complaints)")
    }

    @Test func `a batch asks once and tells what was not returned`() async throws {
        let transport = ScriptedTransport(
            [
                Scene(
                    "GET /bug?id=35%2C36%2C99&limit=100&" + Self.fields, headers: Self.key,
                    answer: Self.bugs(Self.whole, "{\"id\":\"x\"}", Self.bug(36)))
            ], baseURL: Self.base + "/rest")
        let outcome = try await Samples.runner(of: tracker, transport).fetchIssues(
            ["35", "36", "99"].map { IssueReference(key: $0) }, from: Self.source, budget: Self.budget)
        #expect(outcome.found.map(\.key) == ["35", "36"] && outcome.notReturned.map(\.key) == ["99"])
        #expect(transport.complaints.isEmpty, "\(transport.complaints)")
    }

    @Test(arguments: [
        (
            "checkout fails",
            "quicksearch=ALL%20%22checkout%22%20%22fails%22&order=changeddate%20DESC&limit=5&"
        ),
        ("a:b \"-c|d", "quicksearch=ALL%20%22a%3Ab%22%20%22-c%7Cd%22&order=changeddate%20DESC&limit=5&"),
        ("#35", "id=35&limit=1&"), ("bug 35", "id=35&limit=1&"),
    ])
    func `a search asks for each word, or for a number`(words: String, query: String) async throws {
        let found = try await Self.run(
            [Scene("GET /bug?" + query + Self.fields, headers: Self.key, answer: Self.bugs(Self.whole))],
            tracker.search(words, limit: 5, in: Self.source))
        #expect(found.map(\.key) == ["35"])
    }

    @Test func `changes are read from the oldest on, and go on by time`() async throws {
        let tail = "&order=changeddate%2Cbug_id&limit=100&" + Self.fields
        let many =
            (1...99).map { Self.bug($0) }.joined(separator: ",") + ","
            + Self.bug(100, changed: "2026-11-22T10:00:09Z")
        let first = try await Self.run(
            [
                Scene(
                    "GET /bug?last_change_time=2026-11-22T10%3A00%3A00Z&product=Shop%20%26%20Co" + tail,
                    answer: Self.bugs(many))
            ], tracker.changes(since: Samples.startedAt, project: "Shop & Co", page: "", in: Self.source))
        #expect(first.issues.count == 100 && first.next == "1795341609000+0")
        let last = try await Self.run(
            [
                Scene(
                    "GET /bug?last_change_time=2026-11-22T10%3A00%3A09Z&offset=100" + tail,
                    answer: Self.bugs(Self.bug(100)))
            ],
            tracker.changes(since: Samples.startedAt, project: "", page: "1795341609000+100", in: Self.source)
        )
        #expect(last.issues.map(\.key) == ["100"] && last.next.isEmpty)
    }

    @Test(
        arguments: [
            ("UNCONFIRMED", true, "", StatusCategory.todo), ("CONFIRMED", true, "", .todo),
            ("NEW", true, "", .todo),
            ("REOPENED", true, "", .todo), ("IN_PROGRESS", true, "", .inProgress),
            ("ASSIGNED", true, "", .inProgress),
            ("MODIFIED", true, "", .inProgress), ("RESOLVED", false, "FIXED", .done),
            ("VERIFIED", false, "FIXED", .done),
            ("CLOSED", false, "ERRATA", .done), ("CLOSED", false, "", .done),
            ("RESOLVED", false, "INVALID", .canceled),
            ("RESOLVED", false, "WONTFIX", .canceled), ("RESOLVED", false, "DUPLICATE", .canceled),
            ("CLOSED", false, "NOTABUG", .canceled),
            // Without the server's own word.
            ("new", nil, "", .todo), ("RESOLVED", nil, "FIXED", .done), ("ASSIGNED", nil, "", .inProgress),
            ("FROZEN", nil, "", .unknown),
        ] as [(String, Bool?, String, StatusCategory)])
    func `a status has its category`(
        status: String, isOpen: Bool?, resolution: String, category: StatusCategory
    ) {
        #expect(BugzillaStatus.category(of: status, isOpen: isOpen, resolution: resolution) == category)
    }

    // MARK: Failures

    @Test(arguments: [
        (404, 101, TrackerError.Code.notFound), (404, 100, .notFound), (401, 102, .permissionDenied),
        (400, 102, .permissionDenied), (400, 101, .notFound), (401, 410, .credentialsRejected),
        (400, 306, .credentialsRejected), (401, 307, .credentialsRejected), (401, 300, .credentialsRejected),
        (401, 304, .permissionDenied), (401, 109, .permissionDenied), (401, 115, .permissionDenied),
        (401, 106, .permissionDenied), (400, 112, .invalidRequest), (400, 104, .invalidRequest),
        (401, 504, .invalidRequest), (401, 999_999, .credentialsRejected), (404, 51, .notFound),
    ])
    func `a failure is told by Bugzilla's number`(
        status: Int, number: Int, code: TrackerError.Code
    ) async throws {
        let body = "{\"error\":true,\"message\":\"Raw secret words\",\"code\":\(number)}"
        let error = await #expect(throws: TrackerError.self) {
            try await Samples.runner(of: tracker, FakeTransport(status, body: body))
                .fetchIssue(IssueReference(key: "1"), from: Self.source, budget: Self.budget)
        }
        #expect(error?.code == code && error?.message.contains("Raw") == false)
    }

    @Test(
        arguments: [
            (401, [:], "", TrackerError.Code.credentialsRejected, nil),
            (403, [:], "", .permissionDenied, nil),
            (429, ["retry-after": "7"], "{\"error\":true,\"code\":32000}", .rateLimited, .seconds(7)),
            (503, ["retry-after": "9"], "", .unavailable, .seconds(9)),
            (200, ["content-type": "text/html"], "<html>", .credentialsRejected, nil),
            (200, [:], "{\"bugs\":[]}", .badResponse, nil), (200, [:], "{}", .badResponse, nil),
        ] as [(Int, [String: String], String, TrackerError.Code, Duration?)])
    func `an answer without a number is read by its status`(
        status: Int, headers: [String: String], body: String, code: TrackerError.Code, wait: Duration?
    ) async throws {
        let error = await #expect(throws: TrackerError.self) {
            try await Samples.runner(of: tracker, FakeTransport(status, headers, body: body))
                .fetchIssue(IssueReference(key: "1"), from: Self.source, budget: Self.budget)
        }
        #expect(error?.code == code && error?.retryAfter == wait)
    }

    @Test func `each way to authenticate sends its header and nothing else`() async throws {
        let transport = FakeTransport(404)
        let runner = Samples.runner(of: tracker, transport)
        let open = Samples.secretive(.bugzilla, Self.base, method: .none, secrets: [:])
        for source in [Self.source, open] {
            _ = try? await runner.fetchIssue(IssueReference(key: "1"), from: source, budget: Self.budget)
        }
        let accept = HTTPField("Accept", "application/json")
        #expect(
            transport.sent.map(\.headers) == [
                [accept, HTTPField("X-BUGZILLA-API-KEY", "SECRET-KEY")], [accept],
            ])
    }
}
