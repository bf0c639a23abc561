// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct JiraSearchTests {
    private static let budget = Duration.seconds(5)
    private static let fieldList =
        "\"fields\":[\"summary\",\"status\",\"assignee\",\"priority\",\"issuetype\",\"labels\",\"created\","
        + "\"updated\",\"resolution\",\"resolutiondate\"]"
    private static let cloudSearch = "POST https://acme.atlassian.net/rest/api/3/search/jql "
    private static let serverSearch = "POST https://jira.corp.example/jira/rest/api/2/search "

    @Test func `words are looked for in the allowed projects, latest change first`() async throws {
        let play = JiraPlay(bodies: JiraSamples.issues(JiraSamples.issue()))
        let source = JiraSamples.cloudSource(projects: ["tes", "OPS"])
        let found = try await play.runner.searchIssues("Check out", limit: 5, in: source, budget: Self.budget)
        #expect(found.map(\.key) == ["TES-41"])
        let jql =
            "project in (\\\"TES\\\", \\\"OPS\\\") AND (summary ~ \\\"check out\\\" OR summary ~ \\\"check out*\\\") "
            + "ORDER BY updated DESC"
        #expect(play.asked == [Self.cloudSearch + "{\(Self.fieldList),\"jql\":\"\(jql)\",\"maxResults\":5}"])
    }

    @Test func `Data Center is asked in its own way`() async throws {
        let play = JiraPlay(bodies: JiraSamples.issues(JiraSamples.issue(), rest: ",\"total\":1"))
        let source = JiraSamples.dataCenterSource(projects: ["TES"])
        _ = try await play.runner.searchIssues("slow", limit: 5, in: source, budget: Self.budget)
        let jql =
            "project = \\\"TES\\\" AND (summary ~ \\\"slow\\\" OR summary ~ \\\"slow*\\\") ORDER BY updated DESC"
        #expect(
            play.asked == [
                Self.serverSearch
                    + "{\(Self.fieldList),\"jql\":\"\(jql)\",\"maxResults\":5,\"startAt\":0,\"validateQuery\":false}"
            ])
    }

    @Test(
        arguments: [
            ("checkout", "checkout"), ("Check OUT and", "check out and"), ("a\"b'c\\d", "a b'c d"),
            ("+must -not (x) [y] {z} !a ^b ~c ?d *e :f /g", "must not x y z a b c d e f g"),
            ("ä & ö?#%", "ä ö"), ("v1.2.3.", "v1.2.3"), ("*", nil), ("\"\"", nil), ("🚀", nil),
            ("-", nil),
            ("checkout) OR project = SECRET", "checkout or project secret"),
        ] as [(String, String?)])
    func `what a text search takes for operators never reaches it`(words: String, expected: String?) {
        #expect(
            JQL.summary(words) == expected.map { "(summary ~ \"\($0)\" OR summary ~ \"\($0)*\")" })
    }

    @Test(arguments: [
        ("plain", "\"plain\""), ("a\"b", "\"a\\\"b\""), ("a\\", "\"a\\\\\""), ("a\nb\u{0}", "\"a b \""),
        ("", "\"\""),
    ])
    func `a value is quoted so that it cannot leave its quotes`(value: String, quoted: String) {
        #expect(JQL.quoted(value) == quoted)
    }

    @Test func `without a word nothing is asked`() async throws {
        let play = JiraPlay()
        let found = try await play.runner.searchIssues(
            "?!", limit: 5, in: JiraSamples.cloudSource(), budget: Self.budget)
        #expect(found.isEmpty && play.asked.isEmpty)
    }

    @Test(arguments: [("tes-41", "TES-41"), ("41", "TES-41")])
    func `a key means that issue`(typed: String, key: String) async throws {
        let play = JiraPlay(bodies: JiraSamples.issue("10040", "OPS-7"))
        let found = try await play.runner.searchIssues(
            typed, limit: 5, in: JiraSamples.cloudSource(), budget: Self.budget)
        #expect(found.map(\.key) == ["OPS-7"] && found[0].previousKeys == [key])
        #expect(play.asked.count == 1 && play.asked[0].contains("/rest/api/3/issue/\(key)?"))
    }

    @Test func `what looks like a key and is none may still be words`() async throws {
        let play = JiraPlay(.init(404, [:], "{}"), .init(200, [:], JiraSamples.issues()))
        let found = try await play.runner.searchIssues(
            "UTF-8", limit: 5, in: JiraSamples.cloudSource(), budget: Self.budget)
        #expect(found.isEmpty && play.asked.count == 2)
        #expect(play.asked[1].contains("summary ~ \\\"utf 8*\\\""))
    }

    @Test func `a project that is gone does not hide the others on Cloud`() async throws {
        let refusal =
            "{\"errorMessages\":[\"The value 'OLD' does not exist for the field 'project'.\"],\"errors\":{}}"
        let play = JiraPlay(
            .init(400, [:], refusal),
            .init(200, [:], JiraSamples.issues(JiraSamples.issue(), JiraSamples.issue("3", "HID-3"))))
        let found = try await play.runner.searchIssues(
            "x", limit: 5, in: JiraSamples.cloudSource(projects: ["TES", "OLD"]), budget: Self.budget)
        #expect(found.map(\.key) == ["TES-41"])
        #expect(play.asked[1].contains("\"jql\":\"(summary ~") && play.asked.count == 2)
    }

    @Test func `a query that stays refused is refused`() async {
        let play = JiraPlay(.init(400, [:], "{}"), .init(400, [:], "{\"errorMessages\":[\"bad\"]}"))
        let error = await #expect(throws: TrackerError.self) {
            try await play.runner.searchIssues(
                "x", limit: 5, in: JiraSamples.cloudSource(projects: ["TES", "OPS"]), budget: Self.budget)
        }
        #expect(error?.code == .invalidRequest && error?.faultLines == ["fields: bad"])
    }

    @Test func `the only project being gone is told, and nothing else looked through`() async {
        let play = JiraPlay(.init(400, [:], "{\"errorMessages\":[\"The value 'TES' does not exist.\"]}"))
        let error = await #expect(throws: TrackerError.self) {
            try await play.runner.searchIssues(
                "x", limit: 5, in: JiraSamples.cloudSource(projects: ["TES"]), budget: Self.budget)
        }
        #expect(error?.code == .invalidRequest && play.asked.count == 1)
    }
}

