// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing
import TrackerConformance

@testable import ExtRefTrackers

@Suite struct RoundupWritingTests {
    private typealias Reading = RoundupTrackerTests
    private static let writing = Reading.authorization.merging([
        "Content-Type": "application/json", "X-Requested-With": "rest", "Origin": "https://bugs.example.org",
    ]) { $1 }
    private let tracker = RoundupTracker()
    private let source = RoundupTrackerTests.basic

    // MARK: Form

    private static let formScenes = [
        Scene(
            "GET /data/priority?%40fields=name&%40sort=order&%40page_size=100",
            headers: Reading.authorization,
            answer: Reading.list("{\"id\":\"3\",\"name\":\"bug\"}", "{\"id\":\"5\",\"name\":\"wish\"}")),
        Scene(
            "GET /data/user?%40fields=username&%40sort=username&%40page_size=100",
            answer: Reading.list(
                "{\"id\":\"2\",\"username\":\"anonymous\"}", "{\"id\":\"3\",\"username\":\"bob\"}")),
        Scene(
            "GET /data/keyword?%40fields=name&%40sort=name&%40page_size=100",
            answer: Reading.list("{\"id\":\"1\",\"name\":\"payment\"}", "{\"id\":\"x\",\"name\":\"odd\"}")),
    ]

    @Test func `the form offers what the tracker has`() async throws {
        let form = try await Reading.run(Self.formScenes, tracker.form(project: "", type: "", in: source))
        #expect(form.types.isEmpty && form.createURL == "https://bugs.example.org/demo/issue?@template=item")
        #expect(form.fields.map(\.name) == ["title", "description", "priority", "assignedto", "keyword"])
        #expect(form.fields.map(\.kind) == [.text, .multiline, .choice, .person, .multiChoice])
        #expect(form.fields[3].choices == [IssueFormChoice(id: "3", label: "bob")])
        #expect(form.fields[4].choices.map(\.id) == ["1"])
    }

    @Test func `the form does without what the account may not see`() async throws {
        let refused = zip(Self.formScenes, [400, 403, 404]).map { Scene($0.request, status: $1) }
        let form = try await Reading.run(refused, tracker.form(project: "", type: "", in: source))
        #expect(form.fields.map(\.name) == ["title", "description"])
    }

    // MARK: Create

    private static let message = Scene(
        "POST /data/msg",
        body: """
            {"author":"bob","content":"line 1\\n\\nextref-01jd0000000000000000000000","date":".",\
            "messageid":"<extref-01jd0000000000000000000000@extref.invalid>"}
            """, headers: writing, status: 201, answer: "{\"data\":{\"id\":\"4\"}}")

    @Test func `a new issue gets its description as a message and is read again`() async throws {
        let draft = Samples.newIssue(
            "",
            [
                "title": "New \"one\"", "description": "line 1", "priority": "3", "keyword": "1,2",
                "assignedto": "",
            ])
        let issue = try await Reading.run(
            [
                Self.message,
                Scene(
                    "POST /data/issue",
                    body: """
                        {"keyword":["1","2"],"messages":["4"],"priority":"3","title":"New \\"one\\""}
                        """,
                    headers: Self.writing, status: 201, answer: "{\"data\":{\"id\":\"1\",\"link\":\"x\"}}"),
                Scene("GET /data/issue?id=1&" + Reading.page(1), answer: Reading.list(Reading.whole)),
            ], tracker.create(draft, in: source))
        #expect(issue.key == "1" && issue.title == "Checkout fails")
    }

