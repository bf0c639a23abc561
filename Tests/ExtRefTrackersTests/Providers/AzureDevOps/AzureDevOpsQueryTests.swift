// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct AzureDevOpsSearchTests {
    private typealias Samples = AzureDevOpsSamples

    private static func query(_ conditions: String) -> String {
        "{\"query\":\"SELECT [System.Id] FROM WorkItems WHERE \(conditions) "
            + "ORDER BY [System.ChangedDate] DESC\"}"
    }

    @Test func `words are looked up in titles, then the items are read in that order`() async throws {
        let transport = Samples.script([
            Samples.found([7, 3, 5]), Samples.list([Samples.item(3), "null", Samples.item(7)]),
            Samples.states,
        ])
        let found = try await Samples.runner(transport)
            .searchIssues("check fails", limit: 5, in: Samples.ready(), budget: Samples.budget)
        #expect(found.map(\.key) == ["7", "3"])
        #expect(
            transport.sent.map(\.line) == [
                "POST /_apis/wit/wiql?%24top=5&api-version=7.1",
                "POST /_apis/wit/workitemsbatch?api-version=7.1",
                "GET /Web%20Shop/_apis/wit/workitemtypes/Bug/states?api-version=7.1",
            ])
        #expect(
            transport.sent[0].text
                == Self.query(
                    "[System.Title] CONTAINS WORDS 'check*' AND [System.Title] CONTAINS WORDS 'fails*'"))
        #expect(transport.sent[0].headers == Samples.jsonHeaders)
        #expect(transport.sent[1].text.hasSuffix("\"ids\":[7,3,5]}"))
    }

    @Test(arguments: [
        ("it's", "[System.Title] CONTAINS WORDS 'it''s*'"),
        ("' OR 1=1 --", "[System.Title] CONTAINS WORDS 'OR*' AND [System.Title] CONTAINS WORDS '1=1*'"),
        ("*a\\\"b* c", "[System.Title] CONTAINS WORDS 'a\\\\b*' AND [System.Title] CONTAINS WORDS 'c*'"),
        ("ä ?", "[System.Title] CONTAINS WORDS 'ä*'"),
        (
            String(repeating: "x", count: 120),
            "[System.Title] CONTAINS WORDS '\(String(repeating: "x", count: 99))*'"
        ),
    ])
    func `a word cannot become a part of the query`(words: String, condition: String) async throws {
        let transport = Samples.script([Samples.found([])])
        let found = try await Samples.runner(transport)
            .searchIssues(words, limit: 5, in: Samples.ready(), budget: Samples.budget)
        #expect(found.isEmpty && transport.sent.map(\.text) == [Self.query(condition)])
    }

    @Test(arguments: ["?!", "***", "\"\"", "--"])
    func `a text without a word finds nothing and asks nobody`(words: String) async throws {
        let transport = Samples.script([])
        let found = try await Samples.runner(transport)
            .searchIssues(words, limit: 5, in: Samples.ready(), budget: Samples.budget)
        #expect(found.isEmpty && transport.sent.isEmpty)
    }

    @Test(arguments: [
        ([], "", ""), ([], "Web Shop", "[System.TeamProject] = 'Web Shop' AND "),
        (["O'Hara"], "Web Shop", "[System.TeamProject] = 'O''Hara' AND "),
        (["A", "B b"], "A", "[System.TeamProject] IN ('A', 'B b') AND "),
        ((1...301).map { "P\($0)" }, "", ""),
    ])
    func `a search keeps to the allowed projects, or to the default one`(
        allowed: [String], project: String, condition: String
    ) async throws {
        let transport = Samples.script([Samples.found([])])
        _ = try await Samples.runner(transport).searchIssues(
            "x", limit: 5, in: Samples.ready(allowed: allowed, project: project), budget: Samples.budget)
        #expect(
            transport.sent.map(\.text) == [Self.query(condition + "[System.Title] CONTAINS WORDS 'x*'")])
    }

    @Test(arguments: ["12", "#12", "AB#12"])
    func `a number means that item`(words: String) async throws {
        let transport = Samples.script([Samples.list([Samples.item(12)]), Samples.states])
        let found = try await Samples.runner(transport)
            .searchIssues(words, limit: 5, in: Samples.ready(), budget: Samples.budget)
        #expect(found.map(\.key) == ["12"])
        #expect(transport.sent[0].text.hasSuffix("\"ids\":[12]}"))
    }

    @Test func `an item of a project that is not allowed is not shown`() async throws {
        let transport = Samples.script([
            Samples.list([Samples.item(12, project: "Secret")])
        ])
        let found = try await Samples.runner(transport)
            .searchIssues("12", limit: 5, in: Samples.ready(allowed: ["Web Shop"]), budget: Samples.budget)
        #expect(found.isEmpty && transport.sent.count == 1)
    }
}

@Suite struct AzureDevOpsChangesTests {
    private typealias Samples = AzureDevOpsSamples