@Suite struct JiraChangesTests {
    private static let since = Timestamp(seconds: 1_795_340_867)
    /// Five minutes earlier, in milliseconds.
    private static let start = "1795340567000"

    private func page(
        _ play: JiraPlay, _ source: TrackerSource, project: String = "", page: String = ""
    ) async throws(TrackerError) -> ChangesPage {
        try await play.run(source) { (tracker, source) throws(TrackerError) in
            try tracker.changes(since: Self.since, project: project, page: page, in: source)
        }
    }

    private func jql(_ play: JiraPlay) -> [String] {
        play.asked.compactMap { asked in
            asked.firstRange(of: "\"jql\":\"").map { asked[$0.upperBound...].prefix { $0 != "," } }.map(
                String.init)
        }
    }

    @Test func `changes are asked for in absolute time, with an overlap, in order`() async throws {
        let play = JiraPlay(bodies: JiraSamples.issues(JiraSamples.issue(), rest: ",\"isLast\":true"))
        let page = try await page(play, JiraSamples.cloudSource())
        #expect(page.issues.map(\.key) == ["TES-41"] && page.next.isEmpty)
        #expect(jql(play) == ["updated >= \(Self.start) ORDER BY updated ASC"])
        #expect(play.asked[0].contains("ORDER BY updated ASC, key ASC\",\"maxResults\":100}"))
        #expect(!JiraSamples.cloud.changesNeedProject)
    }

