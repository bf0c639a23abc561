// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct GitHubBackLinkTests {
    private static let link = BackLink(
        linkID: "lnk_01JD", url: "https://tests.example.com/case/TC-1?a=(b)", title: "Case *TC-1* @all",
        relationship: "Tested by")
    private static let text =
        "[Tested by: Case \\*TC-1\\* @all](https://tests.example.com/case/TC-1?a=%28b%29)\n\n"
        + "<!-- extref:lnk_01JD -->"
    private static let key = IssueReference(key: "octocat/Hello-World#1347")
    private static let base = "https://api.github.com/repos/octocat/Hello-World/issues"

    private static func json(_ text: String) -> String {
        String(decoding: TrackerJSON.encode(["body": text]), as: UTF8.self)
    }

    private static func comment(_ id: Int, _ text: String) -> String {
        #"{"id":\#(id),"user":{"login":"octocat"},"# + json(text).dropFirst()
    }

    private func put(_ transport: FakeTransport) async throws -> String {
        try await GitHubSample.outcome(
            of: try GitHubTracker().putBackLink(Self.link, on: Self.key, in: GitHubSample.source()), transport
        )
    }

    private func remove(_ id: String, _ transport: FakeTransport) async throws {
        try await GitHubSample.outcome(
            of: try GitHubTracker().removeBackLink(
                Self.link, remoteID: id, from: Self.key, in: GitHubSample.source()), transport)
    }

    @Test func `a link is a comment whose last line is hidden`() async throws {
        let transport = GitHubSample.transport(
            GitHubSample.ok(GitHubSample.issue()),
            GitHubSample.ok("[\(Self.comment(5, "> \(Self.text)\n\nquoted")),{}]"),
            (201, [:], Self.comment(6, Self.text)))
        #expect(try await put(transport) == "6")
        #expect(
            GitHubSample.lines(transport.sent) == [
                "GET \(Self.base)/1347", "GET \(Self.base)/1347/comments?per_page=100",
                "POST \(Self.base)/1347/comments \(Self.json(Self.text))",
            ])
        #expect(GitHubTracker().backLinkForm == .comment)
    }

    @Test func `a second time changes nothing but the text`() async throws {
        let old = Self.text.replacing("TC-1", with: "TC-0")
        let more = ["link": "<https://api.github.com/x?page=2>; rel=\"next\""]
        let transport = GitHubSample.transport(
            GitHubSample.ok(GitHubSample.issue()), GitHubSample.ok("[]", more),
            GitHubSample.ok("[\(Self.comment(5, old + "\n"))]"), GitHubSample.ok(Self.comment(5, Self.text)))
        #expect(try await put(transport) == "5")
        #expect(
            GitHubSample.lines(transport.sent)[3] == "PATCH \(Self.base)/comments/5 \(Self.json(Self.text))")
        let same = GitHubSample.transport(
            GitHubSample.ok(GitHubSample.issue()), GitHubSample.ok("[\(Self.comment(5, Self.text))]"))
        #expect(try await put(same) == "5" && same.sent.count == 2)
    }

    @Test func `a transferred issue gets its link in the new place`() async throws {
        let transport = GitHubSample.transport(
            (301, ["location": "https://api.github.com/repositories/9/issues/7"], "{}"),
            GitHubSample.ok(GitHubSample.issue(7, in: "acme/shop", id: "I_kwDOAJy2Ks5Br9mF")),
            GitHubSample.ok("[]"), (201, [:], Self.comment(6, Self.text)))
        #expect(try await put(transport) == "6")
        #expect(transport.sent.map(\.url).last == "https://api.github.com/repos/acme/shop/issues/7/comments")
    }

    @Test func `a link that is known by number is deleted at once`() async throws {
        let transport = GitHubSample.transport((204, [:], ""))
        try await remove("17", transport)
        #expect(GitHubSample.lines(transport.sent) == ["DELETE \(Self.base)/comments/17"])
    }

    @Test(arguments: [("17", 404), ("17", 410), ("17", 307), ("", 0), ("../x", 0)])
    func `one that is not there under its number is looked for`(id: String, status: Int) async throws {
        let search = [
            GitHubSample.ok(GitHubSample.issue()), GitHubSample.ok("[\(Self.comment(5, Self.text))]"),
            (204, [:], ""),
        ]
        let absence = #"{"message":"This issue was deleted"}"#
        let replies: [GitHubSample.Reply] = (status == 0 ? [] : [(status, [:], absence)]) + search
        let count = Counter()
        let transport = FakeTransport { _ in
            let reply = replies[count.increment() - 1]
            return HTTPResponse(status: reply.status, body: Array(reply.body.utf8))
        }
        try await remove(id, transport)
        #expect(GitHubSample.lines(transport.sent).last == "DELETE \(Self.base)/comments/5")
        #expect(transport.sent.count == replies.count)
    }

    @Test func `a link that is not there is no failure, nor an issue that is gone`() async throws {
        let empty = GitHubSample.transport(
            (404, [:], "{}"), GitHubSample.ok(GitHubSample.issue()), GitHubSample.ok("[]"))
        try await remove("17", empty)
        #expect(empty.sent.count == 3)
        let gone = GitHubSample.transport(
            (404, [:], "{}"), (410, [:], #"{"message":"This issue was deleted"}"#))
        try await remove("17", gone)
        #expect(gone.sent.count == 2)
    }

    /// GitHub answers 410 to every call in a version of its API that has ended: our comment is still there.
    @Test(arguments: [1, 2])
    func `a call that is gone is no link that is gone`(calls: Int) async {
        let removed: GitHubSample.Reply = (410, [:], #"{"message":"This version is not supported."}"#)
        let transport =
            calls == 1 ? GitHubSample.transport(removed) : GitHubSample.transport((404, [:], "{}"), removed)
        let error = await #expect(throws: TrackerError.self) { try await remove("17", transport) }
        #expect(error?.code == .apiGone && transport.sent.count == calls)
    }

    @Test func `without credentials nothing is sent`() {
        #expect(throws: TrackerError.self) {
            try GitHubTracker().putBackLink(Self.link, on: Self.key, in: GitHubSample.source(.none))
        }
        #expect(throws: TrackerError.self) {
            try GitHubTracker().removeBackLink(
                Self.link, remoteID: "", from: Self.key, in: GitHubSample.source(.none))
        }
    }
}
