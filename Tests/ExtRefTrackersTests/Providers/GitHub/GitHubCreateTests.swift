// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct GitHubCreateTests {
    static let marker = CreationMarker(text: "extref-01jd0000000000000000000000", uuid: "")
    static let repository = """
        {"full_name":"octocat/Hello-World","owner":{"login":"octocat","type":"Organization"},"has_issues":true,\
        "archived":false,"permissions":{"admin":false,"maintain":false,"push":true,"triage":true,"pull":true}}
        """

    private static func draft(_ fields: [String: String] = [:], type: String = "") -> NewIssue {
        NewIssue(
            project: "octocat/Hello-World", type: type,
            fields: ["title": "It \"fails\"", "description": "line 1\nline 2"].merging(fields) { $1 },
            marker: marker, startedAt: GitHubSample.now)
    }

    // MARK: Forms

    private func form(
        _ transport: FakeTransport, from source: TrackerSource = GitHubSample.source()
    ) async throws -> IssueForm {
        let call = try GitHubTracker().form(project: "octocat/Hello-World", type: "", in: source)
        return try await GitHubSample.outcome(of: call, transport, from: source)
    }

    @Test func `a form offers labels, people and the organisation's types`() async throws {
        let transport = GitHubSample.transport(
            GitHubSample.ok(Self.repository),
            GitHubSample.ok(#"[{"name":"bug"},{"name":"a,b"},{"name":"a\u001b[31mb"},{"name":"ui"}]"#),
            GitHubSample.ok(#"[{"login":"octocat","id":1},{"x":1}]"#),
            GitHubSample.ok(
                #"[{"name":"Bug","is_enabled":true},null,{"name":"Old","is_enabled":false},{"name":"Task"}]"#)
        )
        let form = try await form(transport)
        #expect(
            transport.sent.map(\.url) == [
                "\(GitHubSample.api)/repos/octocat/Hello-World",
                "\(GitHubSample.api)/repos/octocat/Hello-World/labels?per_page=100",
                "\(GitHubSample.api)/repos/octocat/Hello-World/assignees?per_page=100",
                "\(GitHubSample.api)/orgs/octocat/issue-types",
            ])
        #expect(form.createURL == "https://github.com/octocat/Hello-World/issues/new")
        #expect(form.types.map(\.id) == ["Bug", "Task"])
        #expect(form.fields.map(\.name) == ["title", "description", "labels", "assignees"])
        #expect(form.fields.map(\.kind) == [.text, .multiline, .multiChoice, .multiChoice])
        #expect(form.fields.map(\.isRequired) == [true, false, false, false])
        #expect(
            form.fields[2].choices.map(\.id) == ["bug", "ui"]
                && form.fields[3].choices.map(\.id) == ["octocat"])
    }

    @Test func `a form asked for again costs nothing for a while`() async throws {
        let transport = GitHubSample.transport(
            GitHubSample.ok(Self.repository), GitHubSample.ok("[]"), GitHubSample.ok("[]"), (404, [:], "{}"),
            (404, [:], "{}"))
        let runner = GitHubSample.runner(transport)
        for _ in 0..<2 {
            let call = try GitHubTracker().form(
                project: "octocat/Hello-World", type: "", in: GitHubSample.source())
            let form = try await runner.run(call, with: GitHubSample.source(), reading: GitHubTracker())
            #expect(form.types.isEmpty)
        }
        // Only the missing types are asked for again: a refusal is not kept.
        #expect(transport.sent.count == 5)
    }

    @Test func `a list that goes on is not offered by half`() async throws {
        func page(before next: Int) -> GitHubSample.Reply {
            let link = "<https://api.github.com/repositories/1/labels?page=\(next)>; rel=\"next\""
            return GitHubSample.ok(#"[{"name":"bug"}]"#, ["link": link])
        }
        let transport = GitHubSample.transport(
            GitHubSample.ok(Self.repository.replacing("Organization", with: "User")), page(before: 2),
            page(before: 3), page(before: 4), GitHubSample.ok("[]"))
        let form = try await form(transport)
        #expect(form.fields[2].kind == .text && form.fields[2].choices.isEmpty && form.types.isEmpty)
        #expect(transport.sent.count == 5 && transport.sent[3].url.hasSuffix("/labels?per_page=100&page=3"))
    }

    @Test func `who may only read is not offered what GitHub would drop`() async throws {
        let readOnly = Self.repository.replacing(
            "\"push\":true,\"triage\":true", with: "\"push\":false,\"triage\":false")
        let transport = GitHubSample.transport(GitHubSample.ok(readOnly))
        #expect(try await form(transport).fields.map(\.name) == ["title", "description"])
        // The rights of an app are not in this answer.
        let other = GitHubSample.transport(
            GitHubSample.ok(readOnly), GitHubSample.ok("[]"), GitHubSample.ok("[]"), (404, [:], "{}"))
        #expect(try await form(other, from: GitHubSample.source(.gitHubApp)).fields.count == 4)
    }

    @Test(arguments: [
        ("\"archived\":false", "\"archived\":true"), ("\"has_issues\":true", "\"has_issues\":false"),
    ])
    func `a repository that takes no issues has no form`(from: String, to: String) async {
        let transport = GitHubSample.transport(GitHubSample.ok(Self.repository.replacing(from, with: to)))
        let error = await #expect(throws: TrackerError.self) { try await form(transport) }
        #expect(error?.code == .invalidRequest)
    }

    // MARK: Creating

    private func create(_ issue: NewIssue, _ transport: FakeTransport) async throws -> IssueSnapshot {
        try await GitHubSample.outcome(
            of: try GitHubTracker().create(issue, in: GitHubSample.source()), transport)
    }

    @Test func `an issue is created with its marker`() async throws {
        let transport = GitHubSample.transport((201, [:], GitHubSample.issue()))
        let issue = try await create(Self.draft(), transport)
        #expect(issue.key == "octocat/Hello-World#1347")
        #expect(
            GitHubSample.lines(transport.sent) == [
                #"POST https://api.github.com/repos/octocat/Hello-World/issues "#
                    + #"{"body":"line 1\nline 2\n\nextref-01jd0000000000000000000000","title":"It \"fails\""}"#
            ])
        #expect(transport.sent[0].headers.last == HTTPField("Content-Type", "application/json"))
    }

    @Test func `what the form offers is sent along`() async throws {
        let transport = GitHubSample.transport(
            (201, [:], GitHubSample.issue(more: #","type":{"name":"bug"}"#)))
        _ = try await create(
            Self.draft(["labels": "BUG, easy,", "assignees": "hubot"], type: "Bug"), transport)
        #expect(transport.sent.count == 1)
        let body = String(decoding: transport.sent[0].body ?? [], as: UTF8.self)
        #expect(body.hasPrefix(#"{"assignees":["hubot"],"body":"#))
        #expect(body.contains(#""labels":["BUG","easy"]"#) && body.hasSuffix(#""type":"Bug"}"#))
    }

    @Test(arguments: [["labels": "other"], ["assignees": "mona"]])
    func `what GitHub dropped is looked for once more, and then accepted`(
        fields: [String: String]
    ) async throws {
        let transport = GitHubSample.transport(
            (201, [:], GitHubSample.issue()), GitHubSample.ok(GitHubSample.issue()))
        let issue = try await create(Self.draft(fields), transport)
        #expect(issue.labels == ["bug", "easy"])
        #expect(transport.sent.map(\.url).last == "\(GitHubSample.api)/repos/octocat/Hello-World/issues/1347")
    }

    @Test func `field faults come back under the form's names`() async {
        let body = """
            {"message":"Validation Failed","errors":[{"resource":"Issue","code":"missing_field","field":"title"},\
            {"resource":"Issue","code":"custom","field":"body","message":"body is too \\u001b[31mlong"},\
            {"value":"x","resource":"Issue","field":"assignees","code":"invalid"},\
            {"resource":"Issue","code":"invalid","field":"mystery"},"odd"]}
            """
        let error = await #expect(throws: TrackerError.self) {
            try await create(Self.draft(), GitHubSample.transport((422, [:], body)))
        }
        #expect(error?.code == .invalidRequest)
        #expect(
            error?.fieldFaults == [
                FieldViolation("title", "is required, or names what does not exist"),
                FieldViolation("description", "body is too long"),
                FieldViolation("assignees", "is not accepted by GitHub"),
            ])
    }

    @Test(arguments: [
        (403, "{}", TrackerError.Code.permissionDenied), (404, "{}", .notFound),
        (410, #"{"message":"Issues has been disabled in this repository."}"#, .permissionDenied),
        (307, #"{"message":"Moved Permanently"}"#, .notFound), (422, "junk", .invalidRequest),
        (503, "", .unavailable),
        (201, "{}", .badResponse),
    ])
    func `a refusal to create has its class`(status: Int, body: String, code: TrackerError.Code) async {
        let error = await #expect(throws: TrackerError.self) {
            try await create(Self.draft(), GitHubSample.transport((status, [:], body)))
        }
        #expect(error?.code == code)
    }

    @Test func `without credentials nothing is sent`() {
        let error = #expect(throws: TrackerError.self) {
            try GitHubTracker().create(Self.draft(), in: GitHubSample.source(.none))
        }
        #expect(error?.code == .permissionDenied)
    }

    // MARK: After a lost answer

    private func findCreated(_ transport: FakeTransport) async throws -> IssueSnapshot? {
        try await GitHubSample.outcome(
            of: try GitHubTracker().findCreated(Self.draft(), in: GitHubSample.source()), transport)
    }

    private static let more = ["link": "<https://api.github.com/repositories/1/issues?page=2>; rel=\"next\""]

    private static func row(_ number: Int, created: String, body: String = "x") -> String {
        GitHubSample.issue(number).replacing("2011-04-22T13:33:48Z", with: created)
            .replacing("I'm having a problem with this.", with: body)
    }

    @Test func `an issue is found by its marker among the new ones`() async throws {
        let new = "2026-11-22T09:48:00Z"
        let transport = GitHubSample.transport(
            GitHubSample.ok("[\(Self.row(9, created: new)),{}]", Self.more),
            GitHubSample.ok("[\(Self.row(8, created: new, body: "a\\n\\n" + Self.marker.text))]", Self.more))
        #expect(try await findCreated(transport)?.key == "octocat/Hello-World#8")
        #expect(
            transport.sent.map(\.url)
                == ["", "&page=2"].map {
                    "\(GitHubSample.api)/repos/octocat/Hello-World/issues?state=all&sort=created&direction=desc"
                        + "&per_page=100&since=2026-11-22T09%3A42%3A47Z" + $0
                })
    }

    @Test func `a marked issue that cannot be read is not taken for none`() async {
        let row = Self.row(8, created: "2026-11-22T09:48:00Z", body: Self.marker.text)
        let transport = GitHubSample.transport(
            GitHubSample.ok("[\(row.replacing("octocat", with: "../.."))]"))
        let error = await #expect(throws: TrackerError.self) { try await findCreated(transport) }
        #expect(error?.code == .badResponse)
    }

    @Test func `the first issue that is older ends the search`() async throws {
        let transport = GitHubSample.transport(
            GitHubSample.ok("[\(Self.row(9, created: "2026-11-22T09:40:00Z"))]", Self.more))
        #expect(try await findCreated(transport) == nil && transport.sent.count == 1)
    }

    @Test func `too many new issues are no proof that it does not exist`() async {
        let page = "[\(Self.row(9, created: "2026-11-22T09:48:00Z"))]"
        let transport = FakeTransport(200, Self.more, body: page)
        let error = await #expect(throws: TrackerError.self) { try await findCreated(transport) }
        #expect(error?.code == .unavailable && transport.sent.count == 10)
    }
}
