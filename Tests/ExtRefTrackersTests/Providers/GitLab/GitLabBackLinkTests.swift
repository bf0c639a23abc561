// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct GitLabBackLinkTests {
    private static let notes = "/api/v4/projects/team%2Fapp/issues/23/notes"
    private static let link = BackLink(
        linkID: "lnk_01JD0000000000000000000000", url: "https://tests.example.com/case/TC-1",
        title: "Test case TC-1", relationship: "Tested by")
    private static let text =
        "Tested by: Test case TC-1\\nhttps://tests.example.com/case/TC-1\\n\\n"
        + "(lnk_01JD0000000000000000000000)"

    private static func list(page: Int = 1) -> String { "GET \(notes)?per_page=100&page=\(page)" }

    private static func note(_ id: Int, _ body: String) -> String { "{\"id\":\(id),\"body\":\"\(body)\"}" }

    private func put(_ script: ForgeScript, _ link: BackLink = link) async throws -> String {
        let source = GitLabSamples.source()
        let call = try GitLabTracker().putBackLink(
            link, on: IssueReference(key: "team/app#23", nativeID: "92"), in: source)
        return try await script.run(call, source)
    }

    private func remove(_ remoteID: String, _ script: ForgeScript) async throws {
        let source = GitLabSamples.source()
        let call = try GitLabTracker().removeBackLink(
            Self.link, remoteID: remoteID, from: IssueReference(key: "team/app#23"), in: source)
        try await script.run(call, source)
    }

    @Test func `a link becomes a comment that all may read`() async throws {
        let script = GitLabSamples.script([
            Self.list(): .init("[\(Self.note(1, "closed")),{\"id\":\"x\"}]"),
            "POST \(Self.notes)": .init(201, Self.note(77, Self.text)),
        ])
        #expect(try await put(script) == "77")
        #expect(script.lines == [Self.list(), "POST \(Self.notes)"])
        #expect(script.bodies[1] == "{\"body\":\"\(Self.text)\",\"internal\":false}")
    }

    @Test func `a second time nothing is written`() async throws {
        let script = GitLabSamples.script([
            Self.list(): .init(200, "[\(Self.note(1, "x"))]", ["x-next-page": "2"]),
            Self.list(page: 2): .init(200, "[\(Self.note(77, Self.text))]", ["x-next-page": "3"]),
        ])
        #expect(try await put(script) == "77")
        #expect(script.lines == [Self.list(), Self.list(page: 2)])
    }

    @Test func `a changed title changes the comment`() async throws {
        let old = Self.text.replacing("Test case TC-1", with: "Old")
        let script = GitLabSamples.script([
            Self.list(): .init("[\(Self.note(77, old))]"),
            "PUT \(Self.notes)/77": .init(Self.note(77, Self.text)),
        ])
        #expect(try await put(script) == "77")
        #expect(script.bodies[1] == "{\"body\":\"\(Self.text)\"}")
    }

    @Test(arguments: [
        "> (lnk_01JD0000000000000000000000)", "(lnk_01JD0000000000000000000000)\\nI agree",
        "see (lnk_01JD0000000000000000000000)", "(lnk_01JD0000000000000000000001)", "",
    ])
    func `other people's words are not our comment`(body: String) async throws {
        let script = GitLabSamples.script([
            Self.list(): .init("[\(Self.note(5, body))]"),
            "POST \(Self.notes)": .init(201, Self.note(77, "")),
        ])
        #expect(try await put(script) == "77")
    }

    @Test func `neither title nor relationship starts a command`() async throws {
        let script = GitLabSamples.script([
            Self.list(): .init("[]"), "POST \(Self.notes)": .init(201, Self.note(77, "")),
        ])
        let link = BackLink(
            linkID: "lnk_1", url: "https://tests.example.com/1", title: "a\n/close",
            relationship: "/close now")
        _ = try await put(script, link)
        #expect(
            script.bodies[1].hasPrefix(
                "{\"body\":\"\\\\/close now: a /close\\nhttps://tests.example.com/1\\n\\n(lnk_1)\""))
    }

    @Test func `the search for the comment ends`() async throws {
        let source = GitLabSamples.source()
        let full = (1...100).map { Self.note($0, "x") }.joined(separator: ",")
        let transport = FakeTransport { request in
            let body = request.method == .get ? "[\(full)]" : Self.note(7, "")
            return .init(status: 200, headers: [], body: Array(body.utf8))
        }
        let runner = ForgeScript.runner(of: GitLabTracker(), transport)
        let id = try await runner.run(
            try GitLabTracker().putBackLink(
                Self.link, on: IssueReference(key: "team/app#23"), in: source), with: source,
            reading: GitLabTracker())
        #expect(id == "7" && transport.sent.count == GitLabTracker.notePagesMax + 1)
    }

    @Test func `a known comment is removed by its id`() async throws {
        let script = GitLabSamples.script(["DELETE \(Self.notes)/77": .init(204)])
        try await remove("77", script)
        #expect(script.lines == ["DELETE \(Self.notes)/77"])
    }

    @Test(arguments: ["77", "", "../x"])
    func `a comment of another id is found by its last line`(remoteID: String) async throws {
        let script = GitLabSamples.script([
            "DELETE \(Self.notes)/77": .init(404), Self.list(): .init("[\(Self.note(80, Self.text))]"),
            "DELETE \(Self.notes)/80": .init(204),
        ])
        try await remove(remoteID, script)
        #expect(script.lines.last == "DELETE \(Self.notes)/80")
    }

    @Test func `a comment that is not there is no failure`() async throws {
        let script = GitLabSamples.script([Self.list(): .init("[]")])
        try await remove("", script)
        #expect(script.lines == [Self.list()])
    }
}
