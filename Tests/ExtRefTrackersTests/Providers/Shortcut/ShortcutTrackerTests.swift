// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing
import TrackerConformance

@testable import ExtRefTrackers

@Suite struct ShortcutTrackerTests {
    private typealias S = ShortcutSamples
    private let tracker = ShortcutTracker()

    private static let marker = CreationMarker(
        text: "extref-01jd0000000000000000000000", uuid: "0190d000-0000-4000-8000-000000000000")

    private func draft(
        _ fields: [String: String], project: String = "engineering", type: String = ""
    ) -> NewIssue {
        NewIssue(
            project: project, type: type, fields: fields, marker: Self.marker,
            startedAt: Timestamp(milliseconds: 0))
    }

    private func text(_ request: TrackerRequest) -> String {
        String(decoding: request.body ?? [], as: UTF8.self)
    }

    // MARK: Creating

    @Test func `a form offers the states of the team's workflows`() throws {
        let call = try tracker.form(project: "Engineering", type: "", in: S.ready())
        let (form, requests) = try converse(call, with: [S.workflows, S.groups])
        #expect(requests.map(\.pathAndQuery) == ["/workflows", "/groups"])
        #expect(requests.allSatisfy { $0.reusableFor > .zero })
        #expect(form.types.map(\.id) == ["bug", "feature", "chore"])
        #expect(form.fields.filter(\.isRequired).map(\.name) == ["title"])
        let state = form.fields.first { $0.name == "workflow_state_id" }
        #expect(state?.choices.map(\.label) == ["To Do", "In Development", "Done"])
        #expect(state?.defaultValue == "500000005")
        #expect(form.createURL == "https://app.shortcut.com/acme/stories/new")
        let any = try converse(
            tracker.form(project: "", type: "", in: S.ready()), with: [S.workflows, S.groups]
        ).value
        let states = any.fields.first { $0.name == "workflow_state_id" }
        #expect(states?.choices.map(\.label).last == "Design: Idea")
    }

    @Test func `a team that nobody knows is a wrong value`() throws {
        let call = try tracker.form(project: "nobody", type: "", in: S.ready())
        let error = #expect(throws: TrackerError.self) { try converse(call, with: [S.workflows, S.groups]) }
        #expect(error?.code == .invalidRequest && error?.fieldFaults.map(\.field) == ["project"])
    }

    @Test func `a story is created with the marker as its external id`() throws {
        let fields = [
            "title": "Checkout \"fails\"", "description": "line 1\nline 2", "workflow_state_id": "500000006",
            "labels": "flaky, ui", "deadline": "2026-12-24", "estimate": "3",
        ]
        let (issue, requests) = try converse(
            tracker.create(draft(fields, type: "chore"), in: S.ready()),
            with: [S.workflows, S.groups, S.story(group: S.team), S.workflows, S.groups])
        let body = packed(
            """
            {"deadline":"2026-12-24T00:00:00Z",
            "description":"line 1\\nline 2\\n\\nextref-01jd0000000000000000000000","estimate":3,
            "external_id":"extref-01jd0000000000000000000000","group_id":"\(S.team)",
            "labels":[{"name":"flaky"},{"name":"ui"}],"name":"Checkout \\"fails\\"","story_type":"chore",
            "workflow_state_id":500000006}
            """)
        #expect(requests[2].method == .post && requests[2].pathAndQuery == "/stories")
        #expect(text(requests[2]) == body && !requests[2].changesNothing)
        #expect(requests[2].headers.last == HTTPField("Content-Type", "application/json"))
        #expect(issue.key == "123" && issue.projectKey == "engineering")
    }

    @Test func `fields left empty are not sent, and the state is the team's first`() throws {
        let (_, requests) = try converse(
            tracker.create(draft(["title": "x", "labels": ""], project: ""), in: S.ready()),
            with: [S.workflows, S.groups, S.story(), S.workflows])
        let body = packed(
            """
            {"description":"extref-01jd0000000000000000000000",
            "external_id":"extref-01jd0000000000000000000000","name":"x","story_type":"bug",
            "workflow_state_id":500000005}
            """)
        #expect(text(requests[2]) == body)
    }

