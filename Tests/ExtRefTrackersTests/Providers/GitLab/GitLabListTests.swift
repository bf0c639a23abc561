// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Testing

@testable import ExtRefTrackers

/// Search and changes: what lists of issues bring.
@Suite struct GitLabListTests {
    private static let words =
        "search=check%20out&in=title&order_by=updated_at&sort=desc&per_page=5&state=all"
    private static let everywhere = "GET /api/v4/issues?\(words)&scope=all"

    private static func search(in project: String) -> String {
        "GET /api/v4/projects/\(project.replacing("/", with: "%2F"))/issues?\(words)"
    }

    private func search(
        _ script: ForgeScript, _ source: TrackerSource, words: String = "check out"
    ) async throws -> [IssueSnapshot] {
        try await script.runner.searchIssues(words, limit: 5, in: source, budget: ForgeScript.budget)
    }

    @Test func `without projects all are searched`() async throws {
        let script = GitLabSamples.script([Self.everywhere: .init("[\(GitLabSamples.issue)]")])
        let found = try await search(script, GitLabSamples.source())
        #expect(found.map(\.key) == ["example/example#1"] && script.lines == [Self.everywhere])
    }

    @Test func `the source's projects are searched one by one, latest change first`() async throws {
        let older = GitLabSamples.issue(updated: "2026-11-20T09:00:00Z")
        let newer = GitLabSamples.issue(id: 7, iid: 5, in: "team/shop", updated: "2026-11-21T09:00:00Z")
        let script = GitLabSamples.script([
            Self.search(in: "team/app"): .init("[\(older)]"),
            Self.search(in: "team/shop"): .init("[\(newer)]"), Self.search(in: "team/gone"): .init(404),
        ])
        let source = GitLabSamples.source(
            project: "team/app", allowed: ["team/shop", "groups/team", "team/gone", "team/app"])
        #expect(try await search(script, source).map(\.key) == ["team/shop#5", "team/app#23"])
        #expect(script.lines == ["team/app", "team/shop", "team/gone"].map { Self.search(in: $0) })
    }

