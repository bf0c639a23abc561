// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct GitHubProbeTests {
    private func report(
        _ source: TrackerSource, _ answers: [String: GitHubSample.Reply]
    ) async -> (ProbeReport, [String]) {
        let transport = FakeTransport { request in
            let path = String(request.url.dropFirst(GitHubSample.api.count).prefix { $0 != "?" })
            let reply = answers[path] ?? (404, [:], #"{"message":"Not Found"}"#)
            return HTTPResponse(
                status: reply.status, headers: reply.headers.map { HTTPField($0.key, $0.value) },
                body: Array(reply.body.utf8))
        }
        let report = await GitHubSample.runner(transport, signer: EchoSigner()).testConnection(source)
        return (report, transport.sent.map { String($0.url.dropFirst(GitHubSample.api.count)) })
    }

    private static let repository = "/repos/octocat/Hello-World"
    private static let good: [String: GitHubSample.Reply] = [
        "/user": GitHubSample.ok(
            #"{"login":"octocat","id":1,"name":"monalisa octocat"}"#,
            [
                "x-oauth-scopes": "repo, read:org", "x-ratelimit-limit": "5000",
                "x-ratelimit-remaining": "4999",
                "github-authentication-token-expiration": "2027-11-22 09:47:47 UTC",
            ]),
        "/installation/repositories": GitHubSample.ok(
            #"{"total_count":2,"repositories":[{"full_name":"octocat/Hello-World","owner":{"login":"octocat"}}]}"#
        ),
        repository: GitHubSample.ok(GitHubCreateTests.repository),
        repository + "/issues": GitHubSample.ok("[]"), "/search/issues": GitHubSample.ok(#"{"items":[]}"#),
        "/user/repos": GitHubSample.ok("[]"), "/rate_limit": GitHubSample.ok("{}"),
    ]

    private static func verdict(_ report: ProbeReport, _ name: ProbeStep.Name) -> ProbeVerdict? {
        report.steps.first { $0.name == name }?.verdict
    }

    @Test func `a good token is tested through, and never shown`() async {
        let (report, paths) = await report(GitHubSample.source(), Self.good)
        #expect(report.isOK && report.identity == "octocat" && report.scopes == ["repo", "read:org"])
        #expect(report.expiresAt == Timestamp(seconds: 1_826_876_867) && report.denied.isEmpty)
        for name in [ProbeStep.Name.identity, .read, .search, .create, .comment, .rate] {
            #expect(Self.verdict(report, name) == .passed, "\(name)")
        }
        #expect(
            paths == [
                "/user", Self.repository + "/issues?state=all&per_page=1",
                "/search/issues?q=repo%3Aoctocat%2FHello-World%20is%3Aissue&sort=updated&order=desc&per_page=1"
                    + "&advanced_search=true", Self.repository, Self.repository,
            ])
        #expect(!"\(report)".contains("SECRET"))
    }

    @Test(arguments: [
        ("", [Capability.create, .comment], [String]()), ("gist", [.create, .comment], ["gist"]),
        ("public_repo", [], ["public_repo"]),
    ])
    func `scopes that are too narrow are a warning`(
        scopes: String, denied: [Capability], seen: [String]
    ) async {
        var answers = Self.good
        answers["/user"] = GitHubSample.ok(#"{"login":"octocat"}"#, ["x-oauth-scopes": scopes])
        let (report, _) = await report(GitHubSample.source(), answers)
        #expect(report.isOK && Self.verdict(report, .identity) == .warning)
        #expect(report.denied == Set(denied) && report.scopes == seen)
    }

    @Test func `a fine-grained token tells no scopes, which is no fault`() async {
        var answers = Self.good
        answers["/user"] = GitHubSample.ok(#"{"login":"octocat"}"#)
        let (report, _) = await report(GitHubSample.source(), answers)
        #expect(report.isOK && Self.verdict(report, .identity) == .passed && report.scopes.isEmpty)
    }

    @Test func `a token that ends soon is a warning`() async {
        var answers = Self.good
        answers["/user"] = GitHubSample.ok(
            #"{"login":"octocat"}"#, ["github-authentication-token-expiration": "2026-11-25 09:47:47 +0000"])
        let (report, _) = await report(GitHubSample.source(), answers)
        #expect(report.isOK && Self.verdict(report, .identity) == .warning)
    }

    @Test func `an app's installation is an identity`() async {
        var answers = Self.good
        answers["/app/installations/42/access_tokens"] = (
            201, [:], #"{"token":"ghs_SECRET","expires_at":"2026-11-22T10:47:47Z"}"#
        )
        var source = GitHubSample.source(.gitHubApp).source
        source.authenticationSettings["installation_id"] = "42"
        let (report, paths) = await report(
            TrackerSource(
                source, credential: TrackerCredential(["private_key": "PEM SECRET"]), isDraft: true), answers)
        #expect(report.isOK && report.identity == "GitHub App in octocat")
        #expect(paths.dropFirst().first == "/installation/repositories?per_page=1")
        #expect(!"\(report)".contains("SECRET"))
    }

    @Test func `an installation without repositories is a warning`() async {
        var answers = Self.good
        answers["/installation/repositories"] = GitHubSample.ok(#"{"total_count":0,"repositories":[]}"#)
        answers["/app/installations/42/access_tokens"] = (201, [:], #"{"token":"ghs_SECRET"}"#)
        var source = GitHubSample.source(.gitHubApp, project: "").source
        source.authenticationSettings["installation_id"] = "42"
        let (report, _) = await report(
            TrackerSource(source, credential: TrackerCredential(["private_key": "PEM SECRET"])), answers)
        #expect(report.isOK && Self.verdict(report, .identity) == .warning)
        #expect(report.identity == "GitHub App")
    }

    @Test(arguments: [
        (AuthenticationMethodID.accessToken, ["/user", "/user/repos?per_page=1"], ProbeVerdict.warning),
        (.none, ["/rate_limit"], .passed),
    ])
    func `without a repository little can be tried`(
        method: AuthenticationMethodID, expected: [String], verdict: ProbeVerdict
    ) async {
        let (report, paths) = await report(GitHubSample.source(method, project: ""), Self.good)
        #expect(report.isOK && paths == expected && Self.verdict(report, .read) == verdict)
    }

    @Test func `nobody's test neither writes nor names anybody`() async {
        let (report, paths) = await report(GitHubSample.source(.none), Self.good)
        #expect(report.isOK && report.identity.isEmpty && paths.count == 2)
        #expect(Self.verdict(report, .auth) == .skipped && Self.verdict(report, .create) == .skipped)
    }

    @Test(arguments: [
        ("\"archived\":false", "\"archived\":true", [Capability.create, .comment]),
        ("\"has_issues\":true", "\"has_issues\":false", [.create, .comment]),
        ("\"push\":true,\"triage\":true", "\"push\":false,\"triage\":false", []),
    ])
    func `what a repository does not take is a warning`(from: String, to: String, denied: [Capability]) async
    {
        var answers = Self.good
        answers[Self.repository] = GitHubSample.ok(GitHubCreateTests.repository.replacing(from, with: to))
        let (report, _) = await report(GitHubSample.source(), answers)
        #expect(report.isOK && Self.verdict(report, .create) == .warning && report.denied == Set(denied))
    }

    @Test(arguments: [
        ("/user", 401, #"{"message":"Bad credentials"}"#, "auth", ProbeStep.Name.auth),
        (Self.repository + "/issues", 404, "{}", "http", .http),
        (
            Self.repository + "/issues", 403,
            #"{"message":"Resource not accessible by personal access token"}"#, "permission", .read
        ),
        ("/user", 200, "<html>", "format", .identity),
    ])
    func `a failure belongs to its step`(
        path: String, status: Int, body: String, failureClass: String, step: ProbeStep.Name
    ) async {
        var answers = Self.good
        answers[path] = (status, [:], body)
        let (report, _) = await report(GitHubSample.source(), answers)
        #expect(report.failureClass == failureClass && Self.verdict(report, step) == .failed)
    }

    @Test func `a search that is refused is a warning`() async {
        var answers = Self.good
        answers["/search/issues"] = (422, [:], #"{"message":"Validation Failed"}"#)
        let (report, _) = await report(GitHubSample.source(), answers)
        #expect(report.isOK && Self.verdict(report, .search) == .warning)
    }

    @Test func `a renamed repository is a warning`() async {
        var answers = Self.good
        answers[Self.repository + "/issues"] = (
            301, ["location": "https://api.github.com/repositories/1000/issues"], "{}"
        )
        answers["/repositories/1000/issues"] = GitHubSample.ok("[]")
        let (report, _) = await report(GitHubSample.source(), answers)
        #expect(report.isOK && Self.verdict(report, .read) == .warning)
    }
}
