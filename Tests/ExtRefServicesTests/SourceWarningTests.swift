// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import ExtRefMessages
import ExtRefStore
import ExtRefSync
import RPCMessages
import Testing

@testable import ExtRefServices

/// A tracker changes its interface, and an admin sees it on the source, without asking for it.
@Suite(.timeLimit(.minutes(1))) struct SourceWarningTests {
    private static let sunset = [HTTPField("sunset", "Fri, 31 Dec 2027 23:59:59 GMT")]

    private static func synced() async throws -> (ServiceHarness, String) {
        let harness = try ServiceHarness()
        let source = try await harness.addRedmine()
        harness.redmine.set(1, .init(subject: "Issue 1", updated: harness.stamp()))
        _ = try await harness.link(key: "1")
        await harness.syncs.runOnce()
        return (harness, source.id)
    }

    private func warnings(
        _ harness: ServiceHarness, _ id: String, as who: TestCaller = .tenantAdmin
    ) async throws -> [SourceWarning]? {
        try await harness.admin(who).getSource(GetSourceRequest(id: id)).source?.sync?.warnings
    }

    private func issue(_ harness: ServiceHarness) async throws -> ExternalIssue {
        try await harness.store.read(ServiceHarness.tenant) { store in
            let source = try #require(try store.sources.list().items.first)
            return try #require(try store.issues.find(source: source.id, key: "1"))
        }
    }

    @Test func `the next pass raises a warning, which ends some days after the last sight`() async throws {
        let (harness, id) = try await Self.synced()
        #expect(try await warnings(harness, id) == [])
        harness.redmine.change(headers: Self.sunset)
        harness.advance(SyncLimits.changesInterval)
        harness.redmine.set(1, .init(subject: "Renamed", updated: harness.stamp()))
        await harness.syncs.runOnce()
        let warning = try #require(try await warnings(harness, id)?.first)
        #expect(warning.kind == .sunset && warning.count == 1 && warning.example == "GET /issues.json")
        #expect(warning.effectiveTime?.seconds == 1_830_297_599 && warning.message.contains("2027-12-31"))
        #expect(warning.firstSeenTime == warning.lastSeenTime && warning.firstSeenTime != nil)
        // What was announced holds nothing up.
        #expect(try await issue(harness).snapshot.title == "Renamed")
        harness.redmine.change()
        harness.advance(SyncLimits.driftWarningLife)
        #expect(try await warnings(harness, id) == [])
    }

    @Test func `a missing field raises a warning that names it`() async throws {
        let (harness, id) = try await Self.synced()
        harness.redmine.change(replacing: ["\"project\":{\"id\":1,\"name\":\"Demo\"},": ""])
        harness.advance(SyncLimits.sweepPauseOpen * 11 / 10)
        await harness.syncs.runOnce()
        let found = try #require(try await warnings(harness, id))
        #expect(found.map(\.kind) == [.missingField] && found[0].subject.hasSuffix("project"))
        #expect(found[0].effectiveTime == nil && found[0].message.contains("project"))
    }

    @Test func `a tracker that is switched off leaves issues as they are`() async throws {
        let (harness, id) = try await Self.synced()
        harness.redmine.answer(410)
        harness.advance(SyncLimits.sweepPauseOpen * 11 / 10)
        await harness.syncs.runOnce()
        #expect(try await warnings(harness, id)?.map(\.kind) == [.apiGone])
        let issue = try await issue(harness)
        #expect(issue.reachability == .ok && issue.lastErrorReason.isEmpty)
        let sync = try await harness.admin().getSource(GetSourceRequest(id: id)).source?.sync
        #expect(sync?.failureCount == 1 && sync?.errorMessage.contains("410") == true)
    }

    @Test func `those who do not administer the source see none`() async throws {
        let (harness, id) = try await Self.synced()
        harness.redmine.change(headers: Self.sunset)
        harness.advance(SyncLimits.changesInterval)
        await harness.syncs.runOnce()
        #expect(try await warnings(harness, id)?.count == 1)
        #expect(try await warnings(harness, id, as: .reader) == nil)
    }
}