    @Test(arguments: [
        (
            "property priority: 'nope' is not a priority.",
            [FieldViolation("priority", "'nope' is not a priority.")],
            "Roundup refuses what was sent."
        ),
        ("property secret: x", [], "Roundup refuses what was sent."),
        ("Property nosuch not found in class issue", [], "Roundup refuses what was sent."),
        ("Required Header Missing", [], "web in config.ini"),
        ("Client is not allowed to use Rest Interface.", [], "web in config.ini"),
    ])
    func `a refusal is told by field, or says what to set`(
        message: String, faults: [FieldViolation], part: String
    ) async throws {
        let error = await #expect(throws: TrackerError.self) {
            try await Reading.run(
                [
                    Self.message,
                    Scene(
                        "POST /data/issue", body: "{\"messages\":[\"4\"],\"title\":\"t\"}", status: 400,
                        answer: "{\"error\":{\"status\":400,\"msg\":\"\(message)\"}}"),
                ], tracker.create(Samples.newIssue("", ["title": "t", "description": "line 1"]), in: source))
        }
        #expect(error?.code == .invalidRequest && error?.fieldFaults == faults)
        #expect(error?.message.contains(part) == true)
    }

    private static let named =
        "GET /data/msg?messageid=%3Cextref-01jd0000000000000000000000%40extref.invalid%3E&%40fields=messageid"
        + "&%40sort=id&%40page_size=10"

    private static func messages(
        _ ids: String..., name: String = "extref-01jd0000000000000000000000"
    ) -> String {
        let ours = ids.map { "{\"id\":\"\($0)\",\"messageid\":\"<\(name)@extref.invalid>\"}" }
        let all = ours + ["{\"id\":\"90\",\"messageid\":\"<x\(name)>\"}"]
        return "{\"data\":{\"collection\":[\(all.joined(separator: ","))]}}"
    }

    @Test func `a created issue is found by its message's id`() async throws {
        let draft = Samples.newIssue("", ["title": "t"])
        let found = try await Reading.run(
            [
                Scene(Self.named, headers: Reading.authorization, answer: Self.messages("4", "7")),
                Scene(
                    "GET /data/issue?messages=4&messages=7&" + Reading.page(1),
                    answer: Reading.list(Reading.whole)),
            ], tracker.findCreated(draft, in: source))
        #expect(found?.key == "1")
        let none = try await Reading.run(
            [Scene(Self.named, answer: Self.messages())], tracker.findCreated(draft, in: source))
        #expect(none == nil)
    }

    // MARK: Back-link

    private static let text = """
        Tested by: Test case TC-1\\nhttps://tests.example.com/case/TC-1?a=b\\n\\n\
        (lnk_01JD0000000000000000000000)
        """
    private static let link = "lnk_01JD0000000000000000000000"
    private static let ours =
        "GET /data/msg?messageid=%3C\(link)%40extref.invalid%3E&%40fields=messageid&%40sort=id&%40page_size=10"

    private static func issue(
        _ messages: String..., status: String? = "8", tag: String = "\\\"e1\\\""
    ) -> Scene {
        let links = messages.map { "{\"id\":\"\($0)\",\"link\":\"x\"}" }.joined(separator: ",")
        let status = status.map { "{\"id\":\"\($0)\",\"link\":\"x\"}" } ?? "null"
        return Scene(
            "GET /data/issue/1",
            answer: """
                {"data":{"id":"1","attributes":{"messages":[\(links)],"status":\(status)},"@etag":"\(tag)"}}
                """)
    }

    private static func attach(_ body: String, tag: String = "\"e1\"", status: Int = 200) -> Scene {
        Scene(
            "PATCH /data/issue/1", body: body, headers: writing.merging(["If-Match": tag]) { $1 },
            status: status,
            answer: "{\"data\":{\"id\":\"1\"}}")
    }

    private static let write = Scene(
        "POST /data/msg",
        body: """
            {"author":"bob","content":"\(text)","date":".","messageid":"<\(link)@extref.invalid>"}
            """, headers: writing, status: 201, answer: "{\"data\":{\"id\":\"5\"}}")

    private func put(_ scenes: Scene...) async throws -> String {
        try await Reading.run(
            scenes, tracker.putBackLink(Samples.backLink, on: IssueReference(key: "1"), in: source))
    }

    @Test func `a link is a message, and the issue keeps its status`() async throws {
        let id = try await put(
            Scene(Self.ours, answer: Self.messages(name: Self.link)), Self.write, Self.issue("2"),
            Self.attach("{\"messages\":[\"2\",\"5\"],\"status\":\"8\"}"))
        #expect(id == "5")
        let bare = try await put(
            Scene(Self.ours, answer: Self.messages(name: Self.link)), Self.write, Self.issue(status: nil),
            Self.attach("{\"messages\":[\"5\"]}"))
        #expect(bare == "5")
    }

    @Test func `a link that is there already changes nothing`() async throws {
        let id = try await put(
            Scene(Self.ours, answer: Self.messages("5", name: Self.link)),
            Scene(
                "GET /data/msg/5/content",
                answer: "{\"data\":{\"data\":\"\(Self.text)\",\"@etag\":\"\\\"m\\\"\"}}"),
            Self.issue("5"))
        #expect(id == "5")
    }

    @Test(arguments: [200, 403, 412])
    func `a link with another text gets the new one where that is allowed`(status: Int) async throws {
        let id = try await put(
            Scene(Self.ours, answer: Self.messages("5", name: Self.link)),
            Scene("GET /data/msg/5/content", answer: "{\"data\":{\"data\":\"old\",\"@etag\":\"\\\"m\\\"\"}}"),
            Scene(
                "PATCH /data/msg/5", body: "{\"content\":\"\(Self.text)\"}",
                headers: Self.writing.merging(["If-Match": "\"m\""]) { $1 }, status: status, answer: "{}"),
            Self.issue("5"))
        #expect(id == "5")
    }

    @Test func `an issue that changes meanwhile is read again, but not for ever`() async throws {
        let body = "{\"messages\":[\"5\"],\"status\":\"8\"}"
        let id = try await put(
            Scene(Self.ours, answer: Self.messages(name: Self.link)), Self.write, Self.issue(),
            Self.attach(body, status: 412), Self.issue(tag: "\\\"e2\\\""), Self.attach(body, tag: "\"e2\""))
        #expect(id == "5")
        let error = await #expect(throws: TrackerError.self) {
            try await put(
                Scene(Self.ours, answer: Self.messages(name: Self.link)), Self.write, Self.issue(),
                Self.attach(body, status: 412), Self.issue(), Self.attach(body, status: 412), Self.issue(),
                Self.attach(body, status: 412))
        }
        #expect(error?.code == .unavailable)
    }

    @Test func `a link is taken off by taking its message from the issue`() async throws {
        let call = try tracker.removeBackLink(
            Samples.backLink, remoteID: "5", from: IssueReference(key: "1"), in: source)
        try await Reading.run(
            [
                Scene(Self.ours, answer: Self.messages("5", name: Self.link)), Self.issue("2", "5"),
                Self.attach("{\"messages\":[\"2\"],\"status\":\"8\"}"),
            ], call)
        try await Reading.run([Scene(Self.ours, answer: Self.messages(name: Self.link))], call)
        try await Reading.run(
            [Scene(Self.ours, answer: Self.messages("5", name: Self.link)), Self.issue("2")], call)
    }

    // MARK: Connection test

    private static let identity = Scene(
        "GET /data/user?username=bob&%40fields=username%2Crealname%2Croles&%40page_size=50",
        headers: Reading.authorization,
        answer: Reading.list(
            "{\"id\":\"9\",\"username\":\"bobby\",\"realname\":\"No\"}",
            "{\"id\":\"3\",\"username\":\"bob\",\"realname\":\"Bob Builder\",\"roles\":\"User, Admin\"}"))
    private static let read = Scene(
        "GET /data/issue?%40fields=title&%40page_size=1", answer: Reading.list(Reading.whole))

    private static func probe(_ status: Int, _ message: String) -> Scene {
        Scene(
            "POST /data/issue", body: "{\"extref-probe\":\"\",\"status\":\"extref-probe-no-such-status\"}",
            headers: writing, status: status,
            answer: "{\"error\":{\"status\":\(status),\"msg\":\"\(message)\"}}")
    }

    @Test(
        arguments: [
            (400, "property status: 'extref-probe-no-such-status' is not a status.", ProbeVerdict.passed, []),
            (400, "Property extref-probe not found in class issue", .passed, []),
            (403, "Permission to create issue denied", .warning, [Capability.create, .comment]),
            (400, "Required Header Missing", .warning, []),
        ] as [(Int, String, ProbeVerdict, Set<Capability>)])
    func `a connection test names the account and tells whether it may create`(
        status: Int, message: String, verdict: ProbeVerdict, denied: Set<Capability>
    ) async {
        let transport = ScriptedTransport(
            [Self.identity, Self.read, Self.probe(status, message)], baseURL: Reading.base + "/rest")
        let report = await Samples.runner(of: tracker, transport).testConnection(source)
        #expect(report.isOK && report.identity == "Bob Builder (bob)" && report.scopes == ["User", "Admin"])
        #expect(report.denied == denied && report.steps.first { $0.name == .create }?.verdict == verdict)
        #expect(!"\(report)".contains("SECRET") && !"\(report)".contains("is not a status"))
        #expect(transport.complaints.isEmpty, "\(transport.complaints)")
    }

    // MARK: Exam

    @Test func `it passes the exam of all adapters`() async {
        let scenes = [
            Scene("GET /a", answer: Reading.list(Reading.whole, Reading.bare, next: true)), Self.identity,
            Scene("GET /b", answer: Self.messages("5", name: Self.link)), Self.issue("2", "5"),
            Self.formScenes[0],
            Scene("GET /c", answer: "{\"data\":{\"data\":\"old\",\"@etag\":\"\\\"m\\\"\"}}"),
            Scene("POST /d", status: 201, answer: "{\"data\":{\"id\":\"4\"}}"),
            Self.probe(400, "property x: y"),
        ]
        let exam = TrackerExam(
            tracker, source: source, keys: ["1", "2551234", "999999999999999999"],
            answers: scenes.compactMap(\.recorded))
        #expect(exam.description() == [])
        #expect(exam.recognition() == [])
        #expect(exam.requests() == [])
        let (wrong, count) = await exam.answersReading()
        #expect(wrong.isEmpty, "\(wrong)")
        #expect(count > 1_000)
    }
}
