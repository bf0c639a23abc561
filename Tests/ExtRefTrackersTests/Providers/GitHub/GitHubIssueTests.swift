// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct GitHubIssueTests {
    private func fetch(
        _ reference: IssueReference, _ transport: FakeTransport,
        from source: TrackerSource = GitHubSample.source(),
        validator: String = ""
    ) async throws(TrackerError) -> FetchOutcome {
        try await GitHubSample.runner(transport).fetchIssue(
            reference, validator: validator, from: source, budget: GitHubSample.budget)
    }

    private func read(
        _ body: String, as key: String = "octocat/Hello-World#1347", id: String = ""
    ) async throws -> IssueSnapshot {
        let transport = GitHubSample.transport(GitHubSample.ok(body))
        guard case .fetched(let issue, _) = try await fetch(IssueReference(key: key, nativeID: id), transport)
        else { throw TrackerError(.badResponse, "not modified") }
        return issue
    }

    @Test func `an issue is asked for by its key`() async throws {
        let transport = GitHubSample.transport(GitHubSample.ok(GitHubSample.issue()))
        _ = try await fetch(IssueReference(key: "octocat/Hello-World#1347"), transport)
        #expect(
            GitHubSample.lines(transport.sent) == [
                "GET https://api.github.com/repos/octocat/Hello-World/issues/1347"
            ])
        #expect(
            transport.sent[0].headers == [
                HTTPField("Accept", "application/vnd.github+json"),
                HTTPField("X-GitHub-Api-Version", "2026-03-10"),
                HTTPField("Authorization", "Bearer ghp_SECRET"),
            ])
    }

    @Test func `an issue is read whole`() async throws {
        let issue = try await read(
            GitHubSample.issue(state: "closed", more: GitHubSample.closedDetails), id: "MDU6SXNzdWUx")
        #expect(issue.nativeID == "MDU6SXNzdWUx" && issue.key == "octocat/Hello-World#1347")
        #expect(issue.projectKey == "octocat/Hello-World" && issue.previousKeys.isEmpty)
        #expect(issue.webURL == "https://github.com/octocat/Hello-World/issues/1347")
        #expect(
            issue.title == "Found a bug" && issue.statusName == "closed"
                && issue.providerCategory == .canceled)
        #expect(issue.resolution == "not_planned" && issue.type == "Bug" && issue.priority == "High")
        #expect(
            issue.assignees == [
                ExternalPerson(id: "583231", displayName: "octocat"),
                ExternalPerson(id: "2", displayName: "hubot"),
            ])
        #expect(issue.labels == ["bug", "easy"] && issue.formerNativeID == nil)
        #expect(issue.createdAt == Timestamp(seconds: 1_303_479_228))
        #expect(issue.updatedAt == Timestamp(seconds: 1_303_565_628))
        #expect(issue.closedAt == Timestamp(seconds: 1_303_603_200))
    }

    @Test(
        arguments: [
            ("open", "", "open", StatusCategory.todo, nil),
            ("open", #","state_reason":"reopened""#, "open", .todo, nil),
            ("closed", "", "closed", .done, nil), ("closed", #","state_reason":null"#, "closed", .done, nil),
            ("closed", #","state_reason":"completed""#, "closed", .done, "completed"),
            ("closed", #","state_reason":"not_planned""#, "closed", .canceled, "not_planned"),
            ("closed", #","state_reason":"duplicate""#, "closed", .canceled, "duplicate"),
            ("closed", #","state_reason":"of tomorrow""#, "closed", .done, "of tomorrow"),
            ("frozen", "", "frozen", .unknown, nil),
            ("open", #","pull_request":{"merged_at":null},"draft":false"#, "open", .inProgress, nil),
            ("open", #","pull_request":{"merged_at":null},"draft":true"#, "draft", .inProgress, nil),
            ("closed", #","pull_request":{"merged_at":"2026-01-01T00:00:00Z"}"#, "merged", .done, nil),
            ("closed", #","pull_request":{}"#, "closed", .canceled, nil),
        ] as [(String, String, String, StatusCategory, String?)])
    func `a state has its category`(
        state: String, more: String, name: String, category: StatusCategory, resolution: String?
    ) async throws {
        let issue = try await read(GitHubSample.issue(state: state, more: more))
        #expect(
            issue.statusName == name && issue.providerCategory == category && issue.resolution == resolution)
        #expect(issue.type == (more.contains("pull_request") ? "Pull request" : nil))
    }

    @Test func `a transferred issue is followed to its new place and id`() async throws {
        let transport = GitHubSample.transport(
            (
                301, ["location": "https://api.github.com/repositories/99/issues/7"],
                #"{"message":"Moved Permanently"}"#
            ),
            GitHubSample.ok(GitHubSample.issue(7, in: "octocat/Spoon-Knife", id: "I_kwDOAJy2Ks5Br9mF")))
        let outcome = try await fetch(
            IssueReference(key: "octocat/Hello-World#1347", nativeID: "MDU6SXNzdWUx"), transport)
        guard case .fetched(let issue, _) = outcome else { return #expect(Bool(false)) }
        #expect(issue.key == "octocat/Spoon-Knife#7" && issue.previousKeys == ["octocat/Hello-World#1347"])
        #expect(issue.nativeID == "I_kwDOAJy2Ks5Br9mF" && issue.formerNativeID == "MDU6SXNzdWUx")
        #expect(transport.sent.map(\.url).last == "https://api.github.com/repositories/99/issues/7")
    }

    @Test func `a renamed repository changes the key only`() async throws {
        let transport = GitHubSample.transport(
            (301, ["location": "https://api.github.com/repositories/1000/issues/1347"], "{}"),
            GitHubSample.ok(GitHubSample.issue(in: "octocat/Hello-Moon")))
        let outcome = try await fetch(
            IssueReference(key: "octocat/Hello-World#1347", nativeID: "MDU6SXNzdWUx"), transport)
        guard case .fetched(let issue, _) = outcome else { return #expect(Bool(false)) }
        #expect(issue.key == "octocat/Hello-Moon#1347" && issue.previousKeys == ["octocat/Hello-World#1347"])
        #expect(issue.nativeID == "MDU6SXNzdWUx" && issue.formerNativeID == nil)
    }

    @Test func `another spelling of the repository is no move`() async throws {
        let issue = try await read(GitHubSample.issue(), as: "OctoCat/hello-world#1347")
        #expect(issue.key == "octocat/Hello-World#1347" && issue.previousKeys.isEmpty)
    }

    @Test func `a new spelling of the same id is known as the same issue`() async throws {
        let issue = try await read(GitHubSample.issue(id: "I_kwDOAAABAc4AAAAB"), id: "MDU6SXNzdWUx")
        #expect(issue.nativeID == "I_kwDOAAABAc4AAAAB" && issue.formerNativeID == "MDU6SXNzdWUx")
    }

    @Test func `another issue under the same name is not taken for this one`() async {
        let error = await #expect(throws: TrackerError.self) {
            try await read(GitHubSample.issue(id: "I_kwDOAAABAc4AAAAC"), id: "MDU6SXNzdWUx")
        }
        #expect(error?.code == .badResponse)
    }

    @Test func `another number without a move is another issue`() async {
        let error = await #expect(throws: TrackerError.self) { try await read(GitHubSample.issue(1_348)) }
        #expect(error?.code == .badResponse)
    }

    @Test(arguments: [
        ("MDU6SXNzdWUx", "I_kwDOAAABAc4AAAAB", true), ("MDU6SXNzdWUx", "I_kwDOAAABAc4AAAAC", false),
        ("MDExOlB1bGxSZXF1ZXN0Mg==", "PR_kwDOAJy2Ks4AAAAC", true),
        ("MDExOlB1bGxSZXF1ZXN0Mg==", "I_kwDOAJy2Ks4AAAAC", false),
        ("I_kwDOAAABAc4AAAAB", "I_kwDOAAABAs4AAAAB", true),
        ("abc", "abc", true), ("abc", "abd", false), ("MDQ6VXNlcjE=", "I_kwDOAAABAc4AAAAB", false),
        ("I_", "PR_", false), ("", "I_kwDOAAABAc4AAAAB", false), ("I_kwDO", "MDU6SXNzdWU=", false),
    ])
    func `ids in both spellings are compared by what they name`(left: String, right: String, isSame: Bool) {
        #expect(GitHubNodeID.areSame(left, right) == isSame)
        #expect(GitHubNodeID.areSame(right, left) == isSame)
    }

    @Test func `an unchanged issue costs a question`() async throws {
        let transport = GitHubSample.transport(
            GitHubSample.ok(GitHubSample.issue(), ["etag": "W/\"a\""]), (304, [:], ""))
        let reference = IssueReference(key: "octocat/Hello-World#1347")
        guard case .fetched(_, let validator) = try await fetch(reference, transport) else {
            return #expect(Bool(false))
        }
        #expect(try await fetch(reference, transport, validator: validator) == .notModified)
        #expect(transport.sent[1].headers.last == HTTPField("If-None-Match", "W/\"a\""))
    }

    @Test(arguments: [
        "{}", "[]", "", #"{"node_id":"x","number":1,"state":"open"}"#,
        GitHubSample.issue(0), GitHubSample.issue(-4), GitHubSample.issue(1_234_567_890),
        GitHubSample.issue(in: "octocat"), GitHubSample.issue(in: "../.."), GitHubSample.issue(id: ""),
        GitHubSample.issue(id: "a b"),
    ])
    func `an answer that names no issue is a typed failure`(body: String) async {
        let error = await #expect(throws: TrackerError.self) { try await read(body) }
        #expect(error?.code == .badResponse)
    }

    @Test func `what is no key is never sent`() async {
        let transport = GitHubSample.transport()
        let error = await #expect(throws: TrackerError.self) {
            try await fetch(IssueReference(key: "octocat/../x#1"), transport)
        }
        #expect(error?.code == .invalidRequest && transport.sent.isEmpty)
    }

    @Test(arguments: [
        ("https://acme.ghe.com", "https://api.acme.ghe.com/repos/o/r/issues/1", "2026-03-10"),
        ("https://git.corp.example", "https://git.corp.example/api/v3/repos/o/r/issues/1", "2022-11-28"),
    ])
    func `each site is asked in its place and its version`(base: String, url: String, version: String) async {
        let transport = FakeTransport(404)
        _ = try? await fetch(IssueReference(key: "o/r#1"), transport, from: GitHubSample.source(base: base))
        #expect(transport.sent.map(\.url) == [url])
        #expect(transport.sent.first?.headers[1] == HTTPField("X-GitHub-Api-Version", version))
    }
}
