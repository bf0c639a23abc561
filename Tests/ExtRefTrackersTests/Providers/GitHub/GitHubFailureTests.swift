// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct GitHubFailureTests {
    private func failure(_ reply: GitHubSample.Reply) async -> TrackerError? {
        await #expect(throws: TrackerError.self) {
            try await GitHubSample.runner(GitHubSample.transport(reply)).fetchIssue(
                IssueReference(key: "o/r#1"), from: GitHubSample.source(), budget: GitHubSample.budget)
        }
    }

    @Test(
        arguments: [
            (
                401, [:], #"{"message":"Bad credentials","status":"401"}"#,
                TrackerError.Code.credentialsRejected
            ),
            (403, [:], #"{"message":"Must have admin rights to Repository."}"#, .permissionDenied),
            (403, [:], #"{"message":"Resource not accessible by integration"}"#, .scopeMissing),
            (403, [:], #"{"message":"Resource not accessible by personal access token"}"#, .scopeMissing),
            (403, [:], #"{"message":"Sorry. Your account was suspended."}"#, .credentialsRejected),
            (403, [:], #"{"message":"This installation has been suspended"}"#, .credentialsRejected),
            (
                403, [:], #"{"message":"… the `acme` organization has an IP allow list enabled …"}"#,
                .permissionDenied
            ),
            (
                403,
                ["x-github-sso": "required; url=https://github.com/orgs/acme/sso?authorization_request=A1"],
                #"{"message":"Resource protected by organization SAML enforcement."}"#, .permissionDenied
            ),
            (403, [:], "<html>", .permissionDenied), (404, [:], #"{"message":"Not Found"}"#, .notFound),
            (410, [:], #"{"message":"This issue was deleted"}"#, .gone),
            (410, [:], #"{"message":"This endpoint was removed."}"#, .apiGone), (410, [:], "", .apiGone),
            (410, [:], #"{"message":"Issues has been disabled in this repository."}"#, .permissionDenied),
            (451, [:], #"{"message":"Repository access blocked"}"#, .permissionDenied),
            (301, ["location": "https://evil.example/repositories/1/issues/1"], "{}", .redirected),
            (307, ["location": "https://evil.example/x"], "{}", .notFound),
            (422, [:], "{}", .invalidRequest), (502, [:], "", .unavailable), (503, [:], "{}", .unavailable),
            (200, ["content-type": "text/html"], "<html>", .credentialsRejected),
        ] as [(Int, [String: String], String, TrackerError.Code)])
    func `every refusal has its class`(
        status: Int, headers: [String: String], body: String, code: TrackerError.Code
    ) async {
        let error = await failure((status, headers, body))
        #expect(error?.code == code)
        #expect(
            error?.message.contains("acme") == false
                && error?.message.contains("authorization_request") == false)
    }

    private static let secondary = #"{"message":"You have exceeded a secondary rate limit. Please wait."}"#

    @Test(
        arguments: [
            (
                403, ["x-ratelimit-remaining": "0", "x-ratelimit-reset": "1795341167"],
                #"{"message":"API rate limit exceeded for user ID 1."}"#, 300
            ),
            (429, ["x-ratelimit-remaining": "0", "x-ratelimit-reset": "1795341167"], "{}", 300),
            (403, ["retry-after": "17"], secondary, 17), (429, ["retry-after": "17"], secondary, 17),
            (403, [:], secondary, 60), (429, [:], "{}", 60),
            (403, ["x-ratelimit-remaining": "4000", "x-ratelimit-reset": "1795341167"], secondary, 60),
            (403, [:], #"{"message":"You have triggered an abuse detection mechanism."}"#, 60),
            (
                200, ["x-ratelimit-remaining": "0", "x-ratelimit-reset": "1795341167"],
                #"{"errors":[{"type":"RATE_LIMITED","message":"API rate limit exceeded"}]}"#, 300
            ),
        ] as [(Int, [String: String], String, Int)])
    func `every limit says how long to wait`(
        status: Int, headers: [String: String], body: String, seconds: Int
    ) async {
        let error = await failure((status, headers, body))
        #expect(error?.code == .rateLimited && error?.retryAfter == .seconds(seconds))
    }

    @Test func `the last call of the hour is as good as the others`() async throws {
        let transport = GitHubSample.transport(
            GitHubSample.ok(
                GitHubSample.issue(), ["x-ratelimit-remaining": "0", "x-ratelimit-reset": "1795341167"]))
        let outcome = try await GitHubSample.runner(transport).fetchIssue(
            IssueReference(key: "octocat/Hello-World#1347"), from: GitHubSample.source(),
            budget: GitHubSample.budget)
        guard case .fetched = outcome else { return #expect(Bool(false)) }
    }
}
