// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct LinearAuthTests {
    private typealias S = LinearSamples

    private func oauthSource() -> TrackerSource {
        var source = S.source()
        source.authenticationMethod = .oauthRefresh
        source.authenticationSettings = ["client_id": "client"]
        return TrackerSource(
            source, credential: TrackerCredential(["client_secret": "cs", "refresh_token": "rt"]))
    }

    @Test func `a personal key is sent raw, a token behind Bearer`() async throws {
        let transport = ScriptedAnswers([
            ScriptedAnswers.Answer(
                body: "{\"access_token\":\"at\",\"expires_in\":86399,\"refresh_token\":\"rt2\"}"),
            ScriptedAnswers.Answer(body: S.one(S.issue())),
        ])
        _ = try await S.runner(transport).fetchIssue(
            IssueReference(key: "ENG-12"), from: oauthSource(), budget: S.budget)
        #expect(
            transport.lines == [
                "POST https://api.linear.app/oauth/token", "POST https://api.linear.app/graphql",
            ])
        #expect(
            transport.bodies[0]
                == "grant_type=refresh_token&refresh_token=rt&client_id=client&client_secret=cs")
        #expect(
            transport.sent[0].headers == [
                HTTPField("Accept", "application/json"),
                HTTPField("Content-Type", "application/x-www-form-urlencoded"),
            ])
        #expect(transport.sent[1].headers.last == HTTPField("Authorization", "Bearer at"))
        #expect(transport.sent[1].headers.count == 3)
    }

    @Test func `a withdrawn grant is told from a wrong one`() async {
        let transport = ScriptedAnswers([
            ScriptedAnswers.Answer(status: 400, body: "{\"error\":\"invalid_grant\"}")
        ])
        let error = await #expect(throws: TrackerError.self) {
            try await S.runner(transport).fetchIssue(
                IssueReference(key: "ENG-12"), from: oauthSource(), budget: S.budget)
        }
        #expect(error?.code == .credentialsExpired && transport.sent.count == 1)
    }

    @Test func `without a key nothing is sent`() async {
        let transport = ScriptedAnswers("{}")
        let error = await #expect(throws: TrackerError.self) {
            try await S.runner(transport).fetchIssue(
                IssueReference(key: "ENG-12"), from: TrackerSource(S.source()), budget: S.budget)
        }
        #expect(error?.code == .credentialsRejected && transport.sent.isEmpty)
    }

    @Test func `people grant access on Linear's own page, scopes separated by commas`() {
        let endpoints = LinearTracker().oauth(of: S.source())
        #expect(endpoints.authorizeAddress == "https://linear.app/oauth/authorize")
        #expect(endpoints.tokenAddress == "https://api.linear.app/oauth/token")
        #expect(endpoints.scopes == ["read", "write"] && endpoints.scopeSeparator == ",")
        #expect(LinearTracker().rotatesRefreshToken(oauthSource().source))
    }

    @Test func `every secret is marked as one and says where to get it`() {
        let fields = LinearTracker().description.authenticationMethods.flatMap(\.fields)
        #expect(fields.filter(\.isSecret).map(\.name) == ["api_key", "client_secret", "refresh_token"])
        #expect(fields.allSatisfy { $0.help.count > 20 })
    }
}
