// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct GitHubSearchTests {
    private static func source(
        base: String = "https://github.com", project: String = "o/r", allowed: [String] = []
    ) -> TrackerSource {
        let template = GitHubSample.source(base: base, project: project)
        var source = template.source
        source.allowedExternalProjects = allowed
        return TrackerSource(source, credential: template.credential)
    }

    private func search(
        _ words: String, _ transport: FakeTransport, in source: TrackerSource = source()
    ) async throws(TrackerError) -> [IssueSnapshot] {
        try await GitHubSample.runner(transport).searchIssues(
            words, limit: 5, in: source, budget: GitHubSample.budget)
    }

    @Test func `words are looked for in the default repository`() async throws {
        let transport = GitHubSample.transport(
            GitHubSample.ok(
                #"{"total_count":1,"incomplete_results":false,"items":[\#(GitHubSample.issue()),{"x":1}]}"#))
        let found = try await search("checkout fails", transport)
        #expect(found.map(\.key) == ["octocat/Hello-World#1347"])
        #expect(
            transport.sent.map(\.url) == [
                "https://api.github.com/search/"
                    + "issues?q=checkout%20fails%20repo%3Ao%2Fr%20is%3Aissue&sort=updated"
                    + "&order=desc&per_page=5&advanced_search=true"
            ])
    }

    @Test(
        arguments: [
            ("https://github.com", "o/r", ["a/b"], "x repo:a/b is:issue"),
            ("https://github.com", "", ["a/b", "a/c"], "x (repo:a/b OR repo:a/c) is:issue"),
            (
                "https://github.com", "", ["a/1", "a/2", "a/3", "b/4", "b/5", "b/6", "B/7"],
                "x (org:a OR org:b) is:issue"
            ),
            ("https://git.corp.example", "", ["a/b"], "x repo:a/b is:issue"),
            ("https://git.corp.example", "", ["a/b", "A/c"], "x org:a is:issue"),
            ("https://git.corp.example", "", ["a/b", "c/d"], "x is:issue"),
            ("https://git.corp.example", "", [], "x is:issue"),
            ("https://acme.ghe.com", "", [], "x is:issue"),
        ] as [(String, String, [String], String)])
    func `a search stays where the source may look, as far as GitHub lets it be said`(
        base: String, project: String, allowed: [String], question: String
    ) async throws {
        let transport = GitHubSample.transport(GitHubSample.ok(#"{"items":[]}"#))
        _ = try await search("x", transport, in: Self.source(base: base, project: project, allowed: allowed))
        let query = PercentCoding.decode(transport.sent[0].url.split(separator: "?")[1].prefix { $0 != "&" })
        #expect(query == "q=" + question)
        #expect(transport.sent[0].url.contains("advanced_search") == (base != "https://git.corp.example"))
    }

    @Test(arguments: [
        ("repo:evil/x (a OR b) \"c\"", "repo evil/x a or b c"), ("-label:x NOT y", "label x not y"),
        ("TypeError: x is not a function", "TypeError x is not a function"), ("a AND b -- c", "a and b c"),
    ])
    func `GitHub's search language is taken out of the words`(typed: String, sent: String) async throws {
        let transport = GitHubSample.transport(GitHubSample.ok(#"{"items":[]}"#))
        _ = try await search(typed, transport)
        let query = PercentCoding.decode(transport.sent[0].url.split(separator: "?")[1].prefix { $0 != "&" })
        #expect(query == "q=\(sent) repo:o/r is:issue")
    }

    @Test func `words that are nothing but operators find nothing`() async throws {
        let transport = GitHubSample.transport()
        #expect(try await search("(:) -", transport).isEmpty && transport.sent.isEmpty)
    }

    @Test(arguments: [("#1347", "o/r"), ("1347", "o/r"), ("octocat/Hello-World#1347", "octocat/Hello-World")])
    func `a key means that issue`(typed: String, repository: String) async throws {
        let transport = GitHubSample.transport(GitHubSample.ok(GitHubSample.issue()))
        #expect(try await search(typed, transport).map(\.key) == ["octocat/Hello-World#1347"])
        #expect(transport.sent.map(\.url) == ["https://api.github.com/repos/\(repository)/issues/1347"])
    }

    @Test(arguments: [(404, "Not Found"), (410, "This issue was deleted")])
    func `a key that names nothing finds nothing`(status: Int, message: String) async throws {
        let transport = GitHubSample.transport((status, [:], #"{"message":"\#(message)"}"#))
        #expect(try await search("#9", transport).isEmpty)
    }

    @Test func `a call that is gone is no key that names nothing`() async {
        let error = await #expect(throws: TrackerError.self) {
            try await search("#9", GitHubSample.transport((410, [:], #"{"message":"Not supported."}"#)))
        }
        #expect(error?.code == .apiGone)
    }

    @Test func `a repository that is hidden is said so`() async {
        let body =
            #"{"message":"Validation Failed","errors":[{"message":"The listed users cannot be searched"}]}"#
        let error = await #expect(throws: TrackerError.self) {
            try await search("x", GitHubSample.transport((422, [:], body)))
        }
        #expect(error?.code == .invalidRequest && error?.message.contains("hidden") == true)
    }

    @Test func `all of github·com is never searched`() async {
        let transport = GitHubSample.transport()
        let error = await #expect(throws: TrackerError.self) {
            try await search("x", transport, in: Self.source(project: ""))
        }
        #expect(error?.code == .invalidRequest && transport.sent.isEmpty)
    }
}
