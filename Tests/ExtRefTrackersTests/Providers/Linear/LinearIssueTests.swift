// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct LinearIssueTests {
    private typealias S = LinearSamples

    private func fetch(
        _ reference: IssueReference = IssueReference(key: "ENG-12"), answer: ScriptedAnswers.Answer
    ) async throws -> IssueSnapshot {
        let outcome = try await S.runner(ScriptedAnswers([answer])).fetchIssue(
            reference, from: S.ready(), budget: S.budget)
        guard case .fetched(let issue, _) = outcome else { throw TrackerError(.badResponse, "not modified") }
        return issue
    }

    private func fetch(
        _ body: String, _ reference: IssueReference = IssueReference(key: "ENG-12")
    ) async throws
        -> IssueSnapshot
    {
        try await fetch(reference, answer: ScriptedAnswers.Answer(body: body))
    }

    @Test func `an issue is asked for by its key and read whole`() async throws {
        let transport = ScriptedAnswers(S.one(S.issue(former: ["OPS-3"])))
        let outcome = try await S.runner(transport).fetchIssue(
            IssueReference(key: "ENG-12"), from: S.ready(), budget: S.budget)
        guard case .fetched(let issue, _) = outcome else { return #expect(Bool(false)) }
        #expect(transport.lines == ["POST https://api.linear.app/graphql"])
        #expect(
            transport.sent[0].headers == [
                HTTPField("Accept", "application/json"), HTTPField("Content-Type", "application/json"),
                HTTPField("Authorization", "lin_api_KEY"),
            ])
        #expect(transport.bodies == [S.body(LinearQuery.issue, "{\"id\":\"ENG-12\"}")])
        #expect(issue.nativeID == S.id && issue.key == "ENG-12" && issue.projectKey == "ENG")
        #expect(issue.previousKeys == ["OPS-3"] && issue.formerNativeID == nil)
        #expect(issue.webURL == "https://linear.app/acme/issue/ENG-12" && issue.title == "Checkout fails")
        #expect(issue.statusName == "In Progress" && issue.providerCategory == .inProgress)
        #expect(
            issue.assignees == [
                ExternalPerson(id: "66666666-6666-4666-8666-666666666666", displayName: "Bob Builder")
            ])
        #expect(issue.priority == "High" && issue.type == nil && issue.labels == ["bug", "checkout"])
        #expect(issue.createdAt == Timestamp(milliseconds: 1_784_548_800_000))
        #expect(issue.updatedAt == Timestamp(milliseconds: 1_784_721_600_000) && issue.closedAt == nil)
    }

    @Test func `a known id is what Linear is asked for`() async throws {
        let transport = ScriptedAnswers(S.one(S.issue()))
        _ = try await S.runner(transport).fetchIssue(
            IssueReference(key: "ENG-12", nativeID: S.id), from: S.ready(), budget: S.budget)
        #expect(transport.bodies == [S.body(LinearQuery.issue, "{\"id\":\"\(S.id)\"}")])
    }

    @Test func `requests go to the admin's own API address`() async throws {
        let transport = ScriptedAnswers(S.one(S.issue()))
        var source = S.source()
        source.apiBaseURL = "https://gateway.example/linear/"
        _ = try await S.runner(transport).fetchIssue(
            IssueReference(key: "ENG-12"), from: S.ready(source), budget: S.budget)
        #expect(transport.lines == ["POST https://gateway.example/linear/graphql"])
    }

    @Test(arguments: [
        ("triage", StatusCategory.todo), ("backlog", .todo), ("unstarted", .todo), ("started", .inProgress),
        ("completed", .done), ("canceled", .canceled), ("duplicate", .canceled), ("invented", .unknown),
        ("Completed", .unknown), ("", .unknown),
    ])
    func `a status has its category`(type: String, category: StatusCategory) async throws {
        let issue = try await fetch(S.one(S.issue(state: "Any name", type: type)))
        #expect(issue.providerCategory == category && issue.statusName == "Any name")
    }

    @Test(arguments: [
        ("completed", "\"completedAt\":\"2026-07-21T00:00:00Z\",", true),
        ("canceled", "\"canceledAt\":\"2026-07-21T00:00:00Z\",", true),
        ("started", "\"completedAt\":\"2026-07-21T00:00:00Z\",", false),
        ("completed", "", false),
    ])
    func `only a closed issue has a time of closing`(type: String, field: String, isThere: Bool) async throws
    {
        let body = S.issue(type: type).replacing("\"completedAt\":null,\"canceledAt\":null,", with: field)
        let issue = try await fetch(S.one(body))
        #expect(issue.closedAt == (isThere ? Timestamp(milliseconds: 1_784_592_000_000) : nil))
    }

    @Test func `an issue without priority and assignee has none`() async throws {
        let body = packed(
            """
            {"id":"\(S.id)","identifier":"ENG-12","title":" ","priority":0,"priorityLabel":"No priority",
            "state":{"name":"Todo","type":"unstarted"},"assignee":null}
            """)
        let issue = try await fetch(S.one(body))
        #expect(issue.priority == nil && issue.assignees.isEmpty && issue.labels.isEmpty)
        #expect(issue.title == "ENG-12" && issue.updatedAt == nil && issue.previousKeys.isEmpty)
    }

    @Test(arguments: [
        // Moved to another team: Linear tells the former key.
        (["ENG-12"], ["ENG-12"]), (["ENG-12", "OLD-1", "OPS-7", "no key"], ["ENG-12", "OLD-1"]),
        // A team was renamed: only the question tells it.
        ([String](), ["ENG-12"]),
    ])
    func `a moved issue comes with its new key and its former ones`(
        told: [String], expected: [String]
    ) async throws {
        let issue = try await fetch(S.one(S.issue(key: "OPS-7", former: told)))
        #expect(issue.key == "OPS-7" && issue.previousKeys == expected && issue.projectKey == "OPS")
        #expect(issue.webURL == "https://linear.app/acme/issue/OPS-7" && issue.nativeID == S.id)
    }

    @Test func `an archived issue can be read, one in the trash is gone`() async throws {
        let archived = try await fetch(S.one(S.issue(extra: "\"archivedAt\":\"2026-07-22T12:00:00Z\",")))
        #expect(archived.key == "ENG-12")
        let trashed = S.issue().replacing("\"trashed\":null", with: "\"trashed\":true")
        let error = await #expect(throws: TrackerError.self) { try await fetch(S.one(trashed)) }
        #expect(error?.code == .gone && error?.reachability == .gone)
    }

    @Test(arguments: [
        // Another id than the one asked for, no id, no key.
        (S.one(S.issue(id: S.otherID)), TrackerError.Code.badResponse),
        (S.one(S.issue(id: "17")), .badResponse), (S.one(S.issue(id: "../../secret")), .badResponse),
        (S.one(S.issue(key: "ENG-0")), .badResponse), (S.one(S.issue(key: "../x")), .badResponse),
        ("{\"data\":{\"issue\":null}}", .badResponse), ("{\"data\":null}", .badResponse),
        ("{}", .badResponse),
        ("[]", .badResponse), ("not json", .badResponse), ("", .badResponse),
    ])
    func `an answer that is no such issue is refused`(body: String, code: TrackerError.Code) async {
        let error = await #expect(throws: TrackerError.self) {
            try await fetch(body, IssueReference(key: "ENG-12", nativeID: S.id))
        }
        #expect(error?.code == code)
    }

    @Test func `a page for people means that nobody is logged in`() async {
        let answer = ScriptedAnswers.Answer(headers: ["content-type": "text/html"], body: "<html>")
        let error = await #expect(throws: TrackerError.self) { try await fetch(answer: answer) }
        #expect(error?.code == .credentialsRejected)
    }
}

