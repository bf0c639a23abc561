// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Foundation
import Testing

@testable import ExtRefTrackers

@Suite struct GitHubAuthTests {
    private static let tokens =
        #"{"token":"ghs_16C7e42F292c","expires_at":"2026-11-22T10:47:47Z","permissions":{}}"#

    private static func app(
        project: String = "octocat/Hello-World", settings: [String: String] = [:]
    ) -> TrackerSource {
        let template = GitHubSample.source(.gitHubApp, project: project)
        var source = template.source
        source.authenticationSettings.merge(settings) { $1 }
        return TrackerSource(source, credential: TrackerCredential(["private_key": "PEM SECRET"]))
    }

    private func fetch(_ transport: FakeTransport, from source: TrackerSource) async throws(TrackerError) {
        _ = try await GitHubSample.runner(transport, signer: EchoSigner()).fetchIssue(
            IssueReference(key: "octocat/Hello-World#1347"), from: source, budget: GitHubSample.budget)
    }

    private func failure(_ transport: FakeTransport, _ source: TrackerSource = app()) async -> TrackerError? {
        await #expect(throws: TrackerError.self) { try await fetch(transport, from: source) }
    }

    @Test(arguments: [
        (AuthenticationMethodID.accessToken, ["Bearer ghp_SECRET"]), (.gitHubApp, ["Bearer ghs_SECRET"]),
        (.none, []),
    ])
    func `each way to authenticate sends its header and nothing else`(
        method: AuthenticationMethodID, expected: [String]
    ) throws {
        let headers = try GitHubTracker().headers(for: GitHubSample.source(method))
        #expect(headers.filter { $0.name == "Authorization" }.map(\.value) == expected)
        #expect(headers.count == 2 + expected.count)
    }

    @Test(arguments: [AuthenticationMethodID.accessToken, .gitHubApp])
    func `without its secret nothing is sent`(method: AuthenticationMethodID) async {
        let transport = GitHubSample.transport()
        let error = await failure(transport, TrackerSource(GitHubSample.source(method).source))
        #expect(error?.code == .credentialsRejected && transport.sent.isEmpty)
    }