    private static let since = Timestamp(milliseconds: 1_795_340_867_009)

    private func page(
        _ page: String = "", project: String = "", allowed: [String] = [], _ answers: HTTPResponse...
    ) async throws -> (ChangesPage, [HTTPRequest]) {
        let transport = Samples.script(answers)
        let source = Samples.ready(allowed: allowed)
        let call = try Samples.tracker.changes(since: Self.since, project: project, page: page, in: source)
        let found = try await Samples.runner(transport).run(call, with: source, reading: Samples.tracker)
        return (found, transport.sent)
    }

    private static func query(_ conditions: String) -> String {
        "{\"query\":\"SELECT [System.Id] FROM WorkItems WHERE \(conditions) "
            + "ORDER BY [System.ChangedDate] ASC, [System.Id] ASC\"}"
    }

    @Test func `changes come oldest first, whatever the order of the answer`() async throws {
        let (page, sent) = try await page(
            "", Samples.found([5, 9, 7]),
            Samples.list([
                Samples.item(9, changed: "2026-11-22T10:00:00.5Z"),
                Samples.item(7, changed: "2026-11-22T10:00:00.5Z"),
                Samples.item(5, changed: "2026-11-22T09:59:00Z"),
            ]), Samples.states)
        #expect(page.issues.map(\.key) == ["5", "7", "9"] && page.next.isEmpty)
        #expect(
            sent.map(\.line) == [
                "POST /_apis/wit/wiql?%24top=200&timePrecision=true&api-version=7.1",
                "POST /_apis/wit/workitemsbatch?api-version=7.1",
                "GET /Web%20Shop/_apis/wit/workitemtypes/Bug/states?api-version=7.1",
            ])
        #expect(sent[0].text == Self.query("[System.ChangedDate] >= '2026-11-22T09:47:47.009Z'"))
    }

    @Test func `a full page names the next one, which begins behind its last item`() async throws {
        let items = (1...200).map { Samples.item($0, changed: "2026-11-22T10:00:00.933Z") }
        let (first, _) = try await page(
            "", Samples.found(Array(1...200)), Samples.list(items), Samples.states)
        #expect(first.issues.count == 200 && first.next == "2026-11-22T10:00:00.933Z,200")
        let (second, sent) = try await page(first.next, project: "O'Hara", Samples.found([]))
        #expect(second.issues.isEmpty && second.next.isEmpty && sent.count == 1)
        #expect(
            sent[0].text
                == Self.query(
                    "[System.TeamProject] = 'O''Hara' AND "
                        + "([System.ChangedDate] > '2026-11-22T10:00:00.933Z' OR "
                        + "([System.ChangedDate] = '2026-11-22T10:00:00.933Z' AND [System.Id] > 200))"))
    }

    @Test func `a page ends before the type that would be one question too many`() async throws {
        let items = (1...25).map {
            Samples.item($0, type: "Type \($0)", changed: "2026-11-22T10:00:\($0 + 10)Z")
        }
        let transport = Samples.script(
            [Samples.found(Array(1...25)), Samples.list(items)] + Array(repeating: Samples.states, count: 20))
        let source = Samples.ready()
        let call = try Samples.tracker.changes(since: Self.since, project: "", page: "", in: source)
        let page = try await Samples.runner(transport).run(call, with: source, reading: Samples.tracker)
        #expect(page.issues.count == 20 && page.issues.allSatisfy { $0.providerCategory == .inProgress })
        #expect(page.next == "2026-11-22T10:00:30.000Z,20")
    }

    @Test func `items of other projects are passed over`() async throws {
        let (page, sent) = try await page(
            "", allowed: ["Web Shop", "B"], Samples.found([1, 2]),
            Samples.list([Samples.item(1, project: "Secret"), Samples.item(2)]), Samples.states)
        #expect(page.issues.map(\.key) == ["2"])
        #expect(sent[0].text.contains("[System.TeamProject] IN ('Web Shop', 'B') AND "))
        #expect(sent.count == 3)
    }

    @Test(arguments: [
        "x", "2026-11-22T10:00:00Z", "2026-11-22T10:00:00Z,0", "2026-11-22T10:00:00Z,1' OR", ",1",
    ])
    func `a page that was never named is refused`(page: String) async throws {
        let error = #expect(throws: TrackerError.self) {
            try Samples.tracker.changes(since: Self.since, project: "", page: page, in: Samples.ready())
        }
        #expect(error?.code == .invalidRequest)
    }

    @Test func `a full page of which nothing can be read is an error, not an end`() async throws {
        let error = await #expect(throws: TrackerError.self) {
            try await page("", Samples.found(Array(1...200)), Samples.list(["null"]))
        }
        #expect(error?.code == .badResponse)
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (1_795_340_867_009, "2026-11-22T09:47:47.009Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
    ])
    func `a time is written to the millisecond`(milliseconds: Int64, text: String) {
        #expect(TrackerDate.text(Timestamp(milliseconds: milliseconds)) == text)
    }
}