@Suite struct LinearBatchTests {
    private typealias S = LinearSamples

    private let references = [
        IssueReference(key: "ENG-12", nativeID: LinearSamples.id), IssueReference(key: "OPS-7"),
        IssueReference(key: "ENG-4"), IssueReference(key: "ENG-5"), IssueReference(key: "ENG-4"),
    ]

    @Test func `many issues are one question, by ids and by teams`() async throws {
        let transport = ScriptedAnswers(
            S.many(S.issue(), S.issue(id: S.otherID, key: "OPS-7", state: "Done", type: "completed")))
        let outcome = try await S.runner(transport).fetchIssues(references, from: S.ready(), budget: S.budget)
        let filter = packed(
            """
            {"or":[{"id":{"in":["\(S.id)"]}},
            {"number":{"in":[4,5]},"team":{"key":{"eq":"ENG"}}},
            {"number":{"in":[7]},"team":{"key":{"eq":"OPS"}}}]}
            """)
        #expect(
            transport.bodies == [S.body(LinearQuery.issues, "{\"filter\":\(filter),\"first\":4}")])
        #expect(outcome.found.map(\.key) == ["ENG-12", "OPS-7"] && outcome.refused.isEmpty)
        #expect(outcome.notReturned.map(\.key) == ["ENG-4", "ENG-5"] && outcome.failure == nil)
    }

    @Test func `an issue in the trash is refused, the others are read`() async throws {
        let trashed = S.issue(id: S.otherID, key: "OPS-7").replacing(
            "\"trashed\":null", with: "\"trashed\":true")
        let transport = ScriptedAnswers(S.many(trashed, S.issue()))
        let outcome = try await S.runner(transport).fetchIssues(references, from: S.ready(), budget: S.budget)
        #expect(outcome.found.map(\.key) == ["ENG-12"])
        #expect(outcome.refused.mapValues(\.code) == [IssueReference(key: "OPS-7"): .gone])
    }

    @Test func `an issue that moved is known by its id`() async throws {
        let transport = ScriptedAnswers(S.many(S.issue(key: "OPS-40")))
        let outcome = try await S.runner(transport).fetchIssues(
            [IssueReference(key: "ENG-12", nativeID: S.id)], from: S.ready(), budget: S.budget)
        #expect(outcome.found.map(\.key) == ["OPS-40"] && outcome.found.map(\.previousKeys) == [["ENG-12"]])
        #expect(outcome.notReturned.isEmpty)
    }

    @Test func `a page that Linear cut short is continued`() async throws {
        let transport = ScriptedAnswers(
            S.many(S.issue(), next: "c1"), S.many(S.issue(id: S.otherID, key: "OPS-7")))
        let outcome = try await S.runner(transport).fetchIssues(references, from: S.ready(), budget: S.budget)
        #expect(outcome.found.map(\.key) == ["ENG-12", "OPS-7"])
        #expect(transport.bodies.count == 2 && transport.bodies[0].contains("\"first\":4}"))
        #expect(
            transport.bodies.last?.contains("\"variables\":{\"after\":\"c1\",\"filter\":{\"or\":[") == true)
    }

    @Test(arguments: [
        LinearSamples.many(next: ""), LinearSamples.many(next: String(repeating: "c", count: 513)),
        // Pages without end.
        LinearSamples.many(next: "again"),
    ])
    func `a batch never ends with issues that look missing`(body: String) async {
        let error = await #expect(throws: TrackerError.self) {
            try await S.runner(ScriptedAnswers(body)).fetchIssues(
                references, from: S.ready(), budget: S.budget)
        }
        #expect(error?.code == .badResponse)
    }

    @Test func `one that cannot be read does not hide the others`() async throws {
        let transport = ScriptedAnswers(
            S.many("null", "{\"id\":7}", S.issue(), S.issue(key: "ENG-4", title: "x")))
        let outcome = try await S.runner(transport).fetchIssues(references, from: S.ready(), budget: S.budget)
        #expect(outcome.found.map(\.key).contains("ENG-12") && outcome.failure == nil)
    }

    @Test func `batches hold as many issues as one page may`() {
        let references = (1...251).map { IssueReference(key: "ENG-\($0)") }
        #expect(LinearTracker().batches(of: references).map(\.count) == [250, 1])
    }

    @Test func `what is no key is never sent`() throws {
        #expect(throws: TrackerError.self) {
            try LinearTracker().fetchBatch([IssueReference(key: "../x")], from: S.ready())
        }
        #expect(throws: TrackerError.self) {
            try LinearTracker().fetch(IssueReference(key: "ENG", nativeID: "x"), from: S.ready())
        }
    }
}
