// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import RPC
import RPCMessages
import Testing

@testable import ExtRefServices

@Suite(.timeLimit(.minutes(1))) struct IssueSearchTests {
    private func entry(
        _ id: String, _ title: String = "Payment fails", project: String = "FK"
    ) -> FakeSites.Entry {
        FakeSites.Entry(id: id, key: "\(project)-\(id)", project: project, title: title)
    }

    private func search(
        _ harness: ServiceHarness, _ query: String = "fails", sources: [String] = [], pageSize: Int32 = 0
    ) async throws -> [SourceSearchResult] {
        try await harness.links().searchIssues(
            SearchIssuesRequest(
                projectID: "P1", query: query, sourceIds: sources, pageSize: pageSize)
        ).results
    }

    @Test func `each source answers for itself`() async throws {
        let harness = try ServiceHarness.writing()
        let hosts = ["a.example", "b.example", "c.example", "d.example"]
        var ids = [String]()
        for host in hosts {
            ids.append(try await harness.addFake(host, base: "https://" + host).id)
            harness.sites.edit { $0.issues[host] = [entry("1"), entry("2", "Logo is blue")] }
        }
        harness.sites.breaking { call in
            switch call.host {
            case "b.example": .answer(401, "{}")
            case "c.example": .answer(429, "{}")
            case "d.example": .garbage
            default: nil
            }
        }
        let results = try await search(harness)
        #expect(results.map { $0.source?.id } == ids, "in the order of the sources")
        #expect(
            results.map { $0.error?.reason } == [
                nil, "TRACKER_CREDENTIALS_REJECTED", "TRACKER_RATE_LIMITED", "TRACKER_BAD_RESPONSE",
            ])
        #expect(results[0].issues.map(\.key) == ["FK-1"] && results.dropFirst().allSatisfy(\.issues.isEmpty))
        #expect(results.allSatisfy { $0.elapsed != nil })
        #expect(results[0].issues[0].url == "https://a.example/issues/FK-1" && results[0].issues[0].id == "")
        #expect(try await harness.storedLinks().isEmpty, "a search stores nothing")
    }

    @Test func `a source that hangs ends at its own time, and the others' answers are there`() async throws {
        let clock = ManualClock()
        let harness = try ServiceHarness.writing(clock: clock)
        let hosts = ["a.example", "slow.example", "z.example"]
        for host in hosts {
            try await harness.addFake(host, base: "https://" + host)
            harness.sites.edit { $0.issues[host] = [entry("1")] }
        }
        harness.sites.breaking { $0.host == "slow.example" ? .hanging : nil }
        let searching = Task { try await search(harness) }
        // The other two have answered when theirs is the only wait left.
        let budget = ServiceLimits.searchBudget - .milliseconds(20)
        while harness.sites.calls.count < 3 || clock.wakeTimes != [budget] { await Task.yield() }
        clock.advance(by: budget)
        let results = try await searching.value
        #expect(results.map { $0.error?.reason } == [nil, "TRACKER_TIMED_OUT", nil])
        #expect(results.map(\.issues.count) == [1, 0, 1])
    }

    @Test func `only allowed external projects are shown, and what is linked already has its id`()
        async throws
    {
        let harness = try ServiceHarness.writing()
        try await harness.addFake { $0.allowedExternalProjects = ["fk"] }
        harness.sites.edit { state in
            state.issues["fake.example"] = [
                entry("1"), entry("2", project: "SECRET"), entry("3"), entry("4", project: ""),
            ]
        }
        let link = try await harness.link(key: "FK-3").link
        let found = try #require(try await search(harness).first).issues
        #expect(found.map(\.key) == ["FK-1", "FK-3"])
        guard case .issue(let known) = link?.target else {
            Testing.Issue.record("no issue")
            return
        }
        #expect(found.map(\.id) == ["", known.id])
    }

    @Test func `a status map judges what is found`() async throws {
        let harness = try ServiceHarness.writing()
        try await harness.addFake {
            $0.statusMap = [ExtRefMessages.StatusMapping(status: "New", category: .done)]
        }
        harness.sites.edit { $0.issues["fake.example"] = [entry("1")] }
        #expect(try await search(harness).first?.issues.first?.statusCategory == .done)
    }

    @Test(arguments: [(Int32(0), 20), (1, 1), (50, 50), (51, 50), (Int32.max, 50)])
    func `a page has its bounds`(size: Int32, shown: Int) async throws {
        let harness = try ServiceHarness.writing()
        try await harness.addFake()
        harness.sites.edit { $0.issues["fake.example"] = (1...60).map { entry("\($0)") } }
        #expect(try await search(harness, pageSize: size).first?.issues.count == shown)
        #expect(harness.sites.calls.last?.url.contains("limit=\(shown)") == true)
    }

    @Test(arguments: [
        ("", Int32(0), "query"), ("  \n ", 0, "query"), (String(repeating: "ä", count: 257), 0, "query"),
        ("x", -1, "page_size"),
    ])
    func `a bad question is refused before anybody is asked`(
        query: String, size: Int32, field: String
    ) async throws {
        let harness = try ServiceHarness.writing()
        try await harness.addFake()
        let error = await failure { try await search(harness, query, pageSize: size) }
        #expect(error?.fields == [field] && harness.sites.calls.isEmpty)
    }

    @Test func `the longest words there may be are searched for, cleaned`() async throws {
        let harness = try ServiceHarness.writing()
        try await harness.addFake()
        _ = try await search(harness, "  a\u{202E}b \n c" + String(repeating: "d", count: 249))
        #expect(harness.sites.calls.first?.url.contains("q=ab%20cd") == true)
    }

    @Test func `without names all that can search right now are asked`() async throws {
        let harness = try ServiceHarness.writing()
        let on = try await harness.addFake("On", base: "https://on.example")
        let off = try await harness.addFake("Off", base: "https://off.example")
        let mute = try await harness.addFake("Mute", base: "https://mute.example") {
            $0.disabledCapabilities = [.search]
        }
        let elsewhere = try await harness.addFake("Elsewhere", base: "https://else.example") {
            $0.availability = ExtRefMessages.Availability(projectIds: ["P2"])
        }
        _ = try await harness.admin().disableSource(DisableSourceRequest(id: off.id))
        #expect(try await search(harness).map { $0.source?.id } == [on.id])
        let named = try await search(harness, sources: [mute.id, off.id, on.id, mute.id])
        #expect(named.map { $0.source?.id } == [mute.id, off.id, on.id], "each once, in the order asked")
        #expect(named.map { $0.error?.reason } == ["CAPABILITY_UNAVAILABLE", "SOURCE_DISABLED", nil])
        let missing = await failure { try await search(harness, sources: [on.id, elsewhere.id]) }
        #expect(missing?.reason == "SOURCE_NOT_FOUND")
        let empty = await failure { try await search(harness, sources: [on.id, ""]) }
        #expect(empty?.fields == ["source_ids[1]"])
        let many = await failure {
            try await search(
                harness, sources: Array(repeating: on.id, count: ServiceLimits.searchSourcesMax + 1))
        }
        #expect(many?.fields == ["source_ids"])
        #expect(Set(harness.sites.calls.map(\.host)) == ["on.example"])
    }

    @Test func `a caller's short deadline is kept`() async throws {
        // The call's own time is real: as long as it can be and still be the shorter one.
        let timeout = ServiceLimits.searchBudget - .milliseconds(100)
        let clock = ManualClock()
        let harness = try ServiceHarness.writing(clock: clock)
        try await harness.addFake()
        harness.sites.breaking { _ in .hanging }
        let searching = Task {
            try await harness.links().searchIssues(
                SearchIssuesRequest(projectID: "P1", query: "x"),
                options: CallOptions(timeout: timeout))
        }
        while clock.wakeTimes.isEmpty { await Task.yield() }
        #expect(try #require(clock.wakeTimes.first) < timeout)
        clock.advance(by: timeout)
        #expect(try await searching.value.results.first?.error?.reason == "TRACKER_TIMED_OUT")
    }
}
