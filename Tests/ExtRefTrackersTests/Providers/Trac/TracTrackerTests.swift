// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Synchronization
import Testing
import TrackerConformance

@testable import ExtRefTrackers

/// The answers are those that a Trac 1.6 gave.
@Suite struct TracTrackerTests {
    private static let base = "https://trac.example.com/demo"
    private static let open = Samples.secretive(.trac, base, method: .none, secrets: [:])
    private static let closed = Samples.secretive(
        .trac, base, method: .basic, settings: ["username": "bob"], secrets: ["password": "SECRET-WORD"])
    private static let table = ["content-type": "text/tab-separated-values;charset=utf-8"]
    private static let head =
        "\u{FEFF}id\tSummary\tStatus\tOwner\tKeywords\tModified\tResolution\tType\tPriority\r\n"
    private static let budget = Duration.seconds(5)
    private let tracker = TracTracker()

    private static func query(_ conditions: String, _ order: String = "order=id", limit: Int) -> String {
        "GET /query?\(conditions)col=id&col=summary&col=status&col=owner&col=keywords&col=changetime&col=resolution"
            + "&col=type&col=priority&\(order)&format=tab&max=\(limit)"
    }

    private func run<Value: Sendable>(
        _ scenes: [Scene], _ call: TrackerCall<Value>
    ) async throws -> Value {
        let transport = ScriptedTransport(scenes, baseURL: Self.base)
        defer { #expect(transport.complaints.isEmpty, "\(transport.complaints)") }
        return try await Samples.runner(of: tracker, transport).run(call, with: Self.open, reading: tracker)
    }

    private func fetch(_ table: String) async throws -> IssueSnapshot {
        try await run(
            [Scene(Self.query("id=1&", limit: 1), answerHeaders: Self.table, answer: table)],
            tracker.fetch(IssueReference(key: "1"), from: Self.open))
    }

    // MARK: Reading

    @Test func `a ticket is read whole`() async throws {
        let issue = try await fetch(
            Self.head
                + "1\t\"Says \"\"no\"\"\r\nand more\"\tclosed\tbob\tpayment, ui;db x\t11/24/26 06:38:18\twontfix"
                + "\tdefect\tmajor\r\n")
        #expect(issue.nativeID == "1" && issue.key == "1" && issue.projectKey.isEmpty)
        #expect(
            issue.webURL == "https://trac.example.com/demo/ticket/1" && issue.title == "Says \"no\" and more")
        #expect(
            issue.statusName == "closed" && issue.providerCategory == .canceled
                && issue.resolution == "wontfix")
        #expect(issue.assignees == [ExternalPerson(id: "bob", displayName: "bob")])
        #expect(
            issue.labels == ["payment", "ui", "db", "x"] && issue.type == "defect"
                && issue.priority == "major")
        #expect(issue.updatedAt == nil && issue.createdAt == nil && issue.closedAt == nil)
    }

    @Test(arguments: [
        ("2026-11-24T06:38:18Z", "2026-11-24T06:38:18Z"),
        ("2026-11-24T07:38:18+01:00", "2026-11-24T06:38:18Z"),
        ("2026-11-24T06:38:18", nil), ("24.11.2026 06:38:18", nil), ("", nil),
    ])
    func `only a time that names its zone is believed`(text: String, time: String?) async throws {
        let issue = try await fetch(Self.head + "1\tt\tnew\t\t\t\(text)\t\t\t\r\n")
        #expect(issue.updatedAt == time.flatMap(TrackerDate.parse))
        #expect(issue.assignees.isEmpty && issue.priority == nil && issue.labels.isEmpty)
    }

    @Test func `columns are known by their order in any language, and by name when some are missing`()
        async throws
    {
        let german =
            "\u{FEFF}id\tZusammenfassung\tStatus\tBesitzer\tStichw\u{F6}rter\tGe\u{E4}ndert\tL\u{F6}sung\tTyp"
            + "\tPriorit\u{E4}t\r\n"
        let whole = try await fetch(german + "1\tt\tclosed\tbob\t\t\tfixed\tdefect\tmajor\r\n")
        #expect(whole.resolution == "fixed" && whole.type == "defect" && whole.priority == "major")
        let fewer = Self.head.replacing("\tResolution", with: "")
        let rest = try await fetch(fewer + "1\tt\tnew\tbob\t\t\tdefect\tmajor\r\n")
        #expect(rest.resolution == nil && rest.type == "defect" && rest.priority == "major")
        let unclear = try await fetch(
            german.replacing("\tL\u{F6}sung", with: "") + "1\tt\tnew\tbob\t\t\tdefect\tmajor\r\n")
        #expect(unclear.type == nil && unclear.priority == nil && unclear.statusName == "new")
    }

    @Test(arguments: ["", "\u{FEFF}", head, head + "2\tother\tnew\t\t\t\t\t\t\r\n", head + "x\tt\tnew\r\n"])
    func `a ticket that is not in the table is missing`(table: String) async throws {
        let error = await #expect(throws: TrackerError.self) { try await fetch(table) }
        #expect(error?.code == .notFound)
    }

    @Test(arguments: ["id\tSummary\r\n1\tt\r\n", "{\"a\":1}"])
    func `another table is no answer`(table: String) async throws {
        let error = await #expect(throws: TrackerError.self) { try await fetch(table) }
        #expect(error?.code == .badResponse)
    }

    @Test func `a batch asks once and tells what was not returned`() async throws {
        let transport = ScriptedTransport(
            [
                Scene(
                    Self.query("id=1%2C2%2C99&", limit: 100), answerHeaders: Self.table,
                    answer: Self.head + "1\ta\tnew\t\t\t\t\t\t\r\n2\tb\tclosed\t\t\t\tfixed\t\t\r\n")
            ], baseURL: Self.base)
        let outcome = try await Samples.runner(of: tracker, transport).fetchIssues(
            ["1", "2", "99"].map { IssueReference(key: $0) }, from: Self.open, budget: Self.budget)
        #expect(outcome.found.map(\.key) == ["1", "2"] && outcome.notReturned.map(\.key) == ["99"])
        #expect(transport.complaints.isEmpty, "\(transport.complaints)")
    }

    @Test(arguments: [
        ("check & more", "summary=~check%20%26%20more&", "order=changetime&desc=1", 5),
        ("#12", "id=12&", "order=id", 1),
        ("ticket:12", "id=12&", "order=id", 1),
    ])
    func `a search asks for the words, or for a number`(
        words: String, condition: String, order: String, limit: Int
    ) async throws {
        let found = try await run(
            [
                Scene(
                    Self.query(condition, order, limit: limit), answerHeaders: Self.table,
                    answer: Self.head + "12\ta\tnew\t\t\t\t\t\t\r\n")
            ], tracker.search(words, limit: 5, in: Self.open))
        #expect(found.map(\.key) == ["12"])
    }

    @Test func `changes are read page by page, a little earlier than asked`() async throws {
        let since = "changetime=2026-11-22T09%3A55%3A00Z..&"
        let rows = (1...100).map { "\($0)\tt\tnew\t\t\t\t\t\t\r\n" }.joined()
        let first = try await run(
            [
                Scene(
                    Self.query(since, "order=changetime&page=1", limit: 100), answerHeaders: Self.table,
                    answer: Self.head + rows)
            ], tracker.changes(since: Samples.startedAt, project: "", page: "", in: Self.open))
        #expect(first.issues.count == 100 && first.next == "2+1")
        let last = try await run(
            [Scene(Self.query(since, "order=changetime&page=2", limit: 100), answerHeaders: Self.table)],
            tracker.changes(since: Samples.startedAt, project: "", page: "2+1", in: Self.open))
        #expect(last.issues.isEmpty && last.next.isEmpty)
        // Where all fits on one page, Trac shows that again instead of the second.
        let again = try await run(
            [
                Scene(
                    Self.query(since, "order=changetime&page=2", limit: 100), answerHeaders: Self.table,
                    answer: Self.head + rows)
            ], tracker.changes(since: Samples.startedAt, project: "", page: "2+1", in: Self.open))
        #expect(again.issues.isEmpty && again.next.isEmpty)
        for page in ["0", "x", "1+1", "2", "2+x", "10001+1"] {
            #expect(throws: TrackerError.self) {
                try tracker.changes(since: Samples.startedAt, project: "", page: page, in: Self.open)
            }
        }
    }

    @Test(
        arguments: [
            ("new", nil, StatusCategory.todo), ("reopened", nil, .todo), ("assigned", nil, .inProgress),
            ("accepted", nil, .inProgress), ("Accepted", nil, .inProgress), ("infoneeded", nil, .inProgress),
            ("closed", "fixed", .done), ("closed", nil, .done), ("closed", "landed", .done),
            ("closed", "invalid", .canceled), ("closed", "wontfix", .canceled),
            ("closed", "duplicate", .canceled),
            ("closed", "worksforme", .canceled), ("new", "fixed", .todo), ("in_orbit", nil, .unknown),
            ("", nil, .unknown),
        ] as [(String, String?, StatusCategory)])
    func `a status has the category of the default workflow`(
        status: String, resolution: String?, category: StatusCategory
    ) {
        #expect(TracStatus.category(of: status, resolution: resolution) == category)
    }

    // MARK: Logging in

    private static func cookies(_ values: [String]) -> [HTTPField] {
        values.map { HTTPField("set-cookie", $0) }
    }

    /// A Trac that lets bob in at its log-in page and shows tickets to who brings the cookie.
    private static func gate(_ logins: Counter, cookies: [String]) -> FakeTransport {
        FakeTransport { request in
            let head = [HTTPField("content-type", "text/tab-separated-values;charset=utf-8")]
            if request.url.hasSuffix("/login") {
                logins.increment()
                return HTTPResponse(
                    status: 302, headers: [HTTPField("location", base)] + Self.cookies(cookies), body: [])
            }
            let isIn = request.headers.contains(HTTPField("Cookie", "trac_auth=c00kie"))
            let page = "<a href=\"/demo/login\">Login</a>"
            return isIn
                ? HTTPResponse(status: 200, headers: head, body: Array((Self.head + "1\tt\tnew\r\n").utf8))
                : HTTPResponse(
                    status: 403, headers: [HTTPField("content-type", "text/html;charset=utf-8")],
                    body: Array(page.utf8))
        }
    }

    @Test func `a password is exchanged once for a session, and both are sent`() async throws {
        let logins = Counter()
        let transport = Self.gate(
            logins, cookies: ["trac_session=x; Path=/demo", "trac_auth=c00kie; HttpOnly; Path=/demo"])
        let runner = Samples.runner(of: tracker, transport)
        for _ in 0..<3 {
            _ = try await runner.fetchIssue(IssueReference(key: "1"), from: Self.closed, budget: Self.budget)
        }
        #expect(logins.value == 1 && transport.sent.count == 4)
        let authorization = HTTPField("Authorization", "Basic Ym9iOlNFQ1JFVC1XT1JE")
        #expect(transport.sent[0].headers == [authorization])
        #expect(transport.sent[1].headers == [authorization, HTTPField("Cookie", "trac_auth=c00kie")])
        let report = await runner.testConnection(Self.closed)
        #expect(report.isOK && report.identity == "bob", "\(report)")
    }

    @Test func `a session that ended is begun anew with the next call`() async throws {
        let logins = Counter()
        let transport = Self.gate(logins, cookies: ["trac_auth=stale"])
        let runner = Samples.runner(of: tracker, transport)
        for _ in 0..<2 {
            let error = await #expect(throws: TrackerError.self) {
                try await runner.fetchIssue(IssueReference(key: "1"), from: Self.closed, budget: Self.budget)
            }
            #expect(error?.code == .credentialsRejected)
        }
        #expect(logins.value == 2)
    }

    @Test(arguments: [
        [], ["other=1"], ["trac_auth="], ["trac_auth=a b"], ["trac_auth=\"x\""], ["trac_auth=a,b"],
    ])
    func `a log-in page that gives no session lets nobody in`(cookies: [String]) async throws {
        let error = await #expect(throws: TrackerError.self) {
            try await Samples.runner(of: tracker, Self.gate(Counter(), cookies: cookies))
                .fetchIssue(IssueReference(key: "1"), from: Self.closed, budget: Self.budget)
        }
        #expect(error?.code == .credentialsRejected)
    }

    @Test(arguments: [
        (401, "", "", TrackerError.Code.credentialsRejected),
        (200, "text/html", "<form>", .credentialsRejected),
        (403, "text/html", "<a href=\"/demo/login\">Anmelden</a>", .credentialsRejected),
        (403, "text/html", "<a href=\"/demo/logout\">Abmelden</a>", .permissionDenied),
        (403, "text/html", "<form action=\"/demo/logout\"></form><a href=\"/x/login\">", .permissionDenied),
        (403, "text/plain", "no", .permissionDenied), (404, "text/html", "<h1>No handler</h1>", .notFound),
        (500, "text/html", "Oops", .unavailable), (200, "application/json", "{}", .badResponse),
        (200, "text/plain", "", .badResponse),
    ])
    func `a failure is told by its kind`(
        status: Int, type: String, body: String, code: TrackerError.Code
    ) async throws {
        let error = await #expect(throws: TrackerError.self) {
            try await Samples.runner(of: tracker, FakeTransport(status, ["content-type": type], body: body))
                .fetchIssue(IssueReference(key: "1"), from: Self.open, budget: Self.budget)
        }
        #expect(error?.code == code)
    }

    // MARK: Exam

    @Test func `it passes the exam of all adapters`() {
        for source in [Self.open, Self.closed] {
            let exam = TrackerExam(tracker, source: source, keys: ["1", "34567", "999999999999999999"])
            #expect(exam.description() == [])
            #expect(exam.recognition() == [])
            #expect(exam.requests() == [])
        }
    }

    @Test func `hostile tables are read into clean values or a typed failure`() throws {
        var read = 0
        for text in HostileAnswers.texts {
            for value in [text, "\"" + text.replacing("\"", with: "\"\"") + "\""] {
                let row = "1\t" + Array(repeating: value, count: 8).joined(separator: "\t") + "\r\n"
                let bytes = Array((Self.head + row).utf8)
                for end in stride(from: 1, through: bytes.count, by: 97) + [bytes.count] {
                    let response = TrackerResponse(status: 200, body: Array(bytes[..<end]))
                    guard let tickets = try? tracker.readTickets(response, from: Self.open) else { continue }
                    read += tickets.count
                    for ticket in tickets {
                        let texts =
                            [ticket.title, ticket.statusName] + ticket.labels
                            + ticket.assignees.map(\.displayName)
                        #expect(!ticket.title.isEmpty && texts.allSatisfy { $0 == TrackerText.title($0) })
                        #expect(ticket.labels.count <= DomainLimits.labelsMax)
                    }
                }
            }
        }
        for body in HostileAnswers.bodies {
            let response = TrackerResponse(status: 200, body: body)
            #expect((try? tracker.readTickets(response, from: Self.open)) ?? [] == [])
        }
        #expect(read > 100)
    }
}

private func + (steps: StrideThrough<Int>, last: [Int]) -> [Int] { Array(steps) + last }
