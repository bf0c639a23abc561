// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct GitLabMoveTests {
    private static let old = "GET /api/v4/projects/team%2Fapp/issues/23"
    private static let new = "GET /api/v4/projects/team%2Fshop/issues/5"
    private static let graphQL = "POST /api/graphql"

    private static func moved(to id: Int = 120) -> ForgeScript.Answer {
        .init(GitLabSamples.issue(state: "closed", movedTo: id))
    }

    @Test func `a moved issue is read where it went`() async throws {
        let script = GitLabSamples.script([
            Self.old: Self.moved(), Self.graphQL: .init(GitLabSamples.place("team/shop", iid: 5)),
            Self.new: .init(GitLabSamples.issue(id: 120, iid: 5, in: "team/shop")),
        ])
        let issue = try await script.fetch("team/app#23", nativeID: "92", GitLabSamples.source())
        #expect(issue?.key == "team/shop#5" && issue?.nativeID == "120")
        #expect(issue?.formerNativeID == "92" && issue?.previousKeys == ["team/app#23"])
        #expect(issue?.providerCategory == .todo && issue?.projectKey == "team/shop")
        #expect(script.lines == [Self.old, Self.graphQL, Self.new])
        #expect(
            script.bodies[1]
                == "{\"query\":\"query($id: IssueID!) { issue(id: $id) { iid webUrl } }\","
                + "\"variables\":{\"id\":\"gid://gitlab/Issue/120\"}}")
        #expect(
            script.transport.sent[1].headers.map { "\($0.name)=\($0.value)" } == [
                "Accept=application/json", "PRIVATE-TOKEN=TOKEN", "Content-Type=application/json",
            ])
    }

    @Test func `an issue that moved again keeps all its keys and its first id`() async throws {
        let source = GitLabSamples.source()
        let tracker = GitLabTracker()
        let first = try TrackerJSON.decode(
            GitLabWire.Issue.self,
            from: TrackerResponse(
                status: 200,
                body: Array(
                    GitLabSamples.issue(
                        id: 120, iid: 5, in: "team/shop", state: "closed", movedTo: 150
                    ).utf8)))
        let trail = GitLabTrail(keys: ["team/app#23"], firstID: "92", moves: 1)
        let script = GitLabSamples.script([
            Self.graphQL: .init(GitLabSamples.place("team/end", iid: 2)),
            "GET /api/v4/projects/team%2Fend/issues/2": .init(
                GitLabSamples.issue(id: 150, iid: 2, in: "team/end", state: "closed")),
        ])
        let call = try tracker.following(first, at: nil, trail, in: source)
        let issue = try await script.run(call, source)
        #expect(issue.key == "team/end#2" && issue.formerNativeID == "92")
        #expect(issue.previousKeys == ["team/app#23", "team/shop#5"])
        #expect(issue.providerCategory == .done)
    }

    @Test func `a circle of moves ends, and is not done`() async throws {
        let script = GitLabSamples.script([
            Self.old: Self.moved(), Self.graphQL: .init(GitLabSamples.place("team/shop", iid: 5)),
            Self.new: .init(
                GitLabSamples.issue(id: 120, iid: 5, in: "team/shop", state: "closed", movedTo: 92)),
        ])
        let issue = try await script.fetch("team/app#23", GitLabSamples.source())
        // GraphQL answers with the same place for the second move, which holds another issue than is sought.
        #expect(issue?.key == "team/shop#5" && issue?.providerCategory == .unknown)
        #expect(script.lines.count == 5)
    }

    @Test(arguments: [
        ForgeScript.Answer("{\"data\":{\"issue\":null}}"), .init("{\"errors\":[{\"message\":\"no\"}]}"),
        .init("{\"data\":null}"), .init(404), .init(403, "{\"error\":\"insufficient_scope\"}"),
        .init(401, "{\"errors\":[{\"message\":\"Invalid token\"}]}"), .init(400),
        .init(200, "<html></html>", ["content-type": "text/html"]),
        .init(302, "", ["location": "/users/sign_in"]),
        .init(
            "{\"data\":{\"issue\":{\"iid\":\"6\",\"webUrl\":\"https://x.example/a/b/-/issues/5\"}}}"),
        .init("{\"data\":{\"issue\":{\"iid\":\"5\",\"webUrl\":\"https://evil.example/x\"}}}"),
    ])
    func `an issue whose new place is not shown stays, and is not done`(
        answer: ForgeScript.Answer
    ) async throws {
        let script = GitLabSamples.script([Self.old: Self.moved(), Self.graphQL: answer])
        let issue = try await script.fetch("team/app#23", nativeID: "92", GitLabSamples.source())
        #expect(issue?.key == "team/app#23" && issue?.nativeID == "92")
        #expect(issue?.statusName == "closed" && issue?.providerCategory == .unknown)
        #expect(issue?.formerNativeID == nil && issue?.previousKeys == [])
    }

    @Test(arguments: [
        ForgeScript.Answer(404), .init(403), .init(GitLabSamples.issue(id: 121, iid: 5, in: "team/shop")),
        .init("[]"),
    ])
    func `so does one whose new place cannot be read`(answer: ForgeScript.Answer) async throws {
        let script = GitLabSamples.script([
            Self.old: Self.moved(), Self.graphQL: .init(GitLabSamples.place("team/shop", iid: 5)),
            Self.new: answer,
        ])
        let issue = try await script.fetch("team/app#23", GitLabSamples.source())
        #expect(issue?.key == "team/app#23" && issue?.providerCategory == .unknown)
    }

    @Test(arguments: [(429, TrackerError.Code.rateLimited), (503, .unavailable)])
    func `trouble on the way is no answer about the issue`(status: Int, code: TrackerError.Code) async {
        let script = GitLabSamples.script([Self.old: Self.moved(), Self.graphQL: .init(status)])
        let error = await #expect(throws: TrackerError.self) {
            try await script.fetch("team/app#23", GitLabSamples.source())
        }
        #expect(error?.code == code)
    }

    @Test func `an open issue did not move, whatever its past`() async throws {
        let script = GitLabSamples.script([Self.old: .init(GitLabSamples.issue(movedTo: 120))])
        let issue = try await script.fetch("team/app#23", GitLabSamples.source())
        #expect(issue?.providerCategory == .todo && script.lines.count == 1)
    }

    @Test func `beside an own API address GraphQL is asked there`() async throws {
        var source = GitLabSamples.source().source
        source.apiBaseURL = "https://gate.example/gl/api/v4/"
        let script = ForgeScript(
            GitLabTracker(), at: "https://gate.example/gl",
            [Self.old: Self.moved(), Self.graphQL: .init("{\"data\":{\"issue\":null}}")])
        _ = try await script.fetch(
            "team/app#23", TrackerSource(source, credential: TrackerCredential(["token": "T"])))
        #expect(script.lines == [Self.old, Self.graphQL])
    }
}
