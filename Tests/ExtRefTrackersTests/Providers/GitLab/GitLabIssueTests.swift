// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct GitLabIssueTests {
    private static let path = "/api/v4/projects/team%2Fapp/issues/23"

    @Test func `an issue is read whole`() async throws {
        let script = GitLabSamples.script([
            "GET /api/v4/projects/example%2Fexample/issues/1": .init(
                200, GitLabSamples.issue, ["etag": "W/\"7\""])
        ])
        let outcome = try await script.runner.fetchIssue(
            IssueReference(key: "example/example#1"), from: GitLabSamples.source(),
            budget: ForgeScript.budget)
        guard case .fetched(let issue, let validator) = outcome else { return #expect(Bool(false)) }
        #expect(issue.nativeID == "41" && issue.key == "example/example#1")
        #expect(issue.projectKey == "example/example" && issue.previousKeys.isEmpty)
        #expect(issue.formerNativeID == nil && validator == "W/\"7\"")
        #expect(issue.webURL == "https://gitlab.example.com/example/example/-/issues/1")
        #expect(issue.title == "Ut commodi ullam eos dolores" && issue.statusName == "closed")
        #expect(issue.providerCategory == .done && issue.type == "issue" && issue.priority == nil)
        #expect(issue.assignees == [ExternalPerson(id: "9", displayName: "Dr. Luella Kovacek")])
        #expect(issue.labels == ["bug", "area::api"])
        #expect(issue.createdAt == TrackerDate.parse("2016-01-04T15:31:46.176Z"))
        #expect(issue.closedAt == TrackerDate.parse("2016-01-05T15:31:46.176Z"))
        #expect(script.transport.sent.map(\.method) == [.get])
        #expect(
            script.transport.sent.first?.headers == [
                HTTPField("Accept", "application/json"), HTTPField("PRIVATE-TOKEN", "TOKEN"),
            ])
        #expect(script.transport.sent.first?.body == nil)
    }

    @Test(arguments: [
        ("https://gitlab.com", "", "https://gitlab.com/api/v4"),
        ("https://git.corp.example/gitlab", "", "https://git.corp.example/gitlab/api/v4"),
        ("https://git.corp.example:8443", "", "https://git.corp.example:8443/api/v4"),
        ("https://gitlab.com", "https://gate.example/gl/api/v4/", "https://gate.example/gl/api/v4"),
    ])
    func `requests go below the API address`(base: String, api: String, expected: String) async {
        let transport = FakeTransport(404)
        var source = GitLabSamples.source(base).source
        source.apiBaseURL = api
        let runner = ForgeScript.runner(of: GitLabTracker(), transport)
        _ = try? await runner.fetchIssue(
            IssueReference(key: "a/b/c#7"),
            from: TrackerSource(source, credential: TrackerCredential(["token": "T"])),
            budget: ForgeScript.budget)
        #expect(transport.sent.map(\.url) == [expected + "/projects/a%2Fb%2Fc/issues/7"])
    }

    @Test func `a renamed project leads to the issue's new key`() async throws {
        let script = GitLabSamples.script([
            "GET \(Self.path)": .init(302, "", ["location": "/api/v4/projects/4/issues/23"]),
            "GET /api/v4/projects/4/issues/23": .init(GitLabSamples.issue(in: "team/shop")),
        ])
        let issue = try await script.fetch("team/app#23", nativeID: "92", GitLabSamples.source())
        #expect(issue?.key == "team/shop#23" && issue?.previousKeys == ["team/app#23"])
        #expect(issue?.nativeID == "92" && issue?.formerNativeID == nil)
        #expect(issue?.projectKey == "team/shop")
    }

    @Test func `GitLab's spelling of a path counts`() async throws {
        let script = GitLabSamples.script([
            "GET /api/v4/projects/Team%2FApp/issues/23": .init(GitLabSamples.issue())
        ])
        let issue = try await script.fetch("Team/App#23", GitLabSamples.source())
        #expect(issue?.key == "team/app#23" && issue?.previousKeys == ["Team/App#23"])
    }

    @Test(arguments: [
        (GitLabSamples.issue(iid: 24), "another number"), ("[]", "a list"), ("{}", "no issue"),
        (GitLabSamples.issue(id: 0), "no id"),
    ])
    func `an answer about something else is refused`(body: String, what: String) async {
        let script = GitLabSamples.script(["GET \(Self.path)": .init(body)])
        let error = await #expect(throws: TrackerError.self) {
            try await script.fetch("team/app#23", GitLabSamples.source())
        }
        #expect(error?.code == .badResponse, "\(what)")
    }

    @Test func `another issue under a known key is refused`() async {
        let script = GitLabSamples.script(["GET \(Self.path)": .init(GitLabSamples.issue(id: 93))])
        let error = await #expect(throws: TrackerError.self) {
            try await script.fetch("team/app#23", nativeID: "92", GitLabSamples.source())
        }
        #expect(error?.code == .badResponse)
    }

    @Test(arguments: [
        ("opened", StatusCategory.todo), ("reopened", .todo), ("closed", .done), ("locked", .unknown),
        ("", .unknown),
    ])
    func `a state has its category`(state: String, category: StatusCategory) async throws {
        let script = GitLabSamples.script(["GET \(Self.path)": .init(GitLabSamples.issue(state: state))])
        let issue = try await script.fetch("team/app#23", GitLabSamples.source())
        #expect(issue?.providerCategory == category && issue?.statusName == state)
        #expect(issue?.closedAt == nil)
    }

    @Test(arguments: [
        // What older versions and other installations write.
        ("\"web_url\":\"http://inner.example/team/shop/issues/23\"", "team/shop#23"),
        ("\"web_url\":\"https://gitlab.example.com/team/shop/-/work_items/23\"", "team/shop#23"),
        ("\"web_url\":\"https://gitlab.example.com/team/shop/-/issues/24\"", "team/app#23"),
        ("\"web_url\":\"javascript:alert(1)\"", "team/app#23"), ("\"x\":1", "team/app#23"),
        ("\"references\":{\"full\":\"team/shop&23\"}", "team/app#23"),
        ("\"references\":{\"full\":\"team/../shop#23\"}", "team/app#23"),
        ("\"references\":{\"full\":\"team/shop#24\"}", "team/app#23"), ("\"references\":[]", "team/app#23"),
        ("\"references\":{\"full\":\"team/shop#23\"}", "team/shop#23"),
    ])
    func `the key is what the answer can prove`(field: String, key: String) async throws {
        let body = "{\"id\":92,\"iid\":23,\"title\":\"t\",\"state\":\"opened\",\(field)}"
        let script = GitLabSamples.script(["GET \(Self.path)": .init(body)])
        let issue = try await script.fetch("team/app#23", GitLabSamples.source())
        #expect(issue?.key == key)
        #expect(issue?.webURL == GitLabTracker().issueURL(of: key, baseURL: GitLabSamples.base))
    }

    @Test func `one assignee of an old version counts, and bounds hold`() async throws {
        let labels = (0..<150).map { "\"l\($0)\"" }.joined(separator: ",")
        let body = """
            {"id":92,"iid":23,"title":" ","state":"opened","labels":[\(labels)],\
            "assignee":{"id":3,"username":"bob"}}
            """
        let script = GitLabSamples.script(["GET \(Self.path)": .init(body)])
        let issue = try await script.fetch("team/app#23", GitLabSamples.source())
        #expect(issue?.assignees == [ExternalPerson(id: "3", displayName: "bob")])
        #expect(issue?.labels.count == DomainLimits.labelsMax && issue?.title == "team/app#23")
    }

    @Test(arguments: ["team#1", "23", "", "team/app", "team/app#0", "../app#1"])
    func `what is no key is never sent`(key: String) async {
        let script = GitLabSamples.script([:])
        let error = await #expect(throws: TrackerError.self) {
            try await script.fetch(key, GitLabSamples.source())
        }
        #expect(error?.code == .invalidRequest && script.lines.isEmpty)
    }

    @Test(arguments: [
        ("#23", "team/app", "team/app#23"), ("23", "team/app", "team/app#23"),
        ("23", "groups/team", "groups/team#23"), ("23", "", "23"), ("#x", "team/app", "#x"),
        ("other/app#4", "team/app", "other/app#4"), ("##1", "team/app", "##1"), ("01", "team/app", "01"),
    ])
    func `a bare number means the default project`(typed: String, project: String, key: String) {
        #expect(GitLabTracker().completedKey(typed, project: project) == key)
    }

    @Test(arguments: [
        ("team/app#23", 0.8), ("a/b/c#1", 0.8), ("groups/team#1", 0.8), ("#23", 0.5), ("23", 0),
        ("team#23", 0), ("#", 0), ("#0", 0), ("team/app", 0), ("users/bob#1", 0), ("team/app#23x", 0),
    ])
    func `words of a text are as sure as they are distinctive`(word: String, confidence: Double) {
        #expect(GitLabTracker().confidence(inFreeText: word) == confidence)
    }

    @Test func `settings name projects by full path`() {
        var source = GitLabSamples.source(project: "app").source
        source.allowedExternalProjects = ["team/app", "groups/team", "12", "team/app/", "https://x"]
        let fields = GitLabTracker().violations(of: source).map(\.field)
        #expect(
            fields == [
                "allowed_external_projects[2]", "allowed_external_projects[3]",
                "allowed_external_projects[4]", "default_external_project",
            ])
    }
}
