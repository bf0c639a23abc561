// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct GitHubChangesTests {
    private static let list =
        "https://api.github.com/repos/o/r/issues?state=all&sort=updated&direction=asc&per_page=100"
    private static let since = Timestamp(seconds: 1_303_000_000)

    private func changes(
        _ reply: GitHubSample.Reply, page: String = ""
    ) async throws -> (ChangesPage, [String]) {
        let transport = GitHubSample.transport(reply)
        let call = try GitHubTracker().changes(
            since: Self.since, project: "o/r", page: page, in: GitHubSample.source())
        return (try await GitHubSample.outcome(of: call, transport), transport.sent.map(\.url))
    }

    private static func link(_ query: String) -> [String: String] {
        [
            "link": "<https://api.github.com/repositories/1/issues?state=all&\(query)>; rel=\"next\", "
                + "<https://api.github.com/repositories/1/issues?page=9>; rel=\"last\""
        ]
    }

    @Test func `a repository's changes are listed from a second earlier on`() async throws {
        let (page, urls) = try await changes(
            GitHubSample.ok("[\(GitHubSample.issue()),null,\(GitHubSample.pullRequest(merged: "null"))]"))
        #expect(urls == [Self.list + "&since=2011-04-17T00%3A26%3A39Z"])
        #expect(
            page.issues.map(\.key) == ["octocat/Hello-World#1347", "octocat/Hello-World#2"] && page.next == ""
        )
    }

    @Test func `a cursor is handed back as it came`() async throws {
        let (page, _) = try await changes(
            GitHubSample.ok(
                "[\(GitHubSample.issue())]", Self.link("after=Y3Vyc29yOnYyOpK%3D&page=2&per_page=7")))
        #expect(page.next == "after=Y3Vyc29yOnYyOpK%3D&page=2&since=2011-04-17T00%3A26%3A39Z")
        let (_, urls) = try await changes(GitHubSample.ok("[]"), page: page.next)
        #expect(urls == [Self.list + "&after=Y3Vyc29yOnYyOpK%3D&page=2&since=2011-04-17T00%3A26%3A39Z"])
    }

    @Test func `where pages are numbered the list begins anew at the last change seen`() async throws {
        let (page, _) = try await changes(GitHubSample.ok("[\(GitHubSample.issue())]", Self.link("page=2")))
        #expect(page.next == "since=2011-04-23T13%3A33%3A47Z")
        let (same, urls) = try await changes(
            GitHubSample.ok("[\(GitHubSample.issue())]", Self.link("page=2")), page: page.next)
        #expect(urls == [Self.list + "&since=2011-04-23T13%3A33%3A47Z"])
        // The whole page changed in one second: only its number leads on.
        #expect(same.next == "page=2&since=2011-04-23T13%3A33%3A47Z")
    }

    @Test(arguments: [
        "per_page=1", "page=", "page=2&state=open", "x", "after=" + String(repeating: "x", count: 600),
    ])
    func `a page that GitHub never named is refused`(page: String) {
        #expect(throws: TrackerError.self) {
            try GitHubTracker().changes(
                since: Self.since, project: "o/r", page: page, in: GitHubSample.source())
        }
    }

    @Test(
        arguments: [
            ("", nil), ("<https://x.example/?page=2>; rel=\"prev\"", nil),
            ("<https://x.example/?page=2>; rel=\"next\"", ["page=2"]),
            ("<https://x.example/?q=1>; rel=\"next\"", nil), ("nonsense", nil),
            ("<javascript:1>; rel=\"next\"", nil),
            (
                "<https://x.example/?page=1>; rel=\"prev\", <https://x.example/?page=3"
                    + "&per_page=5>; rel=\"next\"",
                ["page=3"]
            ),
        ] as [(String, [String]?)])
    func `of a link only what names the page is taken`(header: String, items: [String]?) {
        let response = TrackerResponse(status: 200, headers: [HTTPField("link", header)])
        #expect(GitHubLink.next(of: response).map { $0.map { "\($0.name)=\($0.value)" } } == items)
    }

    @Test func `what is no repository is never asked`() {
        #expect(throws: TrackerError.self) {
            try GitHubTracker().changes(
                since: Self.since, project: "../x", page: "", in: GitHubSample.source())
        }
        #expect(GitHubTracker().changesNeedProject)
    }
}
