// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct LinearCreateTests {
    private typealias S = LinearSamples
    private let tracker = LinearTracker()
    private static let marker = CreationMarker(
        text: "extref-01jd0000000000000000000000", uuid: "0190d000-0000-4000-8000-000000000000")
    private static let team = "{\"data\":{\"teams\":{\"nodes\":[{\"id\":\"\(LinearSamples.teamID)\"}]}}}"

    private static func created(_ success: Bool = true) -> String {
        let issue = LinearSamples.issue(id: marker.uuid, state: "Todo", type: "unstarted")
        return "{\"data\":{\"issueCreate\":{\"success\":\(success),\"issue\":\(issue)}}}"
    }

    private func draft(_ fields: [String: String], project: String = "ENG") -> NewIssue {
        NewIssue(
            project: project, fields: fields, marker: Self.marker, startedAt: Timestamp(milliseconds: 0))
    }

    @Test func `a form offers what a team knows`() throws {
        let answer = packed(
            """
            {"data":{"teams":{"nodes":[{"id":"\(S.teamID)",
            "defaultIssueState":{"id":"00000000-0000-4000-8000-000000000001"},
            "states":{"nodes":[
            {"id":"00000000-0000-4000-8000-000000000002","name":"Done","type":"completed","position":3},
            {"id":"00000000-0000-4000-8000-000000000001","name":"Todo","type":"unstarted","position":1.5}]},
            "labels":{"nodes":[{"id":"00000000-0000-4000-8000-000000000003","name":"bug","isGroup":false},
            {"id":"00000000-0000-4000-8000-000000000004","name":"Area","isGroup":true}]}}]},
            "issueLabels":{"nodes":[
            {"id":"00000000-0000-4000-8000-000000000005","name":"flaky","isGroup":false}]},
            "users":{"nodes":[
            {"id":"00000000-0000-4000-8000-000000000006","name":"Bob Builder","active":true},
            {"id":"00000000-0000-4000-8000-000000000007","name":"Gone","active":false}]},
            "issuePriorityValues":[{"priority":0,"label":"No priority"},{"priority":1,"label":"Urgent"}]}}
            """)
        let call = try tracker.form(project: "eng", type: "", in: S.ready())
        let (form, requests) = try converse(call, with: [answer])
        #expect(
            String(decoding: requests[0].body ?? [], as: UTF8.self)
                == S.body(LinearQuery.form, "{\"team\":\"ENG\"}"))
        #expect(form.createURL == "https://linear.app/acme/team/ENG/new" && form.types.isEmpty)
        #expect(form.fields.map(\.name) == LinearTracker.formFieldNames)
        #expect(form.fields.filter(\.isRequired).map(\.name) == ["title"])
        func labels(_ name: String) -> [String]? {
            form.fields.first { $0.name == name }?.choices.map(\.label)
        }
        #expect(labels("stateId") == ["Todo", "Done"] && labels("labelIds") == ["bug", "flaky"])
        #expect(labels("assigneeId") == ["Bob Builder"] && labels("priority") == ["No priority", "Urgent"])
        let state = form.fields.first { $0.name == "stateId" }
        #expect(state?.defaultValue == "00000000-0000-4000-8000-000000000001")
    }

    @Test(arguments: ["", "Engineering", "ENG-1"])
    func `a new issue needs a team's key`(project: String) {
        let error = #expect(throws: TrackerError.self) {
            try tracker.form(project: project, type: "", in: S.ready())
        }
        #expect(error?.code == .invalidRequest && error?.fieldFaults.map(\.field) == ["project"])
        #expect(throws: TrackerError.self) { try tracker.create(draft([:], project: project), in: S.ready()) }
    }

    @Test func `a team that nobody knows is a wrong value`() throws {
        let nobody = "{\"data\":{\"teams\":{\"nodes\":[]}}}"
        let form = try tracker.form(project: "ENG", type: "", in: S.ready())
        let create = try tracker.create(draft(["title": "x"]), in: S.ready())
        let first = #expect(throws: TrackerError.self) { try converse(form, with: [nobody]) }
        let second = #expect(throws: TrackerError.self) { try converse(create, with: [nobody]) }
        #expect(first?.code == .invalidRequest && second?.fieldFaults.map(\.field) == ["project"])
    }

    @Test func `an issue is created under the marker's own id`() throws {
        let fields = [
            "title": "Checkout \"fails\"", "description": "line 1\nline 2", "stateId": S.otherID,
            "assigneeId": S.id, "priority": "2", "labelIds": "a,b", "dueDate": "2026-12-24",
        ]
        let (issue, requests) = try converse(
            tracker.create(draft(fields), in: S.ready()), with: [Self.team, Self.created()])
        let bodies = requests.map { String(decoding: $0.body ?? [], as: UTF8.self) }
        let input = packed(
            """
            {"input":{"assigneeId":"\(S.id)",
            "description":"line 1\\nline 2\\n\\nextref-01jd0000000000000000000000","dueDate":"2026-12-24",
            "id":"0190d000-0000-4000-8000-000000000000","labelIds":["a","b"],"priority":2,
            "stateId":"\(S.otherID)","teamId":"\(S.teamID)","title":"Checkout \\"fails\\""}}
            """)
        #expect(
            bodies == [
                S.body(LinearQuery.team, "{\"team\":\"ENG\"}"), S.body(LinearQuery.create, input),
            ])
        #expect(
            issue.nativeID == Self.marker.uuid && issue.key == "ENG-12" && issue.providerCategory == .todo)
        #expect(requests.allSatisfy { $0.reusableFor == .zero })
    }

    @Test func `fields left empty are not sent`() throws {
        let (_, requests) = try converse(
            tracker.create(draft(["title": "x", "stateId": "", "priority": ""]), in: S.ready()),
            with: [Self.team, Self.created()])
        let input = packed(
            """
            {"input":{"description":"extref-01jd0000000000000000000000",
            "id":"0190d000-0000-4000-8000-000000000000","teamId":"\(S.teamID)","title":"x"}}
            """)
        #expect(String(decoding: requests[1].body ?? [], as: UTF8.self) == S.body(LinearQuery.create, input))
    }

    @Test func `what was not created is a failure`() throws {
        let call = try tracker.create(draft(["title": "x"]), in: S.ready())
        #expect(throws: TrackerError.self) { try converse(call, with: [Self.team, Self.created(false)]) }
        let odd = try tracker.create(draft(["title": "x", "priority": "high"]), in: S.ready())
        let error = #expect(throws: TrackerError.self) {
            try converse(odd, with: [Self.team, Self.created()])
        }
        #expect(error?.fieldFaults.map(\.field) == ["priority"])
    }

    @Test func `an empty project is the source's own`() throws {
        var source = S.source()
        source.defaultExternalProject = "ops"
        let call = try tracker.create(draft(["title": "x"], project: ""), in: S.ready(source))
        let (_, requests) = try converse(call, with: [Self.team, Self.created()])
        #expect(
            String(decoding: requests[0].body ?? [], as: UTF8.self)
                == S.body(LinearQuery.team, "{\"team\":\"OPS\"}"))
    }

    @Test(arguments: [
        (
            400,
            LinearSamples.error(
                "title", type: "invalid input", code: "INVALID_INPUT", path: "[\"issueCreate\"]"), false
        ),
        (500, "", true),
    ])
    func `a refusal leaves no doubt, although the team was asked for first`(
        status: Int, body: String, isUncertain: Bool
    ) async {
        let transport = ScriptedAnswers([
            ScriptedAnswers.Answer(body: Self.team), ScriptedAnswers.Answer(status: status, body: body),
        ])
        let error = await #expect(throws: TrackerError.self) {
            try await S.runner(transport).createIssue(
                draft(["title": "x"]), in: S.ready(), budget: S.budget)
        }
        #expect(error?.isUncertain == isUncertain && transport.sent.count == 2)
    }

    @Test func `an issue created before the answer was lost is found by its id`() throws {
        let found = try converse(
            tracker.findCreated(draft(["title": "x"]), in: S.ready()),
            with: [S.many(S.issue(id: Self.marker.uuid))])
        #expect(found.value?.nativeID == Self.marker.uuid)
        #expect(
            String(decoding: found.requests[0].body ?? [], as: UTF8.self)
                == S.body(
                    LinearQuery.issues, "{\"filter\":{\"id\":{\"in\":[\"\(Self.marker.uuid)\"]}},\"first\":1}"
                ))
        let call = try tracker.findCreated(draft([:]), in: S.ready())
        #expect(try converse(call, with: [S.many()]).value == nil)
        #expect(try converse(call, with: [S.many(S.issue())]).value == nil)
    }
}

