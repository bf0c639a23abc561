// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct GitLabGroupItemTests {
    private static let graphQL = "POST /api/graphql"

    private static func answer(_ items: String...) -> ForgeScript.Answer {
        let fields = items.enumerated().map { "\"item\($0)\":\($1)" }.joined(separator: ",")
        return .init("{\"data\":{\"namespace\":{\(fields)}}}")
    }

    @Test func `an item of a group is read by GraphQL`() async throws {
        let status = "{\"id\":\"gid://x/1\",\"name\":\"In dev\",\"category\":\"IN_PROGRESS\"}"
        let script = GitLabSamples.script([Self.graphQL: Self.answer(GitLabSamples.item(status: status))])
        let issue = try await script.fetch("groups/team#1", nativeID: "93843", GitLabSamples.source())
        #expect(issue?.nativeID == "93843" && issue?.key == "groups/team#1")
        #expect(issue?.projectKey == "groups/team" && issue?.title == "Test Epic item")
        #expect(issue?.webURL == "https://gitlab.example.com/groups/team/-/work_items/1")
        #expect(issue?.statusName == "In dev" && issue?.providerCategory == .inProgress)
        #expect(issue?.type == "Epic" && issue?.labels == ["bug", "area::api"])
        #expect(issue?.assignees == [ExternalPerson(id: "9", displayName: "Dr. Luella Kovacek")])
        #expect(issue?.createdAt == TrackerDate.parse("2026-11-01T10:00:00Z") && issue?.closedAt == nil)
        #expect(
            script.bodies == [
                "{\"query\":\"query($path: ID!, $iid0: String!) { namespace(fullPath: $path) { "
                    + "item0: workItem(iid: $iid0) { id iid title state webUrl closedAt createdAt "
                    + "workItemType { name } widgets { __typename ... on WorkItemWidgetStatus { status "
                    + "{ id name category } } ... on WorkItemWidgetAssignees { assignees { nodes { id "
                    + "username name } } } ... on WorkItemWidgetLabels { labels { nodes { title } } } } } "
                    + "} }\",\"variables\":{\"iid0\":\"1\",\"path\":\"team\"}}"
            ])
    }

    @Test(
        arguments: [
            ("OPEN", "null", "opened", .todo), ("CLOSED", "null", "closed", .done),
            ("MERGED", "null", "merged", .unknown),
            ("OPEN", "{\"name\":\"New\",\"category\":\"TRIAGE\"}", "New", .todo),
            ("OPEN", "{\"name\":\"To do\",\"category\":\"to_do\"}", "To do", .todo),
            ("OPEN", "{\"name\":\"Dev\",\"category\":\"in_progress\"}", "Dev", .inProgress),
            ("CLOSED", "{\"name\":\"Done\",\"category\":\"DONE\"}", "Done", .done),
            ("CLOSED", "{\"name\":\"Won't do\",\"category\":\"CANCELED\"}", "Won't do", .canceled),
            ("OPEN", "{\"name\":\"Odd\",\"category\":\"SOMETHING\"}", "Odd", .todo),
            ("OPEN", "\"passed\"", "opened", .todo),
        ] as [(String, String, String, StatusCategory)])
    func `a status has its category`(
        state: String, status: String, name: String, category: StatusCategory
    ) async throws {
        let item = GitLabSamples.item(state: state, status: status)
        let script = GitLabSamples.script([Self.graphQL: Self.answer(item)])
        let issue = try await script.fetch("groups/team#1", GitLabSamples.source())
        #expect(issue?.statusName == name && issue?.providerCategory == category)
        #expect((issue?.closedAt != nil) == (state == "CLOSED"))
    }

    @Test(arguments: [
        "{\"data\":{\"namespace\":null}}", "{\"data\":{\"namespace\":{\"item0\":null}}}",
        "{\"data\":{\"namespace\":{\"item0\":{\"id\":\"gid://gitlab/WorkItem/x\",\"iid\":\"1\"}}}}",
    ])
    func `an item that is not shown is not found`(body: String) async {
        let script = GitLabSamples.script([Self.graphQL: .init(body)])
        let error = await #expect(throws: TrackerError.self) {
            try await script.fetch("groups/team#1", GitLabSamples.source())
        }
        #expect(error?.code == .notFound)
    }

    @Test func `where statuses are unknown the question is put without them`() async throws {
        let transport = FakeTransport { request in
            let asksForStatus = String(decoding: request.body ?? [], as: UTF8.self).contains("WidgetStatus")
            let body =
                asksForStatus
                ? "{\"errors\":[{\"message\":\"No such type WorkItemWidgetStatus\"}]}"
                : Self.answer(GitLabSamples.item()).body
            return .init(status: 200, headers: [], body: Array(body.utf8))
        }
        let runner = ForgeScript.runner(of: GitLabTracker(), transport)
        let outcome = try await runner.fetchIssue(
            IssueReference(key: "groups/team#1"), from: GitLabSamples.source(), budget: ForgeScript.budget)
        guard case .fetched(let issue, _) = outcome else { return #expect(Bool(false)) }
        #expect(issue.statusName == "opened" && transport.sent.count == 2)
    }

    @Test(arguments: [
        ForgeScript.Answer(404), .init("{\"errors\":[{\"message\":\"Field 'workItem' doesn't exist\"}]}"),
    ])
    func `an installation that cannot tell says so`(answer: ForgeScript.Answer) async throws {
        let script = GitLabSamples.script([
            Self.graphQL: answer,
            "GET /api/v4/projects/team%2Fapp/issues?iids=23&per_page=100&state=all": .init(
                "[\(GitLabSamples.issue())]"),
        ])
        let error = await #expect(throws: TrackerError.self) {
            try await script.fetch("groups/team#1", GitLabSamples.source())
        }
        #expect(error?.code == .unsupported && error?.reachability == nil)
        let outcome = try await script.runner.fetchIssues(
            [IssueReference(key: "groups/team#1"), IssueReference(key: "team/app#23")],
            from: GitLabSamples.source(), budget: ForgeScript.budget)
        #expect(outcome.refused.mapValues(\.code) == [IssueReference(key: "groups/team#1"): .unsupported])
        #expect(outcome.found.map(\.key) == ["team/app#23"])
    }

    @Test func `several items of a group are one question`() async throws {
        let second = GitLabSamples.item(
            id: 5, iid: "12", url: "https://gitlab.example.com/groups/team/-/work_items/12")
        let script = GitLabSamples.script([Self.graphQL: Self.answer(GitLabSamples.item(), second, "null")])
        let missing = IssueReference(key: "groups/team#3")
        let outcome = try await script.runner.fetchIssues(
            [IssueReference(key: "groups/Team#1"), IssueReference(key: "groups/team#12"), missing],
            from: GitLabSamples.source(), budget: ForgeScript.budget)
        #expect(outcome.found.map(\.key) == ["groups/team#1", "groups/team#12"])
        #expect(outcome.found.first?.previousKeys == ["groups/Team#1"])
        #expect(outcome.notReturned == [missing] && script.lines == [Self.graphQL])
        #expect(
            script.bodies[0].hasSuffix(
                "\"variables\":{\"iid0\":\"1\",\"iid1\":\"12\",\"iid2\":\"3\",\"path\":\"Team\"}}"))
    }

    @Test(arguments: ["create", "changes", "comment"])
    func `what only projects can is refused with a sentence`(deed: String) throws {
        let source = GitLabSamples.source()
        let tracker = GitLabTracker()
        let error = #expect(throws: TrackerError.self) {
            switch deed {
            case "create":
                _ = try tracker.form(project: "groups/team", type: "", in: source)
            case "changes":
                _ = try tracker.changes(
                    since: ForgeScript.now, project: "groups/team", page: "", in: source)
            default:
                _ = try tracker.putBackLink(
                    BackLink(linkID: "l", url: "https://x", title: "t", relationship: "r"),
                    on: IssueReference(key: "groups/team#1"), in: source)
            }
        }
        #expect(error?.code == .unsupported && error?.message.hasSuffix("only in projects.") == true)
    }
}
