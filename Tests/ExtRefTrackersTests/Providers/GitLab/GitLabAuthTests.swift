// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct GitLabAuthTests {
    private static let line = "GET /api/v4/projects/team%2Fapp/issues/23"

    @Test func `a token goes into its own header, and none into none`() async throws {
        let script = GitLabSamples.script([Self.line: .init(GitLabSamples.issue())])
        _ = try await script.fetch("team/app#23", GitLabSamples.source(token: "glpat-x"))
        _ = try await script.fetch("team/app#23", GitLabSamples.source(method: .none))
        let accept = HTTPField("Accept", "application/json")
        #expect(
            script.transport.sent.map(\.headers) == [
                [accept, HTTPField("PRIVATE-TOKEN", "glpat-x")], [accept],
            ])
    }

    @Test func `without a token nothing is sent`() async {
        let script = GitLabSamples.script([:])
        let error = await #expect(throws: TrackerError.self) {
            try await script.fetch("team/app#23", GitLabSamples.source(token: ""))
        }
        #expect(error?.code == .credentialsRejected && script.lines.isEmpty)
    }

    private func oauthSource(switchedOff: Set<Capability> = []) -> TrackerSource {
        var source = GitLabSamples.source("https://git.corp.example/gitlab", method: .oauthRefresh).source
        source.authenticationSettings = ["client_id": "app"]
        source.switchedOff = switchedOff
        return TrackerSource(
            source,
            credential: TrackerCredential(["client_secret": "s3cret", "refresh_token": "old/refresh"]))
    }

    @Test func `a grant is exchanged for a token that goes into Authorization`() async throws {
        let script = GitLabSamples.script(
            [
                "POST /oauth/token": .init(
                    "{\"access_token\":\"AT\",\"token_type\":\"Bearer\",\"expires_in\":7200,"
                        + "\"refresh_token\":\"RT\",\"created_at\":1607635748}"),
                Self.line: .init(GitLabSamples.issue()),
            ], at: "https://git.corp.example/gitlab")
        _ = try await script.fetch("team/app#23", oauthSource())
        #expect(script.lines == ["POST /oauth/token", Self.line])
        #expect(
            script.bodies[0]
                == "grant_type=refresh_token&refresh_token=old%2Frefresh&client_id=app&client_secret=s3cret")
        #expect(
            script.transport.sent[1].headers == [
                HTTPField("Accept", "application/json"), HTTPField("Authorization", "Bearer AT"),
            ])
    }

    @Test(
        arguments: [
            ([], "api"), ([.create], "api"), ([.create, .comment], "read_api"),
            ([.create, .comment, .search], "read_api"),
        ] as [(Set<Capability>, String)])
    func `no more is asked for than is used`(switchedOff: Set<Capability>, scope: String) {
        let endpoints = GitLabTracker().oauth(of: oauthSource(switchedOff: switchedOff).source)
        #expect(endpoints.authorizeAddress == "https://git.corp.example/gitlab/oauth/authorize")
        #expect(endpoints.tokenAddress == "https://git.corp.example/gitlab/oauth/token")
        #expect(endpoints.scopes == [scope] && endpoints.encoding == .form)
    }

    @Test func `other methods need no exchange`() throws {
        let source = GitLabSamples.source()
        let call = try GitLabTracker().tokenCall(for: source, at: ForgeScript.now, signer: NeverSigning())
        #expect(call == nil && !GitLabTracker().rotatesRefreshToken(source.source))
    }

    private struct NeverSigning: TokenSigning {
        func rs256(_ message: [UInt8], privateKeyPEM: String) throws(TrackerError) -> [UInt8] {
            throw TrackerError(.unsupported, "GitLab needs no signatures.")
        }
    }

    @Test(
        arguments: [
            (401, "{\"message\":\"401 Unauthorized\"}", [:], .credentialsRejected, nil),
            (
                401,
                "{\"error\":\"invalid_token\",\"error_description\":\"Token is expired. You can either do "
                    + "re-authorization or token refresh.\"}", [:], .credentialsExpired, nil
            ),
            (
                401,
                "{\"error\":\"invalid_token\",\"error_description\":\"Token was revoked. You have to re-authorize "
                    + "from the user.\"}", [:], .credentialsRejected, nil
            ),
            (401, "no json", [:], .credentialsRejected, nil),
            (
                403,
                "{\"error\":\"insufficient_scope\",\"error_description\":\"The request requires higher privileges "
                    + "than provided by the access token.\",\"scope\":\"api read_api\"}", [:], .scopeMissing,
                nil
            ),
            (403, "{\"message\":\"403 Forbidden\"}", [:], .permissionDenied, nil),
            (404, "{\"message\":\"404 Project Not Found\"}", [:], .notFound, nil),
            (
                429, "Retry later", ["content-type": "text/plain", "retry-after": "30"], .rateLimited,
                .seconds(30)
            ),
            (
                429, "Retry later", ["ratelimit-remaining": "0", "ratelimit-reset": "1795340897"],
                .rateLimited, .seconds(30)
            ),
            (429, "<html>", ["content-type": "text/html"], .rateLimited, nil),
            (502, "", [:], .unavailable, nil),
            (400, "{\"message\":\"400 Bad request\"}", [:], .invalidRequest, nil),
            (302, "", ["location": "https://gitlab.example.com/users/sign_in"], .credentialsRejected, nil),
            (302, "", ["location": "https://elsewhere.example/api/v4/x"], .redirected, nil),
            (
                200, "<html>Sign in</html>", ["content-type": "text/html; charset=utf-8"],
                .credentialsRejected, nil
            ),
            (200, "Sign in", [:], .badResponse, nil),
        ] as [(Int, String, [String: String], TrackerError.Code, Duration?)])
    func `each dialect of failure has its class`(
        status: Int, body: String, headers: [String: String], code: TrackerError.Code, wait: Duration?
    ) async {
        let script = GitLabSamples.script([Self.line: .init(status, body, headers)])
        let error = await #expect(throws: TrackerError.self) {
            try await script.fetch("team/app#23", GitLabSamples.source())
        }
        #expect(error?.code == code && error?.retryAfter == wait)
        #expect(error?.message.hasSuffix(".") == true && error?.message.contains("TOKEN") == false)
    }
}
