// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct ShortcutIssueTests {
    private typealias S = ShortcutSamples
    private typealias Answer = ScriptedAnswers.Answer

    private func fetch(_ transport: ScriptedAnswers) async throws -> IssueSnapshot {
        let outcome = try await S.runner(transport).fetchIssue(
            IssueReference(key: "123"), from: S.ready(), budget: S.budget)
        guard case .fetched(let issue, _) = outcome else { throw TrackerError(.badResponse, "not modified") }
        return issue
    }

    @Test func `a story is read with the names of what it only numbers`() async throws {
        let transport = ScriptedAnswers(
            S.story(owners: [S.bob, S.ann], group: S.team), S.workflows, S.groups,
            S.member(S.bob, "Bob Builder"),
            S.member(S.ann, "Ann"))
        let issue = try await fetch(transport)
        #expect(
            transport.lines == [
                "GET \(S.api)/stories/123", "GET \(S.api)/workflows", "GET \(S.api)/groups",
                "GET \(S.api)/members/\(S.bob)", "GET \(S.api)/members/\(S.ann)",
            ])
        #expect(
            transport.sent.allSatisfy {
                $0.headers == [HTTPField("Accept", "application/json"), HTTPField("Shortcut-Token", "TOKEN")]
                    && $0.body == nil
            })
        #expect(issue.nativeID == "123" && issue.key == "123" && issue.projectKey == "engineering")
        #expect(issue.webURL == "https://app.shortcut.com/acme/story/123" && issue.title == "Checkout fails")
        #expect(issue.statusName == "In Development" && issue.providerCategory == .inProgress)
        #expect(
            issue.assignees == [
                ExternalPerson(id: S.bob, displayName: "Bob Builder"),
                ExternalPerson(id: S.ann, displayName: "Ann"),
            ])
        #expect(issue.type == "bug" && issue.priority == nil && issue.labels == ["flaky"])
        #expect(issue.updatedAt == Timestamp(milliseconds: 1_784_721_600_000) && issue.closedAt == nil)
    }

    @Test func `names are asked for once`() async throws {
        let transport = ScriptedAnswers(S.story(), S.workflows, S.story())
        let runner = S.runner(transport)
        for _ in 0..<2 {
            _ = try await runner.fetchIssue(IssueReference(key: "123"), from: S.ready(), budget: S.budget)
        }
        #expect(transport.lines.map { $0.split(separator: "/").last } == ["123", "workflows", "123"])
    }

    @Test func `an owner who was removed has no name any more`() async throws {
        let transport = ScriptedAnswers([
            Answer(body: S.story(owners: [S.bob, "no id"])), Answer(body: S.workflows), Answer(status: 404),
        ])
        let issue = try await fetch(transport)
        #expect(issue.assignees.isEmpty && transport.sent.count == 3)
    }

    @Test(arguments: [
        ("unstarted", StatusCategory.todo), ("backlog", .todo), ("started", .inProgress), ("finished", .done),
        ("done", .done), ("Started", .inProgress), ("invented", .unknown),
    ])
    func `a state has its category`(type: String, category: StatusCategory) async throws {
        let workflows = "[{\"id\":1,\"states\":[{\"id\":500000006,\"name\":\"Any\",\"type\":\"\(type)\"}]}]"
        let issue = try await fetch(ScriptedAnswers(S.story(), workflows))
        #expect(issue.providerCategory == category && issue.statusName == "Any")
    }

    @Test(arguments: [
        ("\"completed\":true,\"started\":true", "Completed", StatusCategory.done),
        ("\"completed\":false,\"started\":true", "Started", .inProgress),
        ("\"completed\":false,\"started\":false", "Unstarted", .todo),
    ])
    func `a state that is too new to be known is told by the story`(
        words: String, name: String, category: StatusCategory
    ) async throws {
        let story = S.story(state: 9).replacing("\"completed\":false,\"started\":true", with: words)
        let issue = try await fetch(ScriptedAnswers(story, S.workflows))
        #expect(issue.statusName == name && issue.providerCategory == category)
    }

    @Test func `a finished story has its time`() async throws {
        let story = S.story(state: 500_000_007)
            .replacing("\"completed_at\":null", with: "\"completed_at\":\"2026-07-21T00:00:00Z\"")
        let issue = try await fetch(ScriptedAnswers(story, S.workflows))
        #expect(
            issue.closedAt == Timestamp(milliseconds: 1_784_592_000_000) && issue.providerCategory == .done)
    }

    @Test(arguments: [
        (401, TrackerError.Code.credentialsRejected), (403, .permissionDenied), (404, .notFound),
        (429, .rateLimited), (400, .invalidRequest), (500, .unavailable), (503, .unavailable),
    ])
    func `a status means what it says`(status: Int, code: TrackerError.Code) async {
        let transport = ScriptedAnswers([
            Answer(status: status, headers: ["retry-after": "7"], body: "{\"message\":\"raw text\"}")
        ])
        let error = await #expect(throws: TrackerError.self) { try await fetch(transport) }
        #expect(error?.code == (status == 403 ? .rateLimited : code))
        #expect(error?.message.contains("raw") == false)
        #expect(error?.retryAfter == ([403, 429, 500, 503].contains(status) ? .seconds(7) : nil))
    }

    @Test(arguments: [
        ShortcutSamples.story(124), ShortcutSamples.story(0), ShortcutSamples.story(-5), "{\"id\":\"123\"}",
        "{}", "[]", "", "nonsense",
    ])
    func `an answer that is no such story is refused`(body: String) async {
        let error = await #expect(throws: TrackerError.self) {
            try await fetch(ScriptedAnswers(body, S.workflows))
        }
        #expect(error?.code == .badResponse)
    }

    @Test func `without a token nothing is sent`() async {
        let transport = ScriptedAnswers("{}")
        let error = await #expect(throws: TrackerError.self) {
            try await S.runner(transport).fetchIssue(
                IssueReference(key: "1"), from: TrackerSource(S.source()), budget: S.budget)
        }
        #expect(error?.code == .credentialsRejected && transport.sent.isEmpty)
    }

    // MARK: Search

    @Test func `a search finds by words`() async throws {
        let transport = ScriptedAnswers(
            "{\"data\":[\(S.story()),{\"id\":1}],\"next\":null,\"total\":2}", S.workflows)
        let found = try await S.runner(transport).searchIssues(
            "check out&x", limit: 5, in: S.ready(), budget: S.budget)
        #expect(
            transport.lines.first
                == "GET \(S.api)/search/stories?query=check%20out%26x&page_size=5&detail=slim")
        #expect(found.map(\.key) == ["123"])
    }

    @Test func `a number means that story, or else a word`() async throws {
        let direct = ScriptedAnswers(S.story(), S.workflows)
        let found = try await S.runner(direct).searchIssues(
            "sc-123", limit: 5, in: S.ready(), budget: S.budget)
        #expect(found.map(\.key) == ["123"] && direct.lines[0] == "GET \(S.api)/stories/123")
        let word = ScriptedAnswers([Answer(status: 404), Answer(body: "{\"data\":[]}")])
        let none = try await S.runner(word).searchIssues("500", limit: 5, in: S.ready(), budget: S.budget)
        #expect(none.isEmpty && word.lines.last?.contains("/search/stories?query=500") == true)
    }

    // MARK: Changes

    @Test func `changes are put in order and cut into pages`() throws {
        let tracker = ShortcutTracker()
        let owners = (10..<30).map { "66666666-6666-4666-8666-6666666666\($0)" }
        let stories = (0..<20).map { number in
            S.story(number + 1, owners: [owners[number]], updated: "2026-07-22T12:00:\(59 - number)Z")
        }
        let all = "[" + stories.joined(separator: ",") + "]"
        let since = Timestamp(milliseconds: 1_784_721_600_000)
        let call = try tracker.changes(since: since, project: "", page: "", in: S.ready())
        let (first, requests) = try converse(call, with: [all, S.workflows, S.member(S.bob, "Bob")])
        #expect(
            first.issues.map(\.key) == (9...20).reversed().map(String.init) && first.next == "1784721651000-9"
        )
        #expect(requests[0].pathAndQuery == "/stories/search" && requests[0].changesNothing)
        #expect(
            String(decoding: requests[0].body ?? [], as: UTF8.self)
                == "{\"updated_at_start\":\"2026-07-22T12:00:00.000Z\"}")
        #expect(requests.count <= TrackerLimits.requestsPerCallMax)
        let rest = try tracker.changes(since: since, project: "", page: first.next, in: S.ready())
        let (second, more) = try converse(rest, with: [all, S.workflows, S.member(S.bob, "Bob")])
        #expect(second.issues.map(\.key) == (1...8).reversed().map(String.init) && second.next.isEmpty)
        #expect(
            String(decoding: more[0].body ?? [], as: UTF8.self)
                == "{\"updated_at_start\":\"2026-07-22T12:00:51.000Z\"}")
    }

    @Test func `pages end, though all stories changed at the same time`() throws {
        let all = "[" + (1...120).map { S.story($0) }.joined(separator: ",") + "]"
        var keys = [String]()
        var page = ""
        var pages = 0
        repeat {
            let call = try ShortcutTracker().changes(
                since: Timestamp(milliseconds: 0), project: "", page: page, in: S.ready())
            let answer = try converse(call, with: [all, S.workflows]).value
            keys += answer.issues.map(\.key)
            page = answer.next
            pages += 1
        } while !page.isEmpty && pages < 10
        #expect(pages == 3 && keys == (1...120).map(String.init))
    }

    @Test func `changes keep to teams`() throws {
        var source = S.source()
        source.allowedExternalProjects = ["Engineering", "unknown"]
        let call = try ShortcutTracker().changes(
            since: Timestamp(milliseconds: 0), project: "", page: "", in: S.ready(source))
        let (page, requests) = try converse(
            call, with: [S.groups, "[\(S.story(group: S.team))]", S.workflows])
        #expect(requests.map(\.pathAndQuery) == ["/groups", "/stories/search", "/workflows"])
        #expect(
            String(decoding: requests[1].body ?? [], as: UTF8.self)
                == "{\"group_ids\":[\"\(S.team)\"],\"updated_at_start\":\"1970-01-01T00:00:00.000Z\"}")
        #expect(page.issues.map(\.projectKey) == ["engineering"])
        let other = try ShortcutTracker().changes(
            since: Timestamp(milliseconds: 0), project: "nobody", page: "", in: S.ready())
        #expect(try converse(other, with: [S.groups]).value == ChangesPage(issues: [], next: ""))
    }

    @Test(arguments: ["x", "1-", "1-2-3", "-1", "1.5-2"])
    func `a place nobody handed out is refused`(page: String) {
        #expect(throws: TrackerError.self) {
            try ShortcutTracker().changes(
                since: Timestamp(milliseconds: 0), project: "", page: page, in: S.ready())
        }
    }
}