@Suite struct LinearWebhookTests {
    private typealias S = LinearSamples

    private func read(_ body: String) throws -> WebhookEvent {
        try LinearTracker().readWebhook(
            WebhookDelivery(headers: [HTTPField("linear-delivery", "d-1")], body: Array(body.utf8)),
            from: S.source())
    }

    private static func event(
        _ action: String, type: String = "Issue", former: String = "", extra: String = ""
    ) -> String {
        packed(
            """
            {"action":"\(action)","type":"\(type)","createdAt":"2026-07-22T12:00:00.000Z",
            "organizationId":"11111111-1111-4111-8111-111111111111","webhookTimestamp":1784721600123,
            "data":{"id":"\(LinearSamples.id)","identifier":"ENG-12","number":12,"title":"Checkout fails",
            \(extra)"previousIdentifiers":[\(former)]}}
            """)
    }

    @Test(arguments: [
        ("create", "", WebhookEvent.Kind.issueChanged), ("update", "", .issueChanged),
        ("restore", "", .issueChanged),
        ("remove", "", .issueDeleted), ("update", "\"trashed\":true,", .issueDeleted),
    ])
    func `a notification names the issue and what happened`(
        action: String, extra: String, kind: WebhookEvent.Kind
    ) throws {
        let event = try read(Self.event(action, extra: extra))
        #expect(event.kind == kind && event.deliveryID == "d-1")
        #expect(event.issues == [IssueReference(key: "ENG-12", nativeID: S.id)])
        #expect(event.sentAt == Timestamp(milliseconds: 1_784_721_600_123))
    }

