// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct AsanaIssueTests {
    private typealias S = AsanaSamples
    private typealias Answer = ScriptedAnswers.Answer

    private func fetch(
        _ transport: ScriptedAnswers, from source: IntegrationSource = S.source()
    ) async throws -> IssueSnapshot {
        let outcome = try await S.runner(transport).fetchIssue(
            IssueReference(key: S.task), from: S.ready(source), budget: S.budget)
        guard case .fetched(let issue, _) = outcome else { throw TrackerError(.badResponse, "not modified") }
        return issue
    }

    @Test func `a task is read whole`() async throws {
        let transport = ScriptedAnswers(S.one(S.task()))
        let issue = try await fetch(transport)
        #expect(transport.lines == ["GET \(S.api)/tasks/\(S.task)?opt_fields=\(S.fields)"])
        #expect(
            transport.sent[0].headers == [
                HTTPField("Accept", "application/json"), HTTPField("Authorization", "Bearer TOKEN"),
            ])
        #expect(issue.nativeID == S.task && issue.key == S.task && issue.projectKey == S.project)
        #expect(issue.webURL == "https://app.asana.com/0/0/\(S.task)" && issue.title == "Checkout fails")
        #expect(issue.statusName == "In progress" && issue.providerCategory == .inProgress)
        #expect(issue.assignees == [ExternalPerson(id: "1300000000000001", displayName: "Bob Builder")])
        #expect(issue.type == "Task" && issue.labels == ["flaky"] && issue.priority == nil)
        #expect(issue.updatedAt == Timestamp(milliseconds: 1_784_721_600_000) && issue.closedAt == nil)
    }

    @Test(arguments: [
        ("In progress", false, "In progress", StatusCategory.inProgress),
        ("DOING", false, "DOING", .inProgress),
        ("Testing", false, "Testing", .inProgress), ("Backlog", false, "Backlog", .todo),
        // Whoever moves a task to "Done" without completing it has not completed it.
        ("Done", false, "Done", .todo), ("Untitled section", false, "Untitled section", .todo),
        (" ", false, "Incomplete", .todo), ("Backlog", true, "Completed", .done),
        ("Doing", true, "Completed", .done),
    ])
    func `a section is the state until the task is completed`(
        section: String, completed: Bool, name: String, category: StatusCategory
    ) async throws {
        let body = S.task(completed: completed, memberships: [S.membership(S.project, section)])
        let issue = try await fetch(ScriptedAnswers(S.one(body)))
        #expect(issue.statusName == name && issue.providerCategory == category)
        #expect((issue.closedAt != nil) == completed)
    }

    @Test func `of several projects the wanted one counts`() async throws {
        let both = [S.membership("11", "Doing"), S.membership("22", "Backlog"), S.membership("33", "Review")]
        let body = S.one(S.task(memberships: both))
        #expect(try await fetch(ScriptedAnswers(body)).projectKey == "11")
        var source = S.source()
        source.allowedExternalProjects = ["33", "22"]
        let allowed = try await fetch(ScriptedAnswers(body), from: source)
        #expect(allowed.projectKey == "22" && allowed.statusName == "Backlog")
        source.allowedExternalProjects = []
        source.defaultExternalProject = "33"
        #expect(try await fetch(ScriptedAnswers(body), from: source).statusName == "Review")
        source.allowedExternalProjects = ["22"]
        #expect(try await fetch(ScriptedAnswers(body), from: source).projectKey == "22")
    }

    @Test func `a task in no project has none`() async throws {
        let body = packed(
            """
            {"gid":"\(S.task)","name":"","completed":false,"assignee":null,"memberships":[],
            "resource_subtype":"something_new"}
            """)
        let issue = try await fetch(ScriptedAnswers(S.one(body)))
        #expect(issue.projectKey.isEmpty && issue.title == S.task && issue.assignees.isEmpty)
        #expect(issue.statusName == "Incomplete" && issue.type == "something_new" && issue.updatedAt == nil)
    }

    @Test(arguments: [
        (401, TrackerError.Code.credentialsRejected), (402, .permissionDenied), (403, .permissionDenied),
        (404, .notFound), (410, .apiGone), (400, .invalidRequest), (500, .unavailable),
    ])
    func `a status means what it says`(status: Int, code: TrackerError.Code) async {
        let answer = Answer(status: status, body: "{\"errors\":[{\"message\":\"raw text\",\"help\":\"x\"}]}")
        let error = await #expect(throws: TrackerError.self) { try await fetch(ScriptedAnswers([answer])) }
        #expect(error?.code == code && error?.message.contains("raw") == false)
    }

    @Test func `a missing scope is told from a missing right`() async {
        let message = "Your request requires the following scopes: tasks:read"
        let body = "{\"errors\":[{\"message\":\"\(message)\"}]}"
        let single = await #expect(throws: TrackerError.self) {
            try await fetch(ScriptedAnswers([Answer(status: 403, body: body)]))
        }
        #expect(single?.code == .scopeMissing)
        let batch = "{\"data\":[{\"status_code\":403,\"body\":\(body)}]}"
        let many = await #expect(throws: TrackerError.self) {
            try await S.runner(ScriptedAnswers(batch)).fetchIssues(
                [IssueReference(key: "11")], from: S.ready(), budget: S.budget)
        }
        #expect(many?.code == .scopeMissing)
    }

    @Test func `a limit says how long to wait`() async {
        let answer = Answer(status: 429, headers: ["retry-after": "30"])
        let error = await #expect(throws: TrackerError.self) { try await fetch(ScriptedAnswers([answer])) }
        #expect(error?.code == .rateLimited && error?.retryAfter == .seconds(30))
    }

    @Test(arguments: [
        AsanaSamples.one(AsanaSamples.task("12")), AsanaSamples.one(AsanaSamples.task("../me")),
        AsanaSamples.one("null"), "{}", "[]", "", "x",
    ])
    func `an answer that is no such task is refused`(body: String) async {
        let error = await #expect(throws: TrackerError.self) { try await fetch(ScriptedAnswers(body)) }
        #expect(error?.code == .badResponse)
    }

    @Test func `a refused token after its known end has expired`() async {
        var source = S.source()
        source.authenticationSettings["expires_on"] = "2026-01-01"
        let error = await #expect(throws: TrackerError.self) {
            try await fetch(ScriptedAnswers([Answer(status: 401)]), from: source)
        }
        #expect(error?.code == .credentialsExpired)
    }

    @Test func `without a token nothing is sent`() async {
        let transport = ScriptedAnswers("{}")
        let error = await #expect(throws: TrackerError.self) {
            try await S.runner(transport).fetchIssue(
                IssueReference(key: "1"), from: TrackerSource(S.source()), budget: S.budget)
        }
        #expect(error?.code == .credentialsRejected && transport.sent.isEmpty)
    }

    // MARK: Batch

    @Test func `many tasks are actions of one call, each with its own fate`() async throws {
        let results = packed(
            """
            {"data":[{"status_code":200,"headers":{},"body":{"data":\(S.task("11"))}},
            {"status_code":404,"body":{"errors":[{"message":"x"}]}},{"status_code":403,"body":{}},
            {"status_code":410,"body":{}},{"status_code":500,"body":null},
            {"status_code":200,"body":{"data":{"gid":"16"}}}]}
            """)
        let transport = ScriptedAnswers(results)
        let references = (11...16).map { IssueReference(key: String($0)) }
        let outcome = try await S.runner(transport).fetchIssues(references, from: S.ready(), budget: S.budget)
        #expect(transport.lines == ["POST \(S.api)/batch"])
        let options =
            "{\"fields\":[\"name\",\"completed\",\"completed_at\",\"created_at\",\"modified_at\","
            + "\"resource_subtype\",\"assignee.name\",\"memberships.project.name\","
            + "\"memberships.section.name\",\"tags.name\"]}"
        let actions = (11...16).map {
            "{\"method\":\"get\",\"options\":\(options),\"relative_path\":\"/tasks/\($0)\"}"
        }
        #expect(transport.bodies == ["{\"data\":{\"actions\":[\(actions.joined(separator: ","))]}}"])
        #expect(outcome.found.map(\.key) == ["11"])
        #expect(
            outcome.refused.mapValues(\.code) == [
                references[1]: .notFound, references[2]: .permissionDenied, references[3]: .gone,
            ])
        #expect(outcome.notReturned.map(\.key) == ["15", "16"])
        #expect(
            AsanaTracker().batches(of: (1...21).map { IssueReference(key: String($0)) }).map(\.count) == [
                10, 10, 1,
            ])
    }

    @Test(arguments: [
        (
            "[{\"status_code\":429,\"headers\":{\"Retry-After\":\"9\"},\"body\":{}}]",
            TrackerError.Code.rateLimited
        ),
        ("[{\"status_code\":410,\"body\":{}}]", .apiGone),
        ("[{\"status_code\":401,\"body\":{}}]", .credentialsRejected), ("[]", .badResponse),
        ("[{\"status_code\":200},{\"status_code\":200}]", .badResponse),
    ])
    func `what concerns the whole source fails the batch`(results: String, code: TrackerError.Code) async {
        let error = await #expect(throws: TrackerError.self) {
            try await S.runner(ScriptedAnswers("{\"data\":\(results)}")).fetchIssues(
                [IssueReference(key: "11")], from: S.ready(), budget: S.budget)
        }
        #expect(error?.code == code && error?.retryAfter == (code == .rateLimited ? .seconds(9) : nil))
    }

    // MARK: Search

    @Test func `a search asks the workspace, within the allowed projects`() async throws {
        let transport = ScriptedAnswers(S.page(S.task(), "{\"gid\":1}", S.task("12"), S.task("13")))
        var source = S.source()
        let runner = S.runner(transport)
        let found = try await runner.searchIssues(
            "check out&x", limit: 2, in: S.ready(source), budget: S.budget)
        source.allowedExternalProjects = ["11", "22"]
        _ = try await runner.searchIssues("x", limit: 2, in: S.ready(source), budget: S.budget)
        let search = "GET \(S.api)/workspaces/\(S.workspace)/tasks/search"
        #expect(
            transport.lines == [
                "\(search)?text=check%20out%26x&sort_by=modified_at&opt_fields=\(S.fields)",
                "\(search)?text=x&sort_by=modified_at&projects.any=11%2C22&opt_fields=\(S.fields)",
            ])
        #expect(found.map(\.key) == [S.task, "12"])
    }

    @Test func `where the full search is not paid for, names are searched and the tasks read`() async throws {
        let named = (11...22).map { "{\"gid\":\"\($0)\",\"name\":\"x\"}" }.joined(separator: ",")
        let results = (11...20).map { "{\"status_code\":200,\"body\":{\"data\":\(S.task(String($0)))}}" }
        let transport = ScriptedAnswers([
            Answer(status: 402), Answer(body: S.page(named)),
            Answer(body: "{\"data\":[\(results.joined(separator: ","))]}"),
            Answer(body: "{\"data\":[\(results[0]),{\"status_code\":404,\"body\":{}}]}"),
        ])
        let found = try await S.runner(transport).searchIssues(
            "x", limit: 12, in: S.ready(), budget: S.budget)
        #expect(
            transport.lines.dropFirst() == [
                "GET \(S.api)/workspaces/\(S.workspace)/typeahead?resource_type=task&query=x&count=12"
                    + "&opt_fields=name", "POST \(S.api)/batch", "POST \(S.api)/batch",
            ])
        #expect(found.count == 11 && found.first?.key == "11")
    }

    @Test func `a token of one workspace needs no setting`() async throws {
        let transport = ScriptedAnswers(
            S.page("{\"gid\":\"77\",\"name\":\"Acme\"}"), S.page(S.task()), S.page())
        let runner = S.runner(transport)
        for _ in 0..<2 {
            _ = try await runner.searchIssues(
                "checkout", limit: 5, in: S.ready(S.source(workspace: "")), budget: S.budget)
        }
        #expect(transport.lines.first == "GET \(S.api)/workspaces?limit=10")
        #expect(transport.lines.dropFirst().allSatisfy { $0.contains("/workspaces/77/tasks/search") })
        #expect(transport.sent.count == 3)
    }

    @Test func `a token of several workspaces does`() async {
        let transport = ScriptedAnswers(S.page("{\"gid\":\"77\"}", "{\"gid\":\"78\"}"))
        let error = await #expect(throws: TrackerError.self) {
            try await S.runner(transport).searchIssues(
                "checkout", limit: 5, in: S.ready(S.source(workspace: "")), budget: S.budget)
        }
        #expect(error?.code == .invalidRequest && transport.sent.count == 1)
    }

    @Test func `a number means that task, or else a word`() async throws {
        let direct = ScriptedAnswers(S.one(S.task()))
        let found = try await S.runner(direct).searchIssues(S.task, limit: 5, in: S.ready(), budget: S.budget)
        #expect(found.map(\.key) == [S.task] && direct.sent.count == 1)
        let word = ScriptedAnswers([Answer(status: 404), Answer(body: S.page())])
        let none = try await S.runner(word).searchIssues("500", limit: 5, in: S.ready(), budget: S.budget)
        #expect(none.isEmpty && word.lines.last?.contains("text=500") == true)
    }

    // MARK: Changes

    @Test func `changes of a project are gathered and put in order`() throws {
        let since = Timestamp(milliseconds: 1_784_721_600_000)
        let call = try AsanaTracker().changes(since: since, project: S.project, page: "", in: S.ready())
        let late = S.task("12", modified: "2026-07-22T13:00:00.000Z")
        let other = S.membership("99", "Doing")
        let early = S.task("13", memberships: [other, S.membership()], modified: "2026-07-22T12:30:00.000Z")
        let (page, requests) = try converse(call, with: [S.page(late, next: "o/1"), S.page(early)])
        #expect(page.issues.map(\.key) == ["13", "12"] && page.next.isEmpty)
        #expect(page.issues[0].projectKey == S.project)
        let first =
            "/tasks?project=\(S.project)&limit=100&modified_since=2026-07-22T12%3A00%3A00.000Z"
            + "&opt_fields=\(S.fields)"
        #expect(requests.map(\.pathAndQuery) == [first, first + "&offset=o%2F1"])
        #expect(AsanaTracker().changesNeedProject)
    }

    @Test func `a long list goes on where it stopped`() throws {
        let call = try AsanaTracker().changes(
            since: Timestamp(milliseconds: 0), project: S.project, page: "", in: S.ready())
        let (page, requests) = try converse(call, with: [S.page(S.task(), next: "again")])
        #expect(requests.count == AsanaTracker.gatheredPagesMax && page.next == "again")
        let rest = try AsanaTracker().changes(
            since: Timestamp(milliseconds: 0), project: S.project, page: page.next, in: S.ready())
        #expect(try converse(rest, with: [S.page()]).requests[0].pathAndQuery.hasSuffix("&offset=again"))
        #expect(throws: TrackerError.self) {
            try AsanaTracker().changes(
                since: Timestamp(milliseconds: 0), project: "Web", page: "", in: S.ready())
        }
    }
}
