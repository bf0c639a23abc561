// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing
import TrackerConformance

@testable import ExtRefTrackers

@Suite struct BugzillaWritingTests {
    private typealias Reading = BugzillaTrackerTests
    private static let writing = Reading.key.merging(["Content-Type": "application/json"]) { $1 }
    private let tracker = BugzillaTracker()
    private let source = BugzillaTrackerTests.source

    // MARK: Form

    private static let product = Scene(
        "GET /product?names=Shop%20%26%20Co&include_fields=name%2Ccomponents%2Cversions",
        headers: Reading.key,
        answer: """
            {"products":[{"name":"Shop & Co","components":[{"name":"Checkout","is_active":true},\
            {"name":"Old","is_active":false},{"name":"Search","is_active":true},{"name":"a\\u202eb","is_active":true}],\
            "versions":[{"name":"1.0","is_active":true},{"name":"unspecified","is_active":true}]}]}
            """)
    private static let values = Scene(
        "GET /field/bug?names=priority&names=bug_severity&names=rep_platform&names=op_sys"
            + "&include_fields=name%2Cdisplay_name%2Cvalues", headers: Reading.key,
        answer: """
            {"fields":[{"name":"priority","display_name":"Priority","values":[{"name":"P1"},{"name":"P2"}]},\
            {"name":"op_sys","display_name":"OS","values":[{"name":"All"},{"name":"Linux"}]},\
            {"name":"rep_platform","values":[]}]}
            """)