    @Test func `an app signs who it is and when, and uses the token it gets`() async throws {
        let transport = GitHubSample.transport(
            (201, [:], Self.tokens), GitHubSample.ok(GitHubSample.issue()),
            GitHubSample.ok(GitHubSample.issue()))
        let runner = GitHubSample.runner(transport, signer: EchoSigner())
        let source = Self.app(settings: ["installation_id": "42"])
        for _ in 0..<2 {
            _ = try await runner.fetchIssue(
                IssueReference(key: "octocat/Hello-World#1347"), from: source, budget: GitHubSample.budget)
        }
        let issue = "GET \(GitHubSample.api)/repos/octocat/Hello-World/issues/1347"
        #expect(
            GitHubSample.lines(transport.sent) == [
                "POST \(GitHubSample.api)/app/installations/42/access_tokens {}", issue, issue,
            ])
        let bearers = transport.sent.compactMap { $0.headers.first { $0.name == "Authorization" }?.value }
        #expect(bearers[1...] == ["Bearer ghs_16C7e42F292c", "Bearer ghs_16C7e42F292c"])
        let parts = bearers[0].dropFirst("Bearer ".count).split(separator: ".")
        let texts = parts.map {
            Data(base64Encoded: $0 + String(repeating: "=", count: (4 - $0.count % 4) % 4)) ?? Data()
        }
        .map { String(decoding: $0, as: UTF8.self) }
        #expect(
            texts == [
                #"{"alg":"RS256","typ":"JWT"}"#,
                #"{"exp":1795341407,"iat":1795340807,"iss":"Iv1.8a61f9b3a7aba766"}"#, "signed",
            ])
        #expect(!bearers[0].contains("="))
    }

    @Test func `the installation is found at the repository, else at its owner`() async throws {
        let transport = GitHubSample.transport(
            (404, [:], "{}"), GitHubSample.ok(#"{"id":7,"app_id":1}"#), (201, [:], Self.tokens),
            GitHubSample.ok(GitHubSample.issue()))
        try await fetch(transport, from: Self.app())
        #expect(
            transport.sent.map(\.url).prefix(3) == [
                "\(GitHubSample.api)/repos/octocat/Hello-World/installation",
                "\(GitHubSample.api)/orgs/octocat/installation",
                "\(GitHubSample.api)/app/installations/7/access_tokens",
            ])
    }

    @Test func `without a repository the only installation is taken`() async throws {
        let transport = GitHubSample.transport(
            GitHubSample.ok(#"[{"id":7}]"#), (201, [:], Self.tokens), GitHubSample.ok(GitHubSample.issue()))
        try await fetch(transport, from: Self.app(project: ""))
        #expect(transport.sent.map(\.url).first == "\(GitHubSample.api)/app/installations?per_page=2")
    }

    @Test(arguments: [
        (
            "octocat/Hello-World", [(401, #"{"message":"A JSON web token could not be decoded"}"#)],
            "signature"
        ),
        ("octocat/Hello-World", [(404, "{}"), (404, "{}")], "not installed"),
        ("octocat/Hello-World", [(200, #"{"id":7}"#), (404, "{}")], "not installed"),
        ("octocat/Hello-World", [(200, #"{"id":7}"#), (401, "{}")], "signature"),
        (
            "octocat/Hello-World",
            [(200, #"{"id":7}"#), (403, #"{"message":"This installation has been suspended"}"#)], "suspended"
        ),
        ("", [(200, #"[{"id":7},{"id":8}]"#)], "several"), ("", [(200, "[]")], "not installed"),
        ("", [(401, "{}")], "signature"),
    ])
    func `an app that cannot get a token is told why`(
        project: String, replies: [(Int, String)], word: String
    ) async {
        let count = Counter()
        let transport = FakeTransport { _ in
            let reply = replies[count.increment() - 1]
            return HTTPResponse(status: reply.0, body: Array(reply.1.utf8))
        }
        let error = await failure(transport, Self.app(project: project))
        #expect(error?.code == .credentialsRejected && error?.message.contains(word) == true)
    }

    @Test(arguments: [
        #"{"id":-1}"#, #"{"id":"x"}"#, "{}", "[]",
    ])
    func `an answer that names no installation is a typed failure`(body: String) async {
        #expect(await failure(GitHubSample.transport(GitHubSample.ok(body)))?.code == .badResponse)
    }

    @Test(arguments: [#"{"token":""}"#, #"{"token":"a\nb"}"#, "{}"])
    func `an answer that holds no token is a typed failure`(body: String) async {
        let source = Self.app(settings: ["installation_id": "42"])
        #expect(await failure(GitHubSample.transport((201, [:], body)), source)?.code == .badResponse)
    }

    @Test(arguments: [["installation_id": "x"], ["installation_id": "0"], ["app_id": " "]])
    func `settings that cannot be right are refused before anything is sent`(settings: [String: String]) async
    {
        let transport = GitHubSample.transport()
        #expect(await failure(transport, Self.app(settings: settings))?.code == .credentialsRejected)
        #expect(transport.sent.isEmpty)
    }

    @Test func `a token without an end is used for an hour`() async throws {
        let source = Self.app(settings: ["installation_id": "42"])
        let call = try GitHubTracker().tokenCall(for: source, at: GitHubSample.now, signer: EchoSigner())
        let transport = GitHubSample.transport((201, [:], #"{"token":"t"}"#))
        let token = try await GitHubSample.outcome(of: try #require(call), transport, from: source)
        #expect(token == IssuedToken(accessToken: "t", expiresAt: GitHubSample.now + .seconds(3_600)))
    }

    @Test func `a personal token needs no exchange, and no grant is ever used up`() throws {
        let call = try GitHubTracker().tokenCall(
            for: GitHubSample.source(), at: GitHubSample.now, signer: EchoSigner())
        #expect(call == nil)
        #expect(!GitHubTracker().rotatesRefreshToken(Self.app().source))
    }

    @Test func `every field says where its value is found`() {
        for method in GitHubTracker().description.authenticationMethods {
            #expect(method.helpURL.hasPrefix("https://docs.github.com/"))
            #expect(method.fields.allSatisfy { !$0.help.isEmpty && !$0.label.isEmpty })
        }
        let secret = GitHubTracker().description.authenticationMethods.flatMap(\.fields).filter(\.isSecret)
        #expect(secret.map(\.name) == ["token", "private_key"])
    }
}
