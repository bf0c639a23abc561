// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct GitLabProbeTests {
    private static let user = "GET /api/v4/user"
    private static let token = "GET /api/v4/personal_access_tokens/self"
    private static let read = "GET /api/v4/issues?per_page=1&state=all&scope=all"

    private static let john = ForgeScript.Answer(
        "{\"id\":1,\"username\":\"john_smith\",\"name\":\"John Smith\",\"email\":\"john@example.com\"}")

    private static func tokenAnswer(
        _ scopes: String, more: String = "\"active\":true,\"revoked\":false"
    ) -> ForgeScript.Answer {
        .init(
            "{\"id\":42,\"name\":\"Test Token\",\"scopes\":[\(scopes)],\(more),\"expires_at\":\"2027-08-15\"}"
        )
    }

    @Test func `a test tells account, scopes and end of the token`() async throws {
        let script = GitLabSamples.script([
            Self.user: Self.john, Self.token: Self.tokenAnswer("\"api\""),
            Self.read: .init("[\(GitLabSamples.issue())]"),
        ])
        let found = try await script.probe(GitLabSamples.source())
        #expect(found[.identity]?.identity == "John Smith (john_smith)")
        #expect(found[.identity]?.advice == "GitLab takes us for John Smith (john_smith).")
        #expect(found[.identity]?.scopes == ["api"])
        #expect(found[.identity]?.expiresAt == TrackerDate.parse("2027-08-15"))
        #expect(found[.read] == ProbeFinding(advice: "Issues can be read."))
        #expect(
            found[.permission(.create)]
                == ProbeFinding(
                    advice: "The token allows creating issues in every project where its account may."))
        #expect(found[.permission(.comment)]?.isWarning == false && found.count == 4)
        // The steps share what the token says of itself.
        #expect(script.lines == [Self.user, Self.token, Self.read])
    }

    @Test func `a token that only reads is told what it lacks`() async throws {
        let script = GitLabSamples.script([
            Self.user: Self.john, Self.token: Self.tokenAnswer("\"read_api\",\"read_user\""),
            Self.read: .init("[]"),
        ])
        let found = try await script.probe(GitLabSamples.source())
        #expect(found[.identity]?.scopes == ["read_api", "read_user"])
        #expect(found[.permission(.create)]?.denied == [.create])
        #expect(found[.permission(.comment)]?.denied == [.comment])
        #expect(found[.permission(.comment)]?.isWarning == true)
        #expect(
            found[.permission(.comment)]?.advice
                == "The token lacks the scope api, which writing comments needs.")
        #expect(found[.read]?.isWarning == true)
    }

    @Test(arguments: [
        ("\"active\":false", TrackerError.Code.credentialsExpired),
        ("\"revoked\":true", .credentialsRejected),
        ("\"active\":false,\"revoked\":true", .credentialsRejected),
    ])
    func `a token that ended is refused`(fact: String, code: TrackerError.Code) async {
        let script = GitLabSamples.script([
            Self.user: Self.john, Self.token: Self.tokenAnswer("\"api\"", more: fact),
        ])
        let error = await #expect(throws: TrackerError.self) {
            try await script.probe(GitLabSamples.source())
        }
        #expect(error?.code == code)
    }

    @Test(arguments: [404, 403, 401, 400])
    func `a version that does not tell scopes passes`(status: Int) async throws {
        let script = GitLabSamples.script([
            Self.user: Self.john, Self.token: .init(status), Self.read: .init("[]"),
        ])
        let found = try await script.probe(GitLabSamples.source())
        #expect(found[.identity]?.scopes == [] && found[.identity]?.expiresAt == nil)
        #expect(
            found[.permission(.create)]
                == ProbeFinding(advice: "GitLab does not say whether the credentials allow creating issues."))
    }

    @Test(arguments: [
        (
            ForgeScript.Answer(401, "{\"message\":\"401 Unauthorized\"}"),
            TrackerError.Code.credentialsRejected
        ),
        (.init(403, "{\"error\":\"insufficient_scope\"}"), .scopeMissing), (.init("{}"), .badResponse),
    ])
    func `a bad token fails at once`(answer: ForgeScript.Answer, code: TrackerError.Code) async {
        let script = GitLabSamples.script([Self.user: answer])
        let error = await #expect(throws: TrackerError.self) {
            try await script.probe(GitLabSamples.source())
        }
        #expect(error?.code == code && script.lines == [Self.user])
    }

    @Test(arguments: [
        (ForgeScript.Answer("[\(GitLabSamples.issue())]"), "Issues can be read.", false),
        (.init("[]"), "Issues can be read, but this account sees none.", true),
        (
            .init(404),
            "team/app is missing or hidden from this account. Check its path, or make the account a member.",
            true
        ),
    ])
    func `reading is tried in the source's project`(
        answer: ForgeScript.Answer, advice: String, isWarning: Bool
    ) async throws {
        let script = GitLabSamples.script([
            Self.user: Self.john, Self.token: Self.tokenAnswer("\"api\""),
            "GET /api/v4/projects/team%2Fapp/issues?per_page=1&state=all": answer,
        ])
        let found = try await script.probe(GitLabSamples.source(allowed: ["groups/team", "team/app"]))
        #expect(found[.read] == ProbeFinding(advice: advice, isWarning: isWarning))
    }

    @Test func `without credentials only reading is tried`() async throws {
        let script = GitLabSamples.script([Self.read: .init("[\(GitLabSamples.issue())]")])
        let found = try await script.probe(GitLabSamples.source(method: .none))
        #expect(found[.identity] == nil && script.lines == [Self.read])
        #expect(found[.permission(.create)]?.denied == [.create])
        #expect(found[.permission(.comment)]?.denied == [.comment])
    }

    @Test func `an OAuth token tells its scopes elsewhere and has no end worth a warning`() async throws {
        var source = GitLabSamples.source(method: .oauthRefresh).source
        source.authenticationSettings = ["client_id": "app"]
        let script = GitLabSamples.script([
            Self.user: Self.john, Self.read: .init("[]"),
            "GET /oauth/token/info": .init(
                "{\"resource_owner_id\":1,\"scope\":[\"api\"],\"expires_in\":7000}"),
        ])
        let found = try await script.probe(
            TrackerSource(source, credential: TrackerCredential(["access_token": "AT"])))
        #expect(found[.identity]?.scopes == ["api"] && found[.identity]?.expiresAt == nil)
        #expect(found[.permission(.create)]?.isWarning == false)
    }
}