    @Test func `a moved issue is named by its former keys too`() throws {
        let event = try read(Self.event("update", former: "\"OPS-3\",\"../x\",\"ENG-12\""))
        #expect(event.issues.map(\.key) == ["ENG-12", "OPS-3"])
        #expect(event.issues.allSatisfy { $0.nativeID == S.id })
    }

    @Test func `a comment is no change of an issue`() throws {
        let body = packed(
            """
            {"action":"create","type":"Comment","createdAt":"2020-01-23T12:53:18.084Z",
            "data":{"id":"2174add1-f7c8-44e3-bbf3-2d60b5ea8bc9",
            "issueId":"539068e2-ae88-4d09-bd75-22eb4a59612f"},
            "webhookTimestamp":1579784000000}
            """)
        let event = try read(body)
        #expect(event.kind == .other && event.issues.isEmpty)
        #expect(event.sentAt == Timestamp(milliseconds: 1_579_784_000_000))
    }

    @Test(arguments: [
        "", "{}", "[]", "{\"action\":\"update\",\"type\":\"Issue\"}",
        "{\"action\":\"update\",\"type\":\"Issue\",\"data\":{\"id\":\"7\",\"identifier\":\"ENG-12\"}}",
        event("update").replacing("ENG-12", with: "x"),
    ])
    func `what is no notification is refused`(body: String) {
        let error = #expect(throws: TrackerError.self) { try read(body) }
        #expect(error?.code == .badResponse)
    }

    @Test func `the signature is a plain HMAC of the body`() {
        #expect(LinearTracker().webhookSchemes == [.hmacSHA256(header: "linear-signature", prefix: "")])
    }
}
