// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct GitLabCreateTests {
    private static let create = "POST /api/v4/projects/team%2Fapp/issues"
    private static let marker = CreationMarker(
        text: "extref-01jd0000000000000000000000", uuid: "0190d000-0000-4000-8000-000000000000")

    private func draft(
        _ fields: [String: String], type: String = "", project: String = "team/app"
    ) -> NewIssue {
        NewIssue(
            project: project, type: type, fields: fields, marker: Self.marker, startedAt: ForgeScript.now)
    }

    private func create(_ draft: NewIssue, _ script: ForgeScript) async throws -> IssueSnapshot {
        let source = GitLabSamples.source()
        return try await script.run(try GitLabTracker().create(draft, in: source), source)
    }

    @Test func `the form asks for a title and offers what every project has`() async throws {
        let source = GitLabSamples.source("https://git.corp.example/gitlab")
        let script = GitLabSamples.script([:])
        let form = try await script.run(
            try GitLabTracker().form(project: "team/sub/app", type: "", in: source), source)
        #expect(form.types.map(\.id) == ["issue", "incident", "task"])
        #expect(form.fields.filter(\.isRequired).map(\.name) == ["title"])
        #expect(
            form.fields.map(\.name) == [
                "title", "description", "labels", "assignee_ids", "milestone_id", "due_date", "confidential",
            ])
        #expect(form.createURL == "https://git.corp.example/gitlab/team/sub/app/-/issues/new")
        #expect(script.lines.isEmpty)
    }

    @Test func `a new issue is sent with its marker and read from the answer`() async throws {
        let script = GitLabSamples.script([Self.create: .init(201, GitLabSamples.issue())])
        let issue = try await create(draft(["title": " Checkout \"fails\" "]), script)
        #expect(issue.key == "team/app#23" && issue.nativeID == "92")
        #expect(script.lines == [Self.create])
        #expect(
            script.bodies == [
                "{\"description\":\"extref-01jd0000000000000000000000\",\"title\":\"Checkout \\\"fails\\\"\"}"
            ])
        #expect(
            script.transport.sent[0].headers == [
                HTTPField("Accept", "application/json"), HTTPField("PRIVATE-TOKEN", "TOKEN"),
                HTTPField("Content-Type", "application/json"),
            ])
    }

    @Test func `values of a form are sent in GitLab's types`() async throws {
        let script = GitLabSamples.script([Self.create: .init(201, GitLabSamples.issue())])
        let fields = [
            "title": "t", "description": "d", "labels": "bug, area::api", "assignee_ids": "5, 7",
            "milestone_id": "11", "due_date": "2026-12-01", "confidential": "true",
        ]
        _ = try await create(draft(fields, type: "incident"), script)
        #expect(
            script.bodies == [
                "{\"assignee_ids\":[5,7],\"confidential\":true,"
                    + "\"description\":\"d\\n\\nextref-01jd0000000000000000000000\","
                    + "\"due_date\":\"2026-12-01\",\"issue_type\":\"incident\","
                    + "\"labels\":\"bug, area::api\",\"milestone_id\":11,\"title\":\"t\"}"
            ])
    }

    @Test(arguments: [
        (["title": " "], ["title"]), ([:], ["title"]),
        (["title": "t", "assignee_ids": "bob"], ["assignee_ids"]),
        (["title": "t", "assignee_ids": "5,-1", "milestone_id": "v3"], ["assignee_ids", "milestone_id"]),
    ])
    func `what cannot be sent is refused before it is`(fields: [String: String], faults: [String]) async {
        let script = GitLabSamples.script([:])
        let error = await #expect(throws: TrackerError.self) { try await create(draft(fields), script) }
        #expect(error?.code == .invalidRequest && error?.fieldFaults.map(\.field) == faults)
        #expect(script.lines.isEmpty)
    }

    @Test(
        arguments: [
            (400, "{\"message\":{\"title\":[\"can't be blank\"]}}", ["title: can't be blank"]),
            (
                400,
                "{\"message\":{\"due_date\":[\"\\u001b[31mis bad\"],\"assignees\":[\"are too many\"],\"x\":[\"y\"]}}",
                ["assignee_ids: are too many", "due_date: is bad"]
            ),
            (
                400, "{\"error\":\"title is missing, title is empty, foo is invalid\"}",
                ["title: is missing", "title: is empty"]
            ),
            (
                422, "{\"error\":\"issue_type does not have a valid value\"}",
                ["type: does not have a valid value"]
            ),
            (400, "{\"message\":\"400 Bad request\"}", []), (400, "<html>", []),
            (400, "{\"error\":\"title\"}", []),
        ] as [(Int, String, [String])])
    func `what GitLab refuses is named by field`(status: Int, body: String, faults: [String]) async {
        let script = GitLabSamples.script([Self.create: .init(status, body)])
        let error = await #expect(throws: TrackerError.self) {
            try await create(draft(["title": "t"]), script)
        }
        #expect(error?.code == .invalidRequest)
        #expect(error?.fieldFaults.map { "\($0.field): \($0.description)" } == faults)
    }

    @Test(arguments: [
        ("/close", "\\/close"), ("text\n/move other/project", "text\n\\/move other/project"),
        ("a\r\n  /assign @bob\rb", "a\n  \\/assign @bob\nb"), ("/usr/lib/x fails", "/usr/lib/x fails"),
        ("/ 2", "/ 2"), ("1/2", "1/2"), ("see /close", "see /close"), ("/Label ~bug", "\\/Label ~bug"),
        ("//close", "//close"), ("", ""), ("/a_b\t1", "\\/a_b\t1"), ("line\n\n/tmp", "line\n\n\\/tmp"),
        ("\u{A0}/close", "\u{A0}\\/close"), ("`/close`", "`/close`"),
    ])
    func `text is never a command`(text: String, sent: String) {
        #expect(GitLabMarkdown.withoutQuickActions(text) == sent)
    }

    @Test func `a description is sent without commands`() async throws {
        let script = GitLabSamples.script([Self.create: .init(201, GitLabSamples.issue())])
        _ = try await create(draft(["title": "t", "description": "steps\n/confidential"]), script)
        #expect(script.bodies[0].contains("steps\\n\\\\/confidential\\n\\nextref-"))
    }

    // MARK: - Finding what an earlier try created

    private static func list(page: Int) -> String {
        "GET /api/v4/projects/team%2Fapp/issues?created_after=2026-11-22T09%3A42%3A47.000Z&order_by=created_at"
            + "&sort=asc&per_page=50&page=\(page)&state=all"
    }

    private func findCreated(_ script: ForgeScript) async throws -> IssueSnapshot? {
        let source = GitLabSamples.source()
        return try await script.run(
            try GitLabTracker().findCreated(draft(["title": "t"]), in: source), source)
    }

    @Test func `a created issue is found by its marker among the new ones`() async throws {
        let others = (1...50).map { GitLabSamples.issue(id: $0, iid: $0) }
        let own = GitLabSamples.issue(description: "d\\n\\n\(Self.marker.text)")
        let script = GitLabSamples.script([
            Self.list(page: 1): .init("[\(others.joined(separator: ","))]"),
            Self.list(page: 2): .init("[\(GitLabSamples.issue(id: 60, iid: 60)),\(own)]"),
        ])
        #expect(try await findCreated(script)?.key == "team/app#23")
        #expect(script.lines == [Self.list(page: 1), Self.list(page: 2)])
    }

    @Test func `one that was never created is not`() async throws {
        let script = GitLabSamples.script([Self.list(page: 1): .init("[\(GitLabSamples.issue())]")])
        #expect(try await findCreated(script) == nil && script.lines.count == 1)
    }

    @Test func `the search for it ends`() async throws {
        let full = (1...50).map { GitLabSamples.issue(id: $0, iid: $0) }.joined(separator: ",")
        let transport = FakeTransport(200, body: "[\(full)]")
        let runner = ForgeScript.runner(of: GitLabTracker(), transport)
        let source = GitLabSamples.source()
        let found = try await runner.run(
            try GitLabTracker().findCreated(draft(["title": "t"]), in: source), with: source,
            reading: GitLabTracker())
        #expect(found == nil && transport.sent.count == GitLabTracker.creationPagesMax)
    }
}