    @Test func `a hidden project that is the only one is told`() async {
        let script = GitLabSamples.script([Self.search(in: "team/app"): .init(404)])
        let error = await #expect(throws: TrackerError.self) {
            try await search(script, GitLabSamples.source(project: "team/app"))
        }
        #expect(error?.code == .notFound)
    }

    @Test func `many projects are searched at once`() async throws {
        let script = GitLabSamples.script([Self.everywhere: .init("[]")])
        let source = GitLabSamples.source(allowed: (0..<5).map { "team/app\($0)" })
        #expect(try await search(script, source).isEmpty && script.lines == [Self.everywhere])
    }

    @Test func `where only groups are allowed there is nothing to search`() async throws {
        let script = GitLabSamples.script([:])
        let found = try await search(script, GitLabSamples.source(allowed: ["groups/team"]))
        #expect(found.isEmpty && script.lines.isEmpty)
    }

    @Test(arguments: ["team/app#23", "#23", "23"])
    func `a key means that issue`(words: String) async throws {
        let script = GitLabSamples.script([
            "GET /api/v4/projects/team%2Fapp/issues/23": .init(GitLabSamples.issue())
        ])
        let found = try await search(script, GitLabSamples.source(project: "team/app"), words: words)
        #expect(found.map(\.key) == ["team/app#23"])
    }

    @Test func `so does the key of a group's item`() async throws {
        let script = GitLabSamples.script([
            "POST /api/graphql": .init("{\"data\":{\"namespace\":{\"item0\":\(GitLabSamples.item())}}}")
        ])
        let found = try await search(script, GitLabSamples.source(), words: "groups/team#1")
        #expect(found.map(\.key) == ["groups/team#1"])
    }

    @Test func `a number that is no issue is searched for as a word`() async throws {
        let list =
            "GET /api/v4/projects/team%2Fapp/issues?search=404&in=title&order_by=updated_at&sort=desc"
            + "&per_page=5&state=all"
        let script = GitLabSamples.script([
            "GET /api/v4/projects/team%2Fapp/issues/404": .init(404),
            list: .init("[\(GitLabSamples.issue(title: "Page 404"))]"),
        ])
        let found = try await search(script, GitLabSamples.source(project: "team/app"), words: "404")
        #expect(found.map(\.title) == ["Page 404"])
    }

    @Test func `a key outside the allowed projects is never read`() async throws {
        let list = Self.search(in: "team/shop").replacing("check%20out", with: "team%2Fapp%2323")
        let script = GitLabSamples.script([list: .init("[]")])
        _ = try await search(script, GitLabSamples.source(allowed: ["team/shop"]), words: "team/app#23")
        #expect(script.lines == [list])
    }

    // MARK: - Changes

    private static func changes(since: String, page: Int = 1) -> String {
        "GET /api/v4/projects/team%2Fapp/issues?updated_after=\(since.replacing(":", with: "%3A"))"
            + "&order_by=updated_at&sort=asc&per_page=100&page=\(page)&state=all"
    }

    private func changes(page: String = "", _ script: ForgeScript) async throws -> ChangesPage {
        let source = GitLabSamples.source()
        let call = try GitLabTracker().changes(
            since: ForgeScript.now, project: "team/app", page: page, in: source)
        return try await script.run(call, source)
    }

    @Test func `changes come oldest first, and the last page says so`() async throws {
        let closed = GitLabSamples.issue(id: 93, iid: 9, state: "closed", movedTo: 120)
        let script = GitLabSamples.script([
            Self.changes(since: "2026-11-22T09:47:47.000Z"): .init(
                200, "[\(GitLabSamples.issue()),\(closed)]", ["x-next-page": ""])
        ])
        let page = try await changes(script)
        #expect(page.issues.map(\.key) == ["team/app#23", "team/app#9"] && page.next == "")
        // Closed by being moved is not done; reading it alone will tell.
        #expect(page.issues.map(\.providerCategory) == [.todo, .unknown])
        #expect(script.lines.count == 1)
    }

    @Test func `the next page starts where this one ended in time`() async throws {
        let last = GitLabSamples.issue(updated: "2026-11-22T10:00:00.250Z")
        let script = GitLabSamples.script([
            Self.changes(since: "2026-11-22T09:47:47.000Z"): .init(200, "[\(last)]", ["x-next-page": "2"]),
            Self.changes(since: "2026-11-22T10:00:00.250Z"): .init(200, "[]", ["x-next-page": ""]),
        ])
        let page = try await changes(script)
        #expect(page.next == "1795341600250+0")
        #expect(try await changes(page: page.next, script).next == "")
    }

    @Test func `a page that changed in one moment is followed by its number`() async throws {
        let same = (1...100).map { GitLabSamples.issue(id: $0, iid: $0, updated: "2026-11-22T09:47:47Z") }
        let answer = ForgeScript.Answer(200, "[\(same.joined(separator: ","))]", ["x-next-page": "2"])
        let script = GitLabSamples.script([
            Self.changes(since: "2026-11-22T09:47:47.000Z"): answer,
            Self.changes(since: "2026-11-22T09:47:47.000Z", page: 2): answer,
        ])
        let page = try await changes(script)
        #expect(page.next == "1795340867000+100")
        #expect(try await changes(page: page.next, script).next == "1795340867000+200")
    }

    @Test func `without the header a full page has a next one`() async throws {
        let full = (1...100).map { GitLabSamples.issue(id: $0, iid: $0, updated: "2026-11-22T10:00:00Z") }
        let script = GitLabSamples.script([
            Self.changes(since: "2026-11-22T09:47:47.000Z"): .init("[\(full.joined(separator: ","))]")
        ])
        let page = try await changes(script)
        #expect(page.issues.count == 100 && page.next == "1795341600000+0")
    }

    @Test(arguments: ["x", "1", "1+-1", "1+2+3", "+", "99999999999999999999+0"])
    func `a page that nobody named is refused`(page: String) async {
        let script = GitLabSamples.script([:])
        let error = await #expect(throws: TrackerError.self) { try await changes(page: page, script) }
        #expect(error?.code == .invalidRequest && script.lines.isEmpty)
    }

    @Test(arguments: ["", "team", "12"])
    func `changes need a project`(project: String) {
        let error = #expect(throws: TrackerError.self) {
            _ = try GitLabTracker().changes(
                since: ForgeScript.now, project: project, page: "", in: GitLabSamples.source())
        }
        #expect(error?.code == .invalidRequest)
    }
}
