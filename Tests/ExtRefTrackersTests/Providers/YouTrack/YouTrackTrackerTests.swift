// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing
import TrackerConformance

@testable import ExtRefTrackers

/// The answers have the shape that JetBrains documents.
@Suite struct YouTrackTrackerTests {
    static let base = "https://acme.youtrack.cloud"
    static let source = Samples.secretive(
        .youTrack, base, method: .accessToken, project: "SP", secrets: ["token": "perm:SECRET"])
    static let token = ["Authorization": "Bearer perm:SECRET", "Accept": "application/json"]
    static let fields =
        "fields=id%2CidReadable%2Csummary%2Ccreated%2Cupdated%2Cresolved%2Cproject%28id%2CshortName%29%2C"
        + "tags%28name%29%2CcustomFields%28name%2Cvalue%28id%2Cname%2Clogin%2CfullName%29%29"
    private static let budget = Duration.seconds(5)
    private let tracker = YouTrackTracker()

    static func run<Value: Sendable>(
        _ scenes: [Scene], _ call: TrackerCall<Value>
    ) async throws -> Value {
        let transport = ScriptedTransport(scenes, baseURL: base + "/api")
        defer { #expect(transport.complaints.isEmpty, "\(transport.complaints)") }
        return try await Samples.runner(of: YouTrackTracker(), transport)
            .run(call, with: source, reading: YouTrackTracker())
    }

    static let whole = """
        {"id":"2-7","idReadable":"SP-8","summary":"Checkout fails","created":1795341600000,"updated":1795341609250,\
        "resolved":1795341608000,"project":{"id":"0-0","shortName":"SP","$type":"Project"},\
        "tags":[{"name":"payment","$type":"Tag"},{"name":""}],"customFields":[\
        {"name":"Priority","value":{"id":"67-2","name":"Critical","$type":"EnumBundleElement"}},\
        {"name":"Type","value":{"name":"Bug"}},{"name":"State","value":{"id":"69-1","name":"Won't fix"}},\
        {"name":"Assignee","value":{"id":"1-3","login":"bob","name":"Bob","fullName":"Bob Builder"}},\
        {"name":"Estimation","value":{"minutes":60}},{"name":"Fix versions","value":[]},\
        {"name":"Spent","value":5},{"name":"Notes","value":"text"},{"name":"Due","value":null}],"$type":"Issue"}
        """

    static func issue(_ number: Int, description: String = "", created: Int64 = 1_795_341_600_000) -> String {
        """
        {"id":"2-\(number)","idReadable":"SP-\(number)","summary":"Issue \(number)",\
        "description":"\(description)",\
        "created":\(created),"resolved":null,"project":{"shortName":"SP"},"customFields":[]}
        """
    }

    private func read(_ body: String, in source: TrackerSource = source) throws -> IssueSnapshot {
        try tracker.readIssue(TrackerResponse(status: 200, body: Array(body.utf8)), from: source)
    }

    // MARK: Reading

    @Test func `an issue is read whole`() async throws {
        let issue = try await Self.run(
            [Scene("GET /issues/SP-8?" + Self.fields, headers: Self.token, answer: Self.whole)],
            tracker.fetch(IssueReference(key: "SP-8"), from: Self.source))
        #expect(issue.nativeID == "2-7" && issue.key == "SP-8" && issue.projectKey == "SP")
        #expect(issue.previousKeys.isEmpty && issue.title == "Checkout fails")
        #expect(issue.webURL == "https://acme.youtrack.cloud/issue/SP-8")
        #expect(issue.statusName == "Won't fix" && issue.providerCategory == .canceled)
        #expect(issue.priority == "Critical" && issue.type == "Bug" && issue.labels == ["payment"])
        #expect(issue.assignees == [ExternalPerson(id: "1-3", displayName: "Bob Builder")])
        #expect(issue.createdAt == Timestamp(milliseconds: 1_795_341_600_000))
        #expect(issue.updatedAt == Timestamp(milliseconds: 1_795_341_609_250))
        #expect(issue.closedAt == Timestamp(milliseconds: 1_795_341_608_000))
    }

    @Test func `an issue that moved keeps its id and remembers its key`() async throws {
        let transport = ScriptedTransport(
            [Scene("GET /issues/2-7?" + Self.fields, answer: Self.whole)], baseURL: Self.base + "/api")
        let outcome = try await Samples.runner(of: tracker, transport).fetchIssue(
            IssueReference(key: "OLD-3", nativeID: "2-7"), from: Self.source, budget: Self.budget)
        guard case .fetched(let issue, _) = outcome else { return #expect(Bool(false)) }
        #expect(issue.key == "SP-8" && issue.previousKeys == ["OLD-3"] && issue.nativeID == "2-7")
        #expect(transport.complaints.isEmpty, "\(transport.complaints)")
    }

    @Test func `a native id that is none is not asked for`() async throws {
        let issue = try await Self.run(
            [Scene("GET /issues/SP-8?" + Self.fields, answer: Self.whole)],
            tracker.fetch(IssueReference(key: "SP-8", nativeID: "../users"), from: Self.source))
        #expect(issue.key == "SP-8")
    }

    @Test func `a site's own names of fields count`() throws {
        let named = Samples.secretive(
            .youTrack, Self.base, method: .accessToken,
            settings: [
                "state_field": "Zustand", "priority_field": " Dringlichkeit ", "assignee_field": "Wer",
                "type_field": "Art",
            ], secrets: ["token": "perm:SECRET"])
        let issue = try read(
            """
            {"id":"2-7","idReadable":"sp-8","summary":"t","customFields":[{"name":"State","value":{"name":"Open"}},\
            {"name":"ZUSTAND","value":{"name":"Neu"}},{"name":"Dringlichkeit","value":{"name":"hoch"}},\
            {"name":"Wer","value":[{"login":"a","fullName":"A"},{"login":"b"},{"id":"1-2"},{}]},\
            {"name":"Art","value":{"name":"Fehler"}}]}
            """, in: named)
        #expect(
            issue.key == "SP-8" && issue.statusName == "Neu" && issue.priority == "hoch"
                && issue.type == "Fehler")
        #expect(issue.assignees.map(\.displayName) == ["A", "b", "1-2"])
    }

    @Test(arguments: [("Stage", "Review"), ("Status", "Review"), ("Kanban", "")])
    func `templates without a State have a Stage`(field: String, status: String) throws {
        let issue = try read(
            """
            {"id":"2-7","idReadable":"SP-8","customFields":[{"name":"\(field)","value":{"name":"Review"}}]}
            """
        )
        #expect(issue.statusName == status && issue.title == "SP-8")
    }

    @Test(arguments: [
        ("Submitted", false, StatusCategory.todo), ("Open", false, .todo), ("Reopened", false, .todo),
        ("Backlog", false, .todo), ("", false, .todo), ("In Progress", false, .inProgress),
        ("Review", false, .inProgress),
        ("To be discussed", false, .inProgress), ("Wartet", false, .inProgress), ("Fixed", true, .done),
        ("Verified", true, .done), ("Done", true, .done), ("", true, .done), ("Won't fix", true, .canceled),
        ("Won\u{2019}t fix", true, .canceled), ("Duplicate", true, .canceled),
        ("Can't Reproduce", true, .canceled),
        ("Obsolete", true, .canceled), ("Incomplete", true, .canceled), ("Duplicate", false, .inProgress),
    ])
    func `a state has its category, and only a time resolves`(
        state: String, isResolved: Bool, category: StatusCategory
    ) {
        #expect(YouTrackStatus.category(of: state, isResolved: isResolved) == category)
    }

    @Test(arguments: [
        "{}", "[]", "{\"id\":\"2-7\"}", "{\"id\":\"x\",\"idReadable\":\"SP-8\"}",
        "{\"id\":\"2-7\",\"idReadable\":\"2-7\"}",
        "{\"id\":2,\"idReadable\":\"SP-8\"}",
    ])
    func `an answer without a key is none`(body: String) {
        let error = #expect(throws: TrackerError.self) { try read(body) }
        #expect(error?.code == .badResponse)
    }

    @Test(arguments: [
        ("checkout fails", [], "%22checkout%22%20%22fails%22%20sort%20by%3A%20updated%20desc"),
        (
            "state: \"x\" -#y", ["SP", "ops", "a b"],
            "project%3A%20SP%2Cops%20%22state%3A%22%20%22x%22%20%22-%23y%22%20sort%20by%3A%20updated%20desc"
        ),
    ])
    func `a search quotes each word`(words: String, allowed: [String], query: String) async throws {
        var draft = Self.source.source
        draft.allowedExternalProjects = allowed
        let source = TrackerSource(draft, credential: Self.source.credential)
        let found = try await Self.run(
            [
                Scene(
                    "GET /issues?query=\(query)&\(Self.fields)&%24top=5&%24skip=0", headers: Self.token,
                    answer: "[\(Self.whole),{\"id\":\"2-9\"}]")
            ], tracker.search(words, limit: 5, in: source))
        #expect(found.map(\.key) == ["SP-8"])
    }

    @Test(arguments: [(200, whole, ["SP-8"]), (404, "{\"error\":\"Not Found\"}", [])])
    func `a search for a key asks for that issue`(status: Int, answer: String, keys: [String]) async throws {
        let found = try await Self.run(
            [Scene("GET /issues/SP-8?" + Self.fields, status: status, answer: answer)],
            tracker.search("sp-8", limit: 5, in: Self.source))
        #expect(found.map(\.key) == keys)
    }

    @Test func `changes are asked for with a margin for the account's time zone`() async throws {
        func scene(_ scope: String, skip: Int, _ answer: String) -> Scene {
            Scene(
                "GET /issues?query=\(scope)updated%3A%202026-11-21T22%3A00%3A00%20..%20%2A%20sort%20by%3A"
                    + "%20updated%20asc&\(Self.fields)&%24top=100&%24skip=\(skip)", answer: answer)
        }
        let many = (1...100).map { Self.issue($0) }.joined(separator: ",")
        let first = try await Self.run(
            [scene("project%3A%20SP%20", skip: 0, "[\(many)]")],
            tracker.changes(since: Samples.startedAt, project: "SP", page: "", in: Self.source))
        #expect(first.issues.count == 100 && first.next == "100")
        let last = try await Self.run(
            [scene("", skip: 100, "[\(Self.whole)]")],
            tracker.changes(since: Samples.startedAt, project: "", page: first.next, in: Self.source))
        #expect(last.issues.map(\.key) == ["SP-8"] && last.next.isEmpty)
        for (project, page) in [("", "x"), ("", "-1"), ("", "1000001"), ("a b", ""), ("SP} x", "")] {
            #expect(throws: TrackerError.self) {
                try tracker.changes(since: Samples.startedAt, project: project, page: page, in: Self.source)
            }
        }
    }