    @Test func `the form offers what the product has`() async throws {
        let form = try await Reading.run(
            [Self.product, Self.values], tracker.form(project: "Shop & Co", type: "", in: source))
        #expect(form.createURL == "https://bugs.example.org/enter_bug.cgi?product=Shop%20%26%20Co")
        #expect(
            form.fields.map(\.name) == [
                "title", "description", "component", "version", "priority", "op_sys", "assigned_to",
            ])
        #expect(form.fields[2].choices.map(\.id) == ["Checkout", "Search"] && form.fields[2].isRequired)
        #expect(form.fields[3].defaultValue == "unspecified" && form.fields[5].defaultValue == "All")
        #expect(form.violations(of: ["title": "t", "component": "Search", "priority": "P2"]).isEmpty)
    }

    @Test func `the form does without values that are not told`() async throws {
        let form = try await Reading.run(
            [Self.product, Scene(Self.values.request, status: 401)],
            tracker.form(project: "Shop & Co", type: "", in: source))
        #expect(form.fields.map(\.name) == ["title", "description", "component", "version", "assigned_to"])
    }

    @Test func `an unknown product is told, and none is not asked for`() async throws {
        let error = await #expect(throws: TrackerError.self) {
            try await Reading.run(
                [Scene(Self.product.request, answer: "{\"products\":[]}")],
                tracker.form(project: "Shop & Co", type: "", in: source))
        }
        #expect(error?.code == .notFound)
        for project in ["", " "] {
            #expect(throws: TrackerError.self) { try tracker.form(project: project, type: "", in: source) }
            #expect(throws: TrackerError.self) {
                try tracker.create(Samples.newIssue(project, ["title": "t"]), in: source)
            }
        }
    }

    // MARK: Create

    @Test func `a new bug is sent whole and read again`() async throws {
        let draft = Samples.newIssue(
            "Shop",
            [
                "title": "Fails \"here\"", "description": "line 1", "component": "Checkout", "version": "1.0",
                "priority": "P1", "severity": "major", "platform": "All", "op_sys": "Linux",
                "assigned_to": "",
            ])
        let issue = try await Reading.run(
            [
                Scene(
                    "POST /bug",
                    body: """
                        {"component":"Checkout","description":"line 1\\n\\nextref-01jd0000000000000000000000",\
                        "op_sys":"Linux","platform":"All","priority":"P1","product":"Shop","severity":"major",\
                        "summary":"Fails \\"here\\"","version":"1.0"}
                        """, headers: Self.writing, answer: "{\"id\":35}"),
                Scene("GET /bug/35?" + Reading.fields, answer: Reading.bugs(Reading.whole)),
            ], tracker.create(draft, in: source))
        #expect(issue.key == "35" && issue.projectKey == "Shop")
    }

    @Test(arguments: [
        (105, "component"), (107, "title"), (504, "assigned_to"), (104, "issue"), (50, "issue"),
    ])
    func `a refused value is told by field`(number: Int, field: String) async throws {
        let error = await #expect(throws: TrackerError.self) {
            try await Reading.run(
                [
                    Scene(
                        "POST /bug",
                        body: """
                            {"description":"extref-01jd0000000000000000000000","product":"Shop","summary":"t"}
                            """, status: 400,
                        answer:
                            "{\"error\":true,\"message\":\"There is \\u001b[31mno such.\",\"code\":\(number)}"
                    )
                ], tracker.create(Samples.newIssue("Shop", ["title": "t"]), in: source))
        }
        #expect(error?.code == .invalidRequest)
        #expect(error?.fieldFaults == [FieldViolation(field, "There is no such.")])
    }

    private static let newest = Scene(
        "GET /bug?product=Shop&creation_time=2026-11-22T09%3A55%3A00Z&f1=longdesc&o1=substring"
            + "&v1=extref-01jd0000000000000000000000&order=bug_id%20DESC&limit=10&" + Reading.fields,
        headers: Reading.key, answer: Reading.bugs(Reading.bug(40), Reading.bug(39)))

    private static func comments(_ id: Int, _ text: String) -> Scene {
        Scene(
            "GET /bug/\(id)/comment?include_fields=text",
            answer:
                "{\"bugs\":{\"\(id)\":{\"comments\":[{\"text\":\"\(text)\"},{\"text\":\"later\"}]}},\"comments\":{}}"
        )
    }

    @Test func `a created bug is found by the marker in its description`() async throws {
        let draft = Samples.newIssue("Shop", [:])
        let found = try await Reading.run(
            [
                Self.newest, Self.comments(40, "else"),
                Self.comments(39, "text\\n\\nextref-01jd0000000000000000000000"),
            ], tracker.findCreated(draft, in: source))
        #expect(found?.key == "39")
        let none = try await Reading.run(
            [Self.newest, Self.comments(40, "else"), Self.comments(39, "")],
            tracker.findCreated(draft, in: source))
        #expect(none == nil)
    }

    // MARK: Back-link

    private func put(_ answer: String, status: Int = 200) async throws -> String {
        try await Reading.run(
            [
                Scene(
                    "PUT /bug/35",
                    body: "{\"see_also\":{\"add\":[\"https://tests.example.com/case/TC-1?a=b\"]}}",
                    headers: Self.writing, status: status, answer: answer)
            ], tracker.putBackLink(Samples.backLink, on: IssueReference(key: "35"), in: source))
    }

    @Test(arguments: [
        ("{\"bugs\":[{\"id\":35,\"changes\":{}}]}", "https://tests.example.com/case/TC-1?a=b"),
        (
            "{\"bugs\":[{\"changes\":{\"see_also\":{\"added\":\"https://tests.example.com/"
                + "case/TC-1\",\"removed\":\"\"}}}]}",
            "https://tests.example.com/case/TC-1"
        ),
        (
            "{\"bugs\":[{\"changes\":{\"see_also\":{\"added\":\"odd\"}}}]}",
            "https://tests.example.com/case/TC-1?a=b"
        ),
    ])
    func `a link goes under See Also and is known by what Bugzilla keeps`(
        answer: String, id: String
    ) async throws {
        #expect(try await put(answer) == id)
    }

    @Test func `an address that Bugzilla does not take is explained`() async throws {
        let error = await #expect(throws: TrackerError.self) {
            try await put("{\"error\":true,\"message\":\"x\",\"code\":112}", status: 400)
        }
        #expect(error?.code == .invalidRequest && error?.message.contains("See Also") == true)
    }

    @Test(arguments: [
        (
            "https://tests.example.com/kept",
            "\"https://tests.example.com/kept\",\"https://tests.example.com/case/TC-1?a=b\""
        ),
        ("", "\"https://tests.example.com/case/TC-1?a=b\""),
        ("17", "\"https://tests.example.com/case/TC-1?a=b\""),
    ])
    func `a link is taken off by both spellings`(remoteID: String, addresses: String) async throws {
        try await Reading.run(
            [
                Scene(
                    "PUT /bug/35", body: "{\"see_also\":{\"remove\":[\(addresses)]}}", headers: Self.writing,
                    answer: "{\"bugs\":[]}")
            ],
            tracker.removeBackLink(
                Samples.backLink, remoteID: remoteID, from: IssueReference(key: "35"), in: source))
    }

    // MARK: Connection test

    @Test(
        arguments: [
            (
                200, "{\"id\":2,\"name\":\"bob@example.net\",\"real_name\":\"Bob Builder\"}",
                "{\"ids\":[\"1\",\"2\"]}",
                "Bob Builder (bob@example.net)", ProbeVerdict.passed, []
            ), (200, "{\"name\":\"bob\"}", "{\"ids\":[]}", "bob", .passed, [Capability.create]),
            (404, "{\"error\":true,\"code\":32614}", "{\"ids\":[1]}", "", .warning, []),
            (400, "{\"error\":true,\"code\":-32601}", "{\"ids\":[1]}", "", .warning, []),
        ] as [(Int, String, String, String, ProbeVerdict, Set<Capability>)])
    func `a connection test names the account and counts products`(
        status: Int, user: String, enterable: String, identity: String, verdict: ProbeVerdict,
        denied: Set<Capability>
    ) async {
        let transport = ScriptedTransport(
            [
                Scene("GET /whoami", headers: Reading.key, status: status, answer: user),
                Scene("GET /product_selectable", answer: "{\"ids\":[\"1\"]}"),
                Scene("GET /product_enterable", answer: enterable),
            ], baseURL: Reading.base + "/rest")
        let report = await Samples.runner(of: tracker, transport).testConnection(source)
        #expect(report.isOK && report.identity == identity && report.denied == denied, "\(report)")
        #expect(report.steps.first { $0.name == .identity }?.verdict == verdict)
        #expect(transport.complaints.isEmpty, "\(transport.complaints)")
    }

    @Test(arguments: [400, 401])
    func `a revoked key fails the test`(status: Int) async {
        let transport = FakeTransport(status, body: "{\"error\":true,\"code\":306,\"message\":\"x\"}")
        let report = await Samples.runner(of: tracker, transport).testConnection(source)
        #expect(report.failureClass == "auth" && report.reason == .trackerCredentialsRejected)
    }

    // MARK: Exam

    @Test func `it passes the exam of all adapters`() async {
        let scenes = [
            Scene("GET /a", answer: Reading.bugs(Reading.whole, Reading.bug(36))), Self.product, Self.values,
            Self.comments(35, "extref-01jd0000000000000000000000"), Scene("POST /b", answer: "{\"id\":35}"),
            Scene("GET /c", answer: "{\"id\":2,\"name\":\"bob\",\"real_name\":\"Bob\"}"),
            Scene("GET /d", answer: "{\"ids\":[\"1\"]}"),
            Scene(
                "PUT /e",
                answer: "{\"bugs\":[{\"changes\":{\"see_also\":{\"added\":\"https://x.example/1\"}}}]}"),
        ]
        let exam = TrackerExam(
            tracker, source: source, keys: ["35", "999999999999999999", "CVE-2026-12345"],
            answers: scenes.compactMap(\.recorded))
        #expect(exam.description() == [])
        #expect(exam.recognition() == [])
        #expect(exam.requests() == [])
        let (wrong, count) = await exam.answersReading()
        #expect(wrong.isEmpty, "\(wrong)")
        #expect(count > 1_000)
    }
}
