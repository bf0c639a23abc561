// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing
import TrackerConformance

@testable import ExtRefTrackers

@Suite struct LinearTrackerTests {
    private typealias S = LinearSamples
    private let tracker = LinearTracker()

    // MARK: Search

    private static let hit = packed(
        """
        {"id":"\(LinearSamples.id)","identifier":"ENG-12","previousIdentifiers":[],"title":"Checkout fails",
        "priority":3,"priorityLabel":"Medium","updatedAt":"2026-07-22T12:00:00.000Z",
        "state":{"name":"Todo","type":"unstarted"},"assignee":null}
        """)

    @Test func `a search finds by words, within the allowed teams`() async throws {
        let transport = ScriptedAnswers("{\"data\":{\"searchIssues\":{\"nodes\":[\(Self.hit)]}}}")
        var source = S.source()
        source.allowedExternalProjects = ["ENG", "ops"]
        let found = try await S.runner(transport).searchIssues(
            "check\"out", limit: 5, in: S.ready(source), budget: S.budget)
        #expect(
            transport.bodies == [
                S.body(
                    LinearQuery.search,
                    "{\"filter\":{\"team\":{\"key\":{\"in\":[\"ENG\",\"OPS\"]}}},\"first\":5,"
                        + "\"term\":\"check\\\"out\"}"
                )
            ])
        #expect(found.map(\.key) == ["ENG-12"] && found[0].priority == "Medium")
    }

    @Test func `a search without allowed teams has no filter`() async throws {
        let transport = ScriptedAnswers("{\"data\":{\"searchIssues\":{\"nodes\":[]}}}")
        let found = try await S.runner(transport).searchIssues(
            "checkout", limit: 5, in: S.ready(), budget: S.budget)
        #expect(transport.bodies == [S.body(LinearQuery.search, "{\"first\":5,\"term\":\"checkout\"}")])
        #expect(found.isEmpty)
    }

    @Test func `a word that is a key means that issue`() async throws {
        let transport = ScriptedAnswers(S.many(S.issue()))
        let found = try await S.runner(transport).searchIssues(
            "eng-12", limit: 5, in: S.ready(), budget: S.budget)
        #expect(found.map(\.key) == ["ENG-12"] && transport.sent.count == 1)
        #expect(
            transport.bodies[0].contains("{\"number\":{\"in\":[12]},\"team\":{\"key\":{\"eq\":\"ENG\"}}}"))
    }

    @Test func `a word that only looks like a key is searched for`() async throws {
        let transport = ScriptedAnswers(S.many(), "{\"data\":{\"searchIssues\":{\"nodes\":[\(Self.hit)]}}}")
        let found = try await S.runner(transport).searchIssues(
            "UTF-8", limit: 5, in: S.ready(), budget: S.budget)
        #expect(found.map(\.key) == ["ENG-12"] && transport.sent.count == 2)
        #expect(transport.bodies.last?.hasSuffix("\"variables\":{\"first\":5,\"term\":\"UTF-8\"}}") == true)
    }

    // MARK: Changes

    @Test func `changes are read oldest first, page by page`() throws {
        let since = Timestamp(milliseconds: 1_784_721_600_042)
        let call = try tracker.changes(since: since, project: "", page: "", in: S.ready())
        let trashed = S.issue(id: S.otherID, key: "ENG-13").replacing(
            "\"trashed\":null", with: "\"trashed\":true")
        let (page, requests) = try converse(call, with: [S.many(S.issue(), trashed, next: "c/1")])
        #expect(page.issues.map(\.key) == ["ENG-12"] && page.next == "c/1")
        let filter = "{\"updatedAt\":{\"gte\":\"2026-07-22T12:00:00.042Z\"}}"
        #expect(
            String(decoding: requests[0].body ?? [], as: UTF8.self)
                == S.body(LinearQuery.changedIssues, "{\"filter\":\(filter),\"first\":100}"))
        let second = try converse(
            tracker.changes(since: since, project: "eng", page: page.next, in: S.ready()), with: [S.many()])
        #expect(second.value.issues.isEmpty && second.value.next.isEmpty)
        let body = String(decoding: second.requests[0].body ?? [], as: UTF8.self)
        #expect(
            body.contains(
                "\"variables\":{\"after\":\"c/1\",\"filter\":{\"team\":{\"key\":{\"in\":[\"ENG\"]}},"))
    }

    @Test func `changes keep to the allowed teams when no project is named`() throws {
        var source = S.source()
        source.allowedExternalProjects = ["OPS"]
        let call = try tracker.changes(
            since: Timestamp(milliseconds: 0), project: "", page: "", in: S.ready(source))
        let body = String(
            decoding: try converse(call, with: [S.many()]).requests[0].body ?? [], as: UTF8.self)
        #expect(
            body.contains(
                "{\"team\":{\"key\":{\"in\":[\"OPS\"]}},\"updatedAt\":{\"gte\":\"1970-01-01T00:00:00.000Z\"}}"
            ))
        #expect(!tracker.changesNeedProject)
    }

    // MARK: Back-links

    private static let link = BackLink(
        linkID: "lnk_1", url: "https://tests.example.com/TC-1?a=b", title: "Test case TC-1",
        relationship: "Tested by")

    @Test func `a back-link is an attachment, single by its address`() throws {
        let answer =
            "{\"data\":{\"attachmentCreate\":{\"success\":true,\"attachment\":{\"id\":\"\(S.linkID)\"}}}}"
        let reference = IssueReference(key: "ENG-12", nativeID: S.id)
        let (id, requests) = try converse(
            tracker.putBackLink(Self.link, on: reference, in: S.ready()), with: [answer])
        let input = packed(
            """
            {"input":{"issueId":"\(S.id)","metadata":{"linkId":"lnk_1"},"subtitle":"Tested by",
            "title":"Test case TC-1","url":"https://tests.example.com/TC-1?a=b"}}
            """)
        #expect(
            id == S.linkID && requests.count == 1
                && String(decoding: requests[0].body ?? [], as: UTF8.self)
                    == S.body(LinearQuery.attach, input)
        )
        #expect(tracker.backLinkForm == .linkObject)
    }

    @Test(arguments: [
        (false, LinearSamples.linkID), (true, "x"),
    ])
    func `a back-link that was not made is a failure`(success: Bool, id: String) throws {
        let payload = "{\"success\":\(success),\"attachment\":{\"id\":\"\(id)\"}}"
        let call = try tracker.putBackLink(Self.link, on: IssueReference(key: "ENG-12"), in: S.ready())
        #expect(throws: TrackerError.self) {
            try converse(call, with: ["{\"data\":{\"attachmentCreate\":\(payload)}}"])
        }
    }

    @Test(arguments: [
        (200, "{\"data\":{\"attachmentDelete\":{\"success\":true}}}", TrackerError.Code?.none),
        (
            200,
            LinearSamples.error(
                "Entity not found: Attachment", type: "invalid input", code: "INPUT_ERROR",
                path: "[\"attachmentDelete\"]"), nil
        ),
        (
            400,
            LinearSamples.error(
                "Entity not found: Attachment", type: "invalid input", code: "INPUT_ERROR",
                path: "[\"attachmentDelete\"]"), nil
        ),
        (
            400,
            LinearSamples.error("x", type: "forbidden", code: "FORBIDDEN", path: "[\"attachmentDelete\"]"),
            .permissionDenied
        ),
        (400, "{}", .invalidRequest), (200, "{}", .badResponse),
        (200, "{\"data\":{\"attachmentDelete\":{\"success\":false}}}", .badResponse),
        (401, "{}", .credentialsRejected),
    ])
    func `a back-link is removed by its id, and one that is gone is no failure`(
        status: Int, body: String, code: TrackerError.Code?
    ) async throws {
        let call = try tracker.removeBackLink(
            Self.link, remoteID: S.linkID, from: IssueReference(key: "ENG-12"), in: S.ready())
        let transport = ScriptedAnswers([ScriptedAnswers.Answer(status: status, body: body)])
        let runner = S.runner(transport)
        var failure: TrackerError.Code?
        do throws(TrackerError) {
            try await runner.run(call, with: S.ready(), reading: tracker) as Void
        } catch { failure = error.code }
        #expect(failure == code)
        #expect(transport.bodies == [S.body(LinearQuery.detach, "{\"id\":\"\(S.linkID)\"}")])
    }

    @Test func `a back-link without a known id is found by its address`() throws {
        let nodes = packed(
            """
            {"data":{"attachmentsForURL":{"nodes":[
            {"id":"\(S.teamID)","issue":{"id":"\(S.otherID)","identifier":"OPS-7"}},
            {"id":"\(S.linkID)","issue":{"id":"\(S.id)","identifier":"ENG-40"}}]}}}
            """)
        let call = try tracker.removeBackLink(
            Self.link, remoteID: "", from: IssueReference(key: "ENG-12", nativeID: S.id), in: S.ready())
        let (_, requests) = try converse(
            call, with: [nodes, "{\"data\":{\"attachmentDelete\":{\"success\":true}}}"])
        let bodies = requests.map { String(decoding: $0.body ?? [], as: UTF8.self) }
        #expect(
            bodies == [
                S.body(LinearQuery.attachments, "{\"url\":\"https://tests.example.com/TC-1?a=b\"}"),
                S.body(LinearQuery.detach, "{\"id\":\"\(S.linkID)\"}"),
            ])
        let none = try tracker.removeBackLink(
            Self.link, remoteID: "", from: IssueReference(key: "ENG-1"), in: S.ready())
        #expect(try converse(none, with: [nodes]).requests.count == 1)
    }

    // MARK: Probe

    private static func identity(_ workspace: String = "acme", left: Int = 1_400) -> String {
        packed(
            """
            {"data":{"viewer":{"name":"Bob Builder","displayName":"bob"},
            "organization":{"name":"Acme Inc.","urlKey":"\(workspace)"},
            "rateLimitStatus":{"limits":[
            {"type":"requests","allowedAmount":1500,"remainingAmount":\(left)}]}}}
            """)
    }

    private static let seen = "{\"data\":{\"issues\":{\"nodes\":[{\"id\":\"\(LinearSamples.id)\"}]}}}"

    @Test func `a connection test names the account and the workspace`() async {
        let transport = ScriptedAnswers(Self.identity(), Self.seen)
        let report = await S.runner(transport).testConnection(S.ready())
        #expect(report.isOK && report.identity == "Bob Builder (bob)")
        #expect(report.steps.first { $0.name == .identity }?.verdict == .passed)
        #expect(report.steps.first { $0.name == .read }?.verdict == .passed)
        #expect(
            transport.bodies == [S.body(LinearQuery.identity, "{}"), S.body(LinearQuery.read, "{}")])
    }

    @Test func `a key of another workspace is told from a bad one`() async {
        let report = await S.runner(ScriptedAnswers(Self.identity("other-co"))).testConnection(S.ready())
        #expect(!report.isOK && report.failureClass == "format" && report.reason == .trackerBadResponse)
        let advice = report.steps.first { $0.name == .identity }?.advice ?? ""
        #expect(advice.contains("other-co") && advice.contains("acme"))
    }

    @Test func `warnings are given for few calls and for an account that sees nothing`() async {
        let transport = ScriptedAnswers(
            Self.identity("ACME", left: 100), "{\"data\":{\"issues\":{\"nodes\":[]}}}")
        let report = await S.runner(transport).testConnection(S.ready())
        #expect(report.isOK)
        #expect(report.steps.first { $0.name == .identity }?.verdict == .warning)
        #expect(report.steps.first { $0.name == .read }?.verdict == .warning)
    }

    @Test func `a bad key fails the step it belongs to`() async {
        let body = S.error("x", type: "authentication error", code: "AUTHENTICATION_ERROR")
        let transport = ScriptedAnswers([ScriptedAnswers.Answer(status: 401, body: body)])
        let report = await S.runner(transport).testConnection(S.ready())
        #expect(report.failureClass == "auth" && report.reason == .trackerCredentialsRejected)
    }

    // MARK: Exam

    @Test func `it passes the exam of all adapters`() async throws {
        var source = S.source()
        source.defaultExternalProject = "ENG"
        let issue = packed(
            """
            {"id":"\(S.id)","identifier":"ENG-12","title":"x","priorityLabel":"High",
            "state":{"name":"Todo","type":"started"},"assignee":{"id":"1","name":"Bob"},
            "labels":{"nodes":[{"name":"bug"}]},"updatedAt":"2026-07-22T12:00:00Z"}
            """)
        let small = "{\"id\":\"\(S.id)\",\"identifier\":\"A-1\",\"title\":\"x\",\"state\":{\"name\":\"y\"}}"
        let form = packed(
            """
            {"data":{"teams":{"nodes":[{"id":"\(S.teamID)",
            "states":{"nodes":[{"id":"\(S.otherID)","name":"Todo"}]}}]},
            "users":{"nodes":[{"id":"\(S.linkID)","name":"Bob"}]},
            "issuePriorityValues":[{"priority":1,"label":"Urgent"}]}}
            """)
        let identity = packed(
            """
            {"data":{"viewer":{"name":"Bob","displayName":"bob"},"organization":{"urlKey":"acme"},
            "issues":{"nodes":[\(small)]}}}
            """)
        let bodies = [
            S.one(issue), form, identity, "{\"data\":{\"searchIssues\":{\"nodes\":[\(small)]}}}",
            "{\"data\":{\"issueCreate\":{\"success\":true,\"issue\":\(small)}}}",
        ]
        let exam = TrackerExam(
            tracker, source: S.ready(source, key: "SECRET-KEY"),
            keys: ["ENG-12", "A1B2-3", "ABCDEFGHIJ-999999999"],
            answers: bodies.compactMap { RecordedExchange(answering: $0) })
        #expect(exam.description() == [])
        #expect(exam.recognition() == [])
        #expect(exam.requests() == [])
        let (wrong, count) = await exam.answersReading()
        #expect(wrong.isEmpty, "\(wrong)")
        #expect(count > 500)
    }
}