    // MARK: Ways to authenticate, and failures

    @Test func `each way to authenticate sends its header and nothing else`() async throws {
        let transport = FakeTransport(404)
        let runner = Samples.runner(of: tracker, transport)
        let guest = Samples.secretive(.youTrack, Self.base, method: .none, secrets: [:])
        for source in [Self.source, guest] {
            _ = try? await runner.fetchIssue(IssueReference(key: "SP-8"), from: source, budget: Self.budget)
        }
        let accept = HTTPField("Accept", "application/json")
        #expect(
            transport.sent.map(\.headers) == [
                [accept, HTTPField("Authorization", "Bearer perm:SECRET")], [accept],
            ])
    }

    @Test(
        arguments: [
            (401, [:], "{\"error\":\"Unauthorized\"}", TrackerError.Code.credentialsRejected, nil),
            (403, [:], "{\"error\":\"Forbidden\"}", .permissionDenied, nil),
            (
                404, [:], "{\"error\":\"Not Found\",\"error_description\":\"Entity with id SP-8 not found\"}",
                .notFound, nil
            ),
            (400, [:], "{\"error\":\"invalid_query\",\"error_description\":\"x\"}", .invalidRequest, nil),
            (429, ["retry-after": "30"], "", .rateLimited, .seconds(30)), (503, [:], "", .unavailable, nil),
            (200, ["content-type": "text/html;charset=utf-8"], "<html>", .credentialsRejected, nil),
            (200, [:], "{}", .badResponse, nil),
        ] as [(Int, [String: String], String, TrackerError.Code, Duration?)])
    func `a failure is told by its kind`(
        status: Int, headers: [String: String], body: String, code: TrackerError.Code, wait: Duration?
    ) async throws {
        let error = await #expect(throws: TrackerError.self) {
            try await Samples.runner(of: tracker, FakeTransport(status, headers, body: body))
                .fetchIssue(IssueReference(key: "SP-8"), from: Self.source, budget: Self.budget)
        }
        #expect(error?.code == code && error?.retryAfter == wait)
    }

    @Test(arguments: [
        (
            "{\"login\":\"bob\",\"fullName\":\"Bob Builder\",\"guest\":false}", "Bob Builder (bob)", "",
            "[{\"id\":\"2-7\"}]"
        ),
        ("{\"login\":\"bob\",\"fullName\":\"bob\"}", "bob", "", "[]"),
        ("{\"login\":\"guest\",\"guest\":true}", "", "auth", "[]"),
        ("{\"login\":\"\"}", "", "format", "[]"), ("{\"login\":\"bob\"}", "bob", "format", "{}"),
    ])
    func `a connection test names the account`(
        user: String, identity: String, failure: String, issues: String
    ) async {
        let transport = FakeTransport { request in
            HTTPResponse(status: 200, body: Array((request.url.contains("/users/me?") ? user : issues).utf8))
        }
        let report = await Samples.runner(of: tracker, transport).testConnection(Self.source)
        #expect(report.identity == identity && report.failureClass == failure, "\(report)")
        #expect(!"\(report)".contains("SECRET"))
    }
}
