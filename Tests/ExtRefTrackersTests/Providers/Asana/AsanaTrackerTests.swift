// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing
import TrackerConformance

@testable import ExtRefTrackers

@Suite struct AsanaTrackerTests {
    private typealias S = AsanaSamples
    private let tracker = AsanaTracker()

    private static let marker = CreationMarker(
        text: "extref-01jd0000000000000000000000", uuid: "0190d000-0000-4000-8000-000000000000")

    private func draft(
        _ fields: [String: String], project: String = AsanaSamples.project, type: String = ""
    ) -> NewIssue {
        NewIssue(
            project: project, type: type, fields: fields, marker: Self.marker,
            startedAt: Timestamp(milliseconds: 1_784_721_600_000))
    }

    private func text(_ request: TrackerRequest) -> String {
        String(decoding: request.body ?? [], as: UTF8.self)
    }

    // MARK: Creating

    @Test func `a form offers the people of the workspace`() throws {
        let call = try tracker.form(project: S.project, type: "", in: S.ready())
        let (form, requests) = try converse(
            call, with: [S.page("{\"gid\":\"13\",\"name\":\"Bob\"}", "{\"gid\":\"x\",\"name\":\"No\"}")])
        #expect(
            requests.map(\.pathAndQuery) == [
                "/workspaces/\(S.workspace)/typeahead?resource_type=user&query=&count=100&opt_fields=name"
            ])
        #expect(form.types.map(\.id) == ["default_task", "milestone", "approval"])
        #expect(form.fields.map(\.name) == ["title", "description", "assignee", "due_on"])
        #expect(form.fields.filter(\.isRequired).map(\.name) == ["title"])
        #expect(form.fields[2].choices == [IssueFormChoice(id: "13", label: "Bob")])
        #expect(form.createURL == "https://app.asana.com/0/\(S.project)")
    }

    @Test func `a task is created in its project`() throws {
        let fields = [
            "title": "Checkout \"fails\"", "description": "line 1\nline 2", "assignee": "13",
            "due_on": "2026-12-24",
        ]
        let (issue, requests) = try converse(
            tracker.create(draft(fields, type: "milestone"), in: S.ready()), with: [S.one(S.task())])
        let body = packed(
            """
            {"data":{"assignee":"13","due_on":"2026-12-24","name":"Checkout \\"fails\\"",
            "notes":"line 1\\nline 2\\n\\nextref-01jd0000000000000000000000","projects":["\(S.project)"],
            "resource_subtype":"milestone"}}
            """)
        #expect(requests[0].method == .post && requests[0].pathAndQuery == "/tasks?opt_fields=\(S.fields)")
        #expect(text(requests[0]) == body && !requests[0].changesNothing)
        #expect(issue.key == S.task && issue.projectKey == S.project)
    }

    @Test func `fields left empty are not sent`() throws {
        var source = S.source()
        source.defaultExternalProject = "77"
        let (_, requests) = try converse(
            tracker.create(draft(["title": "x", "assignee": ""], project: ""), in: S.ready(source)),
            with: [S.one(S.task())])
        let body = packed(
            """
            {"data":{"name":"x","notes":"extref-01jd0000000000000000000000","projects":["77"],
            "resource_subtype":"default_task"}}
            """)
        #expect(text(requests[0]) == body)
    }

    @Test(arguments: ["", "Web shop", "0"])
    func `a new task needs a project's number`(project: String) {
        let error = #expect(throws: TrackerError.self) {
            try tracker.create(draft(["title": "x"], project: project), in: S.ready())
        }
        #expect(error?.code == .invalidRequest && error?.fieldFaults.map(\.field) == ["project"])
        #expect(throws: TrackerError.self) { try tracker.form(project: project, type: "", in: S.ready()) }
    }

    @Test func `a task created before the answer was lost is found by its marker`() throws {
        let mine = S.task("77", extra: "\"notes\":\"words\\n\\nextref-01jd0000000000000000000000\",")
        let call = try tracker.findCreated(draft([:]), in: S.ready())
        let (found, requests) = try converse(call, with: [S.page(S.task(), next: "o1"), S.page(mine)])
        #expect(found?.key == "77" && requests.count == 2)
        #expect(
            requests[0].pathAndQuery
                == "/tasks?project=\(S.project)&limit=100&modified_since=2026-07-22T11%3A55%3A00.000Z"
                + "&opt_fields=notes%2C\(S.fields)")
        #expect(try converse(call, with: [S.page(S.task())]).value == nil)
    }

    @Test(
        arguments: [
            ("name: Missing input", ["title"]), ("due_on: Not a date\\u001b[2J", ["due_on"]),
            ("projects.[0]: Not a recognized ID", ["project"]), ("assignee: Unknown", ["assignee"]),
            ("something else", []), ("", []),
        ] as [(String, [String])])
    func `a refusal names the form's fields`(message: String, fields: [String]) {
        let body = "{\"errors\":[{\"message\":\"\(message)\",\"help\":\"h\"}]}"
        let failure = tracker.failure(TrackerResponse(status: 400, body: Array(body.utf8)))
        #expect((failure?.fieldFaults.map(\.field) ?? []) == fields)
        #expect(failure?.fieldFaults.allSatisfy { !$0.description.contains("\u{1B}") } != false)
    }

    // MARK: Back-links

    private static let link = BackLink(
        linkID: "lnk_1", url: "https://tests.example.com/TC-1", title: "Test case TC-1",
        relationship: "Tested by")
    private static let comment = "Tested by: Test case TC-1\\nhttps://tests.example.com/TC-1\\n\\n(lnk_1)"

    private static func story(_ gid: String, _ text: String, _ type: String = "comment_added") -> String {
        "{\"gid\":\"\(gid)\",\"text\":\"\(text)\",\"resource_subtype\":\"\(type)\"}"
    }

    @Test func `a back-link is a comment that is written once`() throws {
        let call = try tracker.putBackLink(Self.link, on: IssueReference(key: S.task), in: S.ready())
        let (id, requests) = try converse(
            call, with: [S.page(Self.story("5", "other")), S.one(Self.story("77", "x"))])
        #expect(id == "77" && requests.map(\.method) == [.get, .post])
        #expect(
            requests[0].pathAndQuery
                == "/tasks/\(S.task)/stories?limit=100&opt_fields=text%2Cresource_subtype")
        #expect(requests[1].pathAndQuery == "/tasks/\(S.task)/stories")
        #expect(text(requests[1]) == "{\"data\":{\"text\":\"\(Self.comment)\"}}")
        let again = try converse(
            call, with: [S.page(Self.story("5", "x"), next: "o"), S.page(Self.story("77", Self.comment))])
        #expect(again.value == "77" && again.requests.count == 2)
        #expect(tracker.backLinkForm == .comment)
    }

    @Test func `a back-link with another text is changed`() throws {
        let call = try tracker.putBackLink(Self.link, on: IssueReference(key: S.task), in: S.ready())
        let old = S.page(Self.story("5", "(lnk_1)", "name_changed"), Self.story("77", "old words (lnk_1)"))
        let (id, requests) = try converse(call, with: [old, S.one(Self.story("77", "x"))])
        #expect(id == "77" && requests[1].method == .put && requests[1].pathAndQuery == "/stories/77")
        #expect(throws: TrackerError.self) {
            try converse(call, with: [S.page(), S.one(Self.story("x", ""))])
        }
    }

    @Test(arguments: [200, 404])
    func `a back-link is removed, and one that is gone is no failure`(status: Int) async throws {
        let transport = ScriptedAnswers([ScriptedAnswers.Answer(status: status, body: "{\"data\":{}}")])
        try await S.runner(transport).removeBackLink(
            Self.link, remoteID: "77", from: IssueReference(key: S.task), in: S.ready(), budget: S.budget)
        #expect(transport.lines == ["DELETE \(S.api)/stories/77"])
    }

    @Test func `a back-link without a known id is found by the link's id`() throws {
        let call = try tracker.removeBackLink(
            Self.link, remoteID: "", from: IssueReference(key: S.task), in: S.ready())
        let (_, requests) = try converse(
            call, with: [S.page(Self.story("77", Self.comment)), "{\"data\":{}}"])
        #expect(requests.map(\.method) == [.get, .delete] && requests[1].pathAndQuery == "/stories/77")
        #expect(try converse(call, with: [S.page()]).requests.count == 1)
        #expect(try converse(call, with: [S.page(next: "again")]).requests.count == 10)
    }

    // MARK: Probe

    private static func me(_ workspaces: String...) -> String {
        let list = workspaces.map { "{\"gid\":\"\($0)\",\"name\":\"Acme\"}" }.joined(separator: ",")
        return "{\"data\":{\"gid\":\"13\",\"name\":\"Bob Builder\",\"workspaces\":[\(list)]}}"
    }

    @Test func `a connection test names the account`() async {
        let transport = ScriptedAnswers(Self.me(S.workspace), S.page("{\"gid\":\"1\",\"name\":\"p\"}"))
        let report = await S.runner(transport).testConnection(S.ready())
        #expect(report.isOK && report.identity == "Bob Builder")
        #expect(
            transport.lines == [
                "GET \(S.api)/users/me?opt_fields=name%2Cworkspaces.name",
                "GET \(S.api)/projects?workspace=\(S.workspace)&limit=1&opt_fields=name",
            ])
        #expect(report.steps.first { $0.name == .read }?.verdict == .passed)
    }

    @Test func `the source's project is what is read, if it has one`() async {
        var source = S.source()
        source.defaultExternalProject = S.project
        let transport = ScriptedAnswers(Self.me(S.workspace), S.page())
        let report = await S.runner(transport).testConnection(S.ready(source))
        #expect(report.isOK && report.steps.first { $0.name == .read }?.verdict == .warning)
        #expect(transport.lines.last == "GET \(S.api)/tasks?project=\(S.project)&limit=1&opt_fields=name")
    }

    @Test func `a workspace of others, or one to be chosen, is told`() async {
        let foreign = await S.runner(ScriptedAnswers(Self.me("99"))).testConnection(S.ready())
        #expect(!foreign.isOK && foreign.failureClass == "format")
        let many = ScriptedAnswers(
            Self.me("98", "99"), S.page("{\"gid\":\"98\"}", "{\"gid\":\"99\"}"), S.page("{\"gid\":\"1\"}"))
        let report = await S.runner(many).testConnection(S.ready(S.source(workspace: "")))
        #expect(report.isOK && report.steps.first { $0.name == .identity }?.verdict == .warning)
        #expect(many.lines.last == "GET \(S.api)/projects?workspace=98&limit=1&opt_fields=name")
    }

    // MARK: Webhooks

    private func read(_ body: String) throws -> WebhookEvent {
        try tracker.readWebhook(WebhookDelivery(headers: [], body: Array(body.utf8)), from: S.source())
    }

    private static func event(_ gid: String, _ action: String, _ type: String = "task") -> String {
        "{\"action\":\"\(action)\",\"resource\":{\"gid\":\"\(gid)\",\"resource_type\":\"\(type)\"}}"
    }

    @Test(
        arguments: [
            ([event("11", "changed")], WebhookEvent.Kind.issueChanged, ["11"]),
            (
                [event("11", "changed"), event("11", "added"), event("12", "deleted")], .issueChanged,
                ["11", "12"]
            ),
            ([event("11", "deleted")], .issueDeleted, ["11"]), ([event("7", "added", "story")], .other, []),
            ([event("x", "changed")], .other, []), ([], .other, []), (["null", "7"], .other, []),
        ] as [([String], WebhookEvent.Kind, [String])])
    func `a notification names the tasks it is about`(
        events: [String], kind: WebhookEvent.Kind, keys: [String]
    ) throws {
        let event = try read("{\"events\":[\(events.joined(separator: ","))]}")
        #expect(event.kind == kind && event.issues.map(\.key) == keys && event.deliveryID.isEmpty)
        #expect(event.issues.allSatisfy { $0.nativeID == $0.key })
    }

    @Test(arguments: ["", "{}", "[]", "{\"events\":7}", "x"])
    func `what is no notification is refused`(body: String) {
        #expect(throws: TrackerError.self) { try read(body) }
    }

    @Test func `the signature is a plain HMAC of the body`() {
        #expect(tracker.webhookSchemes == [.hmacSHA256(header: "x-hook-signature", prefix: "")])
    }

    // MARK: Exam

    @Test func `it passes the exam of all adapters`() async throws {
        var source = S.source()
        source.defaultExternalProject = S.project
        let task = packed(
            """
            {"gid":"\(S.task)","name":"x","completed":false,"resource_subtype":"approval",
            "assignee":{"gid":"13","name":"Bob"},"memberships":[\(S.membership())],
            "tags":[{"gid":"1","name":"flaky"}],"workspaces":[{"gid":"\(S.workspace)"}]}
            """)
        let listed = "{\"gid\":\"7\",\"name\":\"x\",\"completed\":true,\"text\":\"x\"}"
        let results = "{\"data\":[{\"status_code\":200,\"body\":{\"data\":\(listed)}}]}"
        let bodies = [S.one(task), S.page(listed), results]
        let exam = TrackerExam(
            tracker, source: S.ready(source, token: "SECRET-TOKEN"),
            keys: [S.task, "7", "99999999999999999999"],
            answers: bodies.compactMap { RecordedExchange(answering: $0) })
        #expect(exam.description() == [])
        #expect(exam.recognition() == [])
        #expect(exam.requests() == [])
        let (wrong, count) = await exam.answersReading()
        #expect(wrong.isEmpty, "\(wrong)")
        #expect(count > 800)
    }
}