    @Test func `they are those of one project, or of the allowed ones`() async throws {
        let empty = JiraSamples.issues()
        let play = JiraPlay(bodies: empty, empty)
        let source = JiraSamples.cloudSource(projects: ["TES", "OPS"])
        _ = try await page(play, source, project: "ops")
        _ = try await page(play, source)
        #expect(play.asked[0].contains("\"jql\":\"project = \\\"OPS\\\" AND updated >= \(Self.start) "))
        #expect(
            play.asked[1].contains(
                "\"jql\":\"project in (\\\"TES\\\", \\\"OPS\\\") AND updated >= \(Self.start) "))
        let error = await #expect(throws: TrackerError.self) { try await page(play, source, project: "x y") }
        #expect(error?.code == .invalidRequest)
    }

    @Test(arguments: [
        (",\"nextPageToken\":\"T2\"", "T2"), (",\"nextPageToken\":\"T2\",\"isLast\":false", "T2"),
        (",\"nextPageToken\":\"T2\",\"isLast\":true", ""), (",\"nextPageToken\":null", ""),
        // A token that leads back would go on for ever.
        (",\"nextPageToken\":\"T1\"", ""),
        (",\"nextPageToken\":\"\(String(repeating: "x", count: 9_000))\"", ""),
    ])
    func `Cloud names the next page by a token`(rest: String, next: String) async throws {
        let play = JiraPlay(bodies: JiraSamples.issues(JiraSamples.issue(), rest: rest))
        let page = try await page(play, JiraSamples.cloudSource(), page: "T1")
        #expect(page.next == next && play.asked[0].hasSuffix("\"maxResults\":100,\"nextPageToken\":\"T1\"}"))
    }

    @Test func `a page without issues is the last one`() async throws {
        let play = JiraPlay(bodies: JiraSamples.issues(rest: ",\"nextPageToken\":\"T2\""))
        #expect(try await page(play, JiraSamples.cloudSource()).next.isEmpty)
    }

    @Test func `Data Center goes on behind the last second, not at an offset that others may shift`()
        async throws
    {
        let at = { (second: String) in ["updated": "\"2026-11-22T09:47:\(second).500+0000\""] }
        let first = JiraSamples.issues(
            JiraSamples.issue("1", "TES-1", at("30")), JiraSamples.issue("2", "TES-2", at("40")),
            JiraSamples.issue("3", "TES-3", at("40")), rest: ",\"total\":5")
        let second = JiraSamples.issues(
            JiraSamples.issue("4", "TES-4", at("40")), JiraSamples.issue("5", "TES-5", at("41")),
            rest: ",\"total\":4")
        let play = JiraPlay(bodies: first, second)
        let source = JiraSamples.dataCenterSource()
        let one = try await page(play, source)
        #expect(one.issues.count == 3 && one.next == "1795340860,2")
        let two = try await page(play, source, page: one.next)
        #expect(two.issues.map(\.key) == ["TES-4", "TES-5"] && two.next.isEmpty)
        #expect(
            play.asked[0].contains("updated >= \(Self.start) ") && play.asked[0].contains("\"startAt\":0"))
        #expect(
            play.asked[1].contains("updated >= 1795340860000 ") && play.asked[1].contains("\"startAt\":2"))
    }

    @Test func `many changes of one second are read page by page`() async throws {
        let same = ["updated": "\"2026-11-22T09:47:40.500+0000\""]
        let play = JiraPlay(
            bodies: JiraSamples.issues(
                JiraSamples.issue("1", "TES-1", same), JiraSamples.issue("2", "TES-2", same),
                rest: ",\"total\":9"))
        let page = try await page(play, JiraSamples.dataCenterSource(), page: "1795340860,4")
        #expect(page.next == "1795340860,6")
    }

    @Test(arguments: ["x", "1", "1,", "1,-1", "1,2,3", "99999999999999999,1", "1,99999999"])
    func `a page that nobody named is refused`(name: String) async {
        let play = JiraPlay()
        let error = await #expect(throws: TrackerError.self) {
            try await page(play, JiraSamples.dataCenterSource(), page: name)
        }
        #expect(error?.code == .invalidRequest && play.asked.isEmpty)
    }
}
