// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct ForgejoBackLinkTests {
    private static let comments = "/api/v1/repos/team/app/issues/23/comments"
    private static let one = "/api/v1/repos/team/app/issues/comments"
    private static let link = BackLink(
        linkID: "lnk_01JD0000000000000000000000", url: "https://tests.example.com/case/TC-1",
        title: "Test case\nTC-1", relationship: "Tested by")
    private static let text =
        "Tested by: Test case TC-1\\nhttps://tests.example.com/case/TC-1\\n\\n"
        + "(lnk_01JD0000000000000000000000)"

    private static func comment(_ id: Int, _ body: String) -> String { "{\"id\":\(id),\"body\":\"\(body)\"}" }

    private func put(_ script: ForgeScript) async throws -> String {
        let source = ForgejoSamples.source()
        let call = try ForgejoTracker().putBackLink(
            Self.link, on: IssueReference(key: "team/app#23", nativeID: "92"), in: source)
        return try await script.run(call, source)
    }

    private func remove(_ remoteID: String, _ script: ForgeScript) async throws {
        let source = ForgejoSamples.source()
        let call = try ForgejoTracker().removeBackLink(
            Self.link, remoteID: remoteID, from: IssueReference(key: "team/app#23"), in: source)
        try await script.run(call, source)
    }

    @Test(arguments: ["", "> (lnk_01JD0000000000000000000000)", "(lnk_01JD0000000000000000000000)\\nyes"])
    func `a link becomes a comment, whatever others wrote`(other: String) async throws {
        let script = ForgejoSamples.script([
            "GET \(Self.comments)": .init("[\(Self.comment(1, other))]"),
            "POST \(Self.comments)": .init(201, Self.comment(77, Self.text)),
        ])
        #expect(try await put(script) == "77")
        #expect(script.lines == ["GET \(Self.comments)", "POST \(Self.comments)"])
        #expect(script.bodies[1] == "{\"body\":\"\(Self.text)\"}")
    }

    @Test func `a second time nothing is written`() async throws {
        let script = ForgejoSamples.script([
            "GET \(Self.comments)": .init("[\(Self.comment(77, Self.text))]")
        ])
        #expect(try await put(script) == "77" && script.lines.count == 1)
    }

    @Test func `a changed title changes the comment`() async throws {
        let old = Self.text.replacing("TC-1", with: "TC-9")
        let script = ForgejoSamples.script([
            "GET \(Self.comments)": .init("[\(Self.comment(77, old))]"),
            "PATCH \(Self.one)/77": .init(Self.comment(77, Self.text)),
        ])
        #expect(try await put(script) == "77")
        #expect(script.bodies[1] == "{\"body\":\"\(Self.text)\"}")
    }

    @Test(arguments: [204, 404])
    func `a known comment is removed by its id`(status: Int) async throws {
        let script = ForgejoSamples.script(["DELETE \(Self.one)/77": .init(status)])
        try await remove("77", script)
        #expect(script.lines == ["DELETE \(Self.one)/77"])
    }

    @Test func `an unknown one is found by its last line`() async throws {
        let script = ForgejoSamples.script([
            "GET \(Self.comments)": .init("[\(Self.comment(80, Self.text))]"),
            "DELETE \(Self.one)/80": .init(204),
        ])
        try await remove("../x", script)
        #expect(script.lines.last == "DELETE \(Self.one)/80")
    }

    @Test func `a comment that is not there is no failure`() async throws {
        let script = ForgejoSamples.script(["GET \(Self.comments)": .init("[]")])
        try await remove("", script)
        #expect(script.lines.count == 1)
    }
}
