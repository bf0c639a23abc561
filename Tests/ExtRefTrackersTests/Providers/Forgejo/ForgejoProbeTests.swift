// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct ForgejoProbeTests {
    private static let user = "GET /api/v1/user"
    private static let version = "GET /api/v1/version"
    private static let everywhere = "GET /api/v1/repos/issues/search?state=all&limit=1"
    private static let inRepository = "GET /api/v1/repos/team/app/issues?state=all&limit=1"
    private static let repository = "GET /api/v1/repos/team/app"

    private static let base: [String: ForgeScript.Answer] = [
        user: .init("{\"id\":1,\"login\":\"bob\",\"full_name\":\"Bob B.\",\"email\":\"bob@example.com\"}"),
        version: .init("{\"version\":\"16.0.1+gitea-1.22.0\"}"),
        everywhere: .init("[\(ForgejoSamples.issue())]"), inRepository: .init("[\(ForgejoSamples.issue())]"),
        repository: .init("{\"full_name\":\"team/app\",\"has_issues\":true,\"archived\":false}"),
    ]

    private func script(_ answers: [String: ForgeScript.Answer] = [:]) -> ForgeScript {
        ForgejoSamples.script(Self.base.merging(answers) { $1 })
    }

    @Test func `a test tells account and version`() async throws {
        let script = script()
        let found = try await script.probe(ForgejoSamples.source())
        #expect(
            found[.identity]
                == ProbeFinding(
                    identity: "Bob B. (bob)",
                    advice: "The tracker (version 16.0.1+gitea-1.22.0) takes us for Bob B. (bob)."))
        #expect(found[.read] == ProbeFinding(advice: "Issues can be read."))
        #expect(found[.permission(.create)]?.isWarning == false && found.count == 4)
        #expect(script.lines == [Self.user, Self.version, Self.everywhere])
    }

    @Test func `a repository tells whether issues can be created`() async throws {
        let script = script()
        let found = try await script.probe(ForgejoSamples.source(project: "team/app"))
        #expect(
            found[.permission(.create)]
                == ProbeFinding(
                    advice: "team/app allows creating issues, if the token has the scope write:issue."))
        #expect(found[.permission(.comment)]?.isWarning == false)
        // Both steps share what the repository says of itself.
        #expect(script.lines == [Self.user, Self.version, Self.inRepository, Self.repository])
    }

    @Test(arguments: [
        ("{\"has_issues\":true,\"archived\":true}", "archived"), ("{\"has_issues\":false}", "switched off"),
    ])
    func `a repository that takes none is a warning`(body: String, word: String) async throws {
        let found = try await script([Self.repository: .init(body)]).probe(
            ForgejoSamples.source(project: "team/app"))
        for capability in [Capability.create, .comment] {
            let finding = found[.permission(capability)]
            #expect(finding?.isWarning == true && finding?.denied == [])
            #expect(finding?.advice.contains(word) == true)
        }
    }

    @Test func `a token without read:user is good all the same`() async throws {
        let scope = "{\"message\":\"token does not have at least one of required scope(s): [read:user]\"}"
        let found = try await script([Self.user: .init(403, scope)]).probe(ForgejoSamples.source())
        #expect(found[.identity]?.identity == "" && found[.identity]?.isWarning == true)
        #expect(found[.identity]?.advice.hasSuffix("because it lacks the scope read:user.") == true)
    }

    @Test(arguments: [
        (ForgeScript.Answer(401, "{\"message\":\"no\"}"), TrackerError.Code.credentialsRejected),
        (.init(403, "{\"message\":\"no\"}"), .permissionDenied), (.init("{}"), .badResponse),
    ])
    func `a refused account fails at once`(answer: ForgeScript.Answer, code: TrackerError.Code) async {
        let script = script([Self.user: answer])
        let error = await #expect(throws: TrackerError.self) {
            try await script.probe(ForgejoSamples.source())
        }
        #expect(error?.code == code && script.lines == [Self.user])
    }

    @Test(arguments: [404, 403, 401])
    func `a server that hides its version passes`(status: Int) async throws {
        let found = try await script([Self.version: .init(status)]).probe(ForgejoSamples.source())
        #expect(found[.identity]?.advice == "The tracker takes us for Bob B. (bob).")
    }

    @Test func `a hidden repository is a warning`() async throws {
        let found = try await script([Self.inRepository: .init(404), Self.repository: .init(404)]).probe(
            ForgejoSamples.source(project: "team/app"))
        #expect(found[.read]?.isWarning == true)
        #expect(found[.read]?.advice.hasPrefix("team/app is missing or hidden") == true)
        #expect(found[.permission(.create)]?.isWarning == false)
    }

    @Test func `without a token only reading is tried`() async throws {
        let script = script()
        let found = try await script.probe(ForgejoSamples.source(method: .none))
        #expect(found[.identity] == nil && script.lines == [Self.everywhere])
        #expect(found[.permission(.create)]?.denied == [.create])
        #expect(found[.permission(.comment)]?.denied == [.comment])
    }
}