    @Test func `a story created before the answer was lost is found by its external id`() throws {
        let mine = S.story(7, extra: "\"external_id\":\"extref-01jd0000000000000000000000\",")
        let call = try tracker.findCreated(draft([:]), in: S.ready())
        let (found, requests) = try converse(call, with: ["[\(S.story()),\(mine)]", S.workflows])
        #expect(
            found?.key == "7" && requests[0].pathAndQuery == "/stories/search" && requests[0].changesNothing)
        #expect(text(requests[0]) == "{\"external_id\":\"extref-01jd0000000000000000000000\"}")
        #expect(try converse(call, with: ["[]"]).value == nil)
        #expect(try converse(call, with: ["[\(S.story())]"]).value == nil)
    }

    @Test(
        arguments: [
            (
                "{\"message\":\"m\",\"errors\":{\"name\":\"missing-key\",\"group_id\":\"no\\u001b[2J\"}}",
                ["project", "title"]
            ),
            ("{\"errors\":{\"name\":{\"nested\":1}}}", ["title"]), ("{\"errors\":{\"unknown\":\"x\"}}", []),
            ("{\"message\":\"m\"}", []), ("nonsense", []),
        ] as [(String, [String])])
    func `a refusal names the form's fields`(body: String, fields: [String]) {
        let failure = tracker.failure(TrackerResponse(status: 422, body: Array(body.utf8)))
        #expect((failure?.fieldFaults.map(\.field) ?? []) == fields)
        #expect(failure?.fieldFaults.allSatisfy { !$0.description.contains("\u{1B}") } != false)
    }

    // MARK: Back-links

    private static let link = BackLink(
        linkID: "lnk_1", url: "https://tests.example.com/TC-1", title: "Test case TC-1",
        relationship: "Tested by")

    @Test func `a back-link joins the story's links, once`() throws {
        let both = "{\"external_links\":[\"https://a.example/1\",\"https://tests.example.com/TC-1\"]}"
        let call = try tracker.putBackLink(Self.link, on: IssueReference(key: "123"), in: S.ready())
        let (id, requests) = try converse(call, with: [S.story(), both])
        #expect(id == Self.link.url && requests.map(\.method) == [.get, .put])
        #expect(requests[1].pathAndQuery == "/stories/123" && text(requests[1]) == both)
        let again = try converse(call, with: [both])
        #expect(again.value == Self.link.url && again.requests.count == 1)
    }

    @Test func `a back-link that was not kept, or links that cannot be read, are failures`() throws {
        let call = try tracker.putBackLink(Self.link, on: IssueReference(key: "123"), in: S.ready())
        for answers in [[S.story(), S.story()], ["{\"external_links\":[1]}"], ["{}"]] {
            let error = #expect(throws: TrackerError.self) { try converse(call, with: answers) }
            #expect(error?.code == .badResponse)
        }
    }

    @Test func `a back-link is taken off by the address that was put on`() throws {
        let kept = "{\"external_links\":[\"https://a.example/1\"]}"
        let old = "{\"external_links\":[\"https://a.example/1\",\"https://old.example/TC-1\"]}"
        let call = try tracker.removeBackLink(
            Self.link, remoteID: "https://old.example/TC-1", from: IssueReference(key: "123"), in: S.ready())
        let (_, requests) = try converse(call, with: [old, kept])
        #expect(requests.count == 2 && text(requests[1]) == kept)
        #expect(try converse(call, with: [kept]).requests.count == 1)
    }

    @Test func `a story that is gone has no back-link`() async throws {
        let transport = ScriptedAnswers([ScriptedAnswers.Answer(status: 404)])
        try await S.runner(transport).removeBackLink(
            Self.link, remoteID: "", from: IssueReference(key: "123"), in: S.ready(), budget: S.budget)
        #expect(transport.lines == ["GET \(S.api)/stories/123"])
    }

    // MARK: Probe

    private static func member(_ workspace: String = "acme", role: String = "member") -> String {
        packed(
            """
            {"id":"\(ShortcutSamples.bob)","name":"Bob Builder","mention_name":"bob","role":"\(role)",
            "workspace2":{"url_slug":"\(workspace)","name":"Acme"}}
            """)
    }

    @Test func `a connection test names the member and the workspace`() async {
        let transport = ScriptedAnswers(Self.member(), S.workflows)
        let report = await S.runner(transport).testConnection(S.ready())
        #expect(report.isOK && report.identity == "Bob Builder (bob)" && report.denied.isEmpty)
        #expect(transport.lines == ["GET \(S.api)/member", "GET \(S.api)/workflows"])
    }

    @Test func `a token of another workspace is told from a bad one`() async {
        let report = await S.runner(ScriptedAnswers(Self.member("other-co"))).testConnection(S.ready())
        #expect(!report.isOK && report.failureClass == "format")
        #expect(report.steps.first { $0.name == .identity }?.advice.contains("other-co") == true)
    }

    @Test func `an observer may not write`() async {
        let transport = ScriptedAnswers(Self.member("ACME", role: "observer"), "[]")
        let report = await S.runner(transport).testConnection(S.ready())
        #expect(report.isOK && report.denied == [.create, .backLink])
        #expect(report.steps.first { $0.name == .identity }?.verdict == .warning)
        #expect(report.steps.first { $0.name == .read }?.verdict == .warning)
    }

    // MARK: Webhooks

    private func read(_ body: String) throws -> WebhookEvent {
        try tracker.readWebhook(WebhookDelivery(headers: [], body: Array(body.utf8)), from: S.source())
    }

    @Test(
        arguments: [
            (
                "[{\"id\":16927,\"entity_type\":\"story\",\"action\":\"update\"}]",
                WebhookEvent.Kind.issueChanged, ["16927"]
            ),
            ("[{\"id\":16927,\"entity_type\":\"story\",\"action\":\"delete\"}]", .issueDeleted, ["16927"]),
            (
                "[" + deed("1", "story", "delete") + "," + deed("2", "story", "update") + "]",
                .issueChanged, ["1", "2"]
            ),
            (
                "[" + deed("5", "story-comment", "create") + "," + deed("9", "story", "update") + "]",
                .issueChanged, ["9"]
            ),
            ("[{\"id\":5,\"entity_type\":\"epic\",\"action\":\"update\"}]", .other, []),
            ("[{\"id\":\"u-1\",\"entity_type\":\"branch\",\"action\":\"push\"}]", .other, []),
            ("[{\"id\":-1,\"entity_type\":\"story\",\"action\":\"update\"}]", .other, []), ("[]", .other, []),
        ] as [(String, WebhookEvent.Kind, [String])])
    func `a notification names the stories it is about`(
        actions: String, kind: WebhookEvent.Kind, keys: [String]
    ) throws {
        let event = try read(
            "{\"id\":\"e-1\",\"changed_at\":\"2026-07-22T12:00:00Z\",\"actions\":\(actions)}")
        #expect(event.kind == kind && event.issues.map(\.key) == keys && event.deliveryID == "e-1")
        #expect(event.issues.allSatisfy { $0.nativeID == $0.key } && event.sentAt == nil)
    }

    private static func deed(_ id: String, _ type: String, _ action: String) -> String {
        "{\"id\":\(id),\"entity_type\":\"\(type)\",\"action\":\"\(action)\"}"
    }

    @Test(arguments: ["", "{}", "[]", "{\"actions\":{}}", "nonsense"])
    func `what is no notification is refused`(body: String) {
        #expect(throws: TrackerError.self) { try read(body) }
    }

    @Test func `the signature is a plain HMAC of the body`() {
        #expect(tracker.webhookSchemes == [.hmacSHA256(header: "payload-signature", prefix: "")])
    }

    // MARK: Exam

    @Test func `it passes the exam of all adapters`() async throws {
        var source = S.source()
        source.defaultExternalProject = "engineering"
        let story = packed(
            """
            {"id":123,"name":"x","workflow_state_id":6,"completed":false,"story_type":"bug",
            "owner_ids":["\(S.bob)"],"group_id":"\(S.team)","labels":[{"name":"flaky"}],
            "external_links":["x"],"mention_name":"bob","workspace2":{"url_slug":"acme"},"data":[]}
            """)
        let found = "{\"data\":[{\"id\":7,\"name\":\"x\",\"workflow_state_id\":6,\"started\":true}]}"
        let workflows =
            "[{\"id\":1,\"name\":\"w\",\"states\":[{\"id\":6,\"name\":\"Todo\",\"type\":\"done\"}]}]"
        let bodies = [story, "[\(story)]", found, workflows]
        let exam = TrackerExam(
            tracker, source: S.ready(source, token: "SECRET-TOKEN"),
            keys: ["123", "7", "999999999999999999"],
            answers: bodies.compactMap { RecordedExchange(answering: $0) })
        #expect(exam.description() == [])
        #expect(exam.recognition() == [])
        #expect(exam.requests() == [])
        let (wrong, count) = await exam.answersReading()
        #expect(wrong.isEmpty, "\(wrong)")
        #expect(count > 1_000)
    }
}
