// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Testing

@testable import ExtRefTrackers

/// Search and changes: what lists of issues bring.
@Suite struct ForgejoListTests {
    private static let words = "state=all&q=check%20out&sort=recentupdate&limit=5"
    private static let everywhere = "GET /api/v1/repos/issues/search?\(words)"

    private static func search(in repository: String) -> String {
        "GET /api/v1/repos/\(repository)/issues?\(words)"
    }

    private func search(
        _ script: ForgeScript, _ source: TrackerSource, words: String = "check out"
    ) async throws -> [String] {
        try await script.runner.searchIssues(words, limit: 5, in: source, budget: ForgeScript.budget).map(
            \.key)
    }

    @Test func `without repositories all are searched`() async throws {
        let script = ForgejoSamples.script([
            Self.everywhere: .init("[\(ForgejoSamples.issue),{\"id\":\"broken\"}]")
        ])
        #expect(try await search(script, ForgejoSamples.source()) == ["example/example#1"])
    }

    @Test func `the source's repositories are searched one by one, latest change first`() async throws {
        let newer = ForgejoSamples.issue(id: 7, number: 5, in: "team/shop", updated: "2026-11-23T09:00:00Z")
        let script = ForgejoSamples.script([
            Self.search(in: "team/app"): .init("[\(ForgejoSamples.issue())]"),
            Self.search(in: "team/shop"): .init("[\(newer)]"), Self.search(in: "team/gone"): .init(404),
        ])
        let source = ForgejoSamples.source(
            project: "team/app", allowed: ["team/shop", "team/gone", "team/app"])
        #expect(try await search(script, source) == ["team/shop#5", "team/app#23"])
        #expect(script.lines == ["team/app", "team/shop", "team/gone"].map { Self.search(in: $0) })
    }

    @Test func `many repositories are searched at once`() async throws {
        let script = ForgejoSamples.script([Self.everywhere: .init("[]")])
        let source = ForgejoSamples.source(allowed: (0..<5).map { "team/app\($0)" })
        #expect(try await search(script, source).isEmpty && script.lines == [Self.everywhere])
    }

    @Test(arguments: ["team/app#23", "#23", "23"])
    func `a key means that issue`(words: String) async throws {
        let script = ForgejoSamples.script([
            "GET /api/v1/repos/team/app/issues/23": .init(ForgejoSamples.issue())
        ])
        #expect(
            try await search(script, ForgejoSamples.source(project: "team/app"), words: words) == [
                "team/app#23"
            ])
    }

    @Test func `a number that is no issue is searched for as a word`() async throws {
        let script = ForgejoSamples.script([
            "GET /api/v1/repos/team/app/issues/404": .init(404),
            "GET /api/v1/repos/team/app/issues?state=all&q=404&sort=recentupdate&limit=5": .init(
                "[\(ForgejoSamples.issue())]"),
        ])
        #expect(
            try await search(script, ForgejoSamples.source(project: "team/app"), words: "404") == [
                "team/app#23"
            ])
    }

    private static func changes(page: Int) -> String {
        "GET /api/v1/repos/team/app/issues?state=all&since=2026-11-22T09%3A47%3A47.000Z&sort=leastupdate"
            + "&limit=50&page=\(page)"
    }

    private func changes(page: String = "", _ script: ForgeScript) async throws -> ChangesPage {
        let source = ForgejoSamples.source()
        let call = try ForgejoTracker().changes(
            since: ForgeScript.now + .milliseconds(750), project: "team/app", page: page, in: source)
        return try await script.run(call, source)
    }

    @Test func `changes are listed page by page`() async throws {
        let pull = ForgejoSamples.issue(id: 5, number: 9, pull: "{\"merged\":true}")
        let script = ForgejoSamples.script([
            Self.changes(page: 1): .init(
                200, "[\(ForgejoSamples.issue()),\(pull)]",
                ["link": "<https://x?page=2>; rel=\"next\",<https://x?page=2>; rel=\"last\""]),
            Self.changes(page: 2): .init(200, "[\(pull)]", ["link": "<https://x?page=1>; rel=\"prev\""]),
        ])
        let first = try await changes(script)
        #expect(first.issues.map(\.key) == ["team/app#23", "team/app#9"] && first.next == "2")
        let second = try await changes(page: first.next, script)
        #expect(second.issues.map(\.key) == ["team/app#9"] && second.next == "")
    }

    @Test(arguments: [(0, ""), (49, ""), (50, "2")])
    func `without the header a full page has a next one`(count: Int, next: String) async throws {
        let issues = (0..<count).map { ForgejoSamples.issue(id: $0 + 1, number: $0 + 1) }
        let script = ForgejoSamples.script([
            Self.changes(page: 1): .init("[\(issues.joined(separator: ","))]")
        ])
        #expect(try await changes(script).next == next)
    }

    @Test(arguments: ["x", "0", "-1", "10001", "1.5"])
    func `a page that nobody named is refused`(page: String) async {
        let script = ForgejoSamples.script([:])
        let error = await #expect(throws: TrackerError.self) { try await changes(page: page, script) }
        #expect(error?.code == .invalidRequest && script.lines.isEmpty)
    }
}
