// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import ExtRefMessages
import ExtRefStore
import ExtRefSync
import Foundation
import Testing

@testable import ExtRefServices

/// Issues come back by themselves: nobody calls anything here but the clock.
@Suite(.timeLimit(.minutes(1))) struct SourceSyncTests {
    /// A Redmine with some issues, each linked from a test case.
    private static func synced(_ count: Int = 2) async throws -> (ServiceHarness, ExtRefMessages.Source) {
        let harness = try ServiceHarness()
        let source = try await harness.addRedmine()
        for id in 1...count {
            harness.redmine.set(id, .init(subject: "Issue \(id)", updated: harness.stamp()))
            _ = try await harness.link("TC-\(id)", key: String(id))
        }
        await harness.syncs.runOnce()
        return (harness, source)
    }

    private static func issue(_ harness: ServiceHarness, _ key: String) async throws -> ExternalIssue {
        try await harness.store.read(ServiceHarness.tenant) { store in
            let source = try #require(try store.sources.list().items.first)
            return try #require(try store.issues.find(source: source.id, key: key))
        }
    }

    private static func sync(_ harness: ServiceHarness) async throws -> ExtRefDomain.SourceSync {
        try await harness.store.read(ServiceHarness.tenant) { store in
            let source = try #require(try store.sources.list().items.first)
            return try #require(try store.syncs.get(source.id))
        }
    }

    // MARK: What changes in the tracker arrives

    @Test func `a change arrives within one interval, with an entry in the feed`() async throws {
        let (harness, _) = try await Self.synced()
        harness.advance(SyncLimits.changesInterval)
        harness.redmine.set(
            2,
            .init(
                subject: "Issue 2", status: "Closed", isClosed: true, assignee: "Ann",
                updated: harness.stamp()))
        #expect(await harness.syncs.runOnce() == 1)
        let issue = try await Self.issue(harness, "2")
        #expect(issue.snapshot.statusName == "Closed" && issue.statusCategory == .done)
        #expect(issue.snapshot.assignees.map(\.displayName) == ["Ann"])
        let changes = try await harness.store.read(ServiceHarness.tenant) {
            try $0.changes.list(after: 0, limit: 99)
        }
        let change = try #require(changes.changes.last)
        #expect(change.kind == .issueUpdated && change.issueID == issue.id && change.origin == .poll)
    }

    @Test func `a change between linking an issue and the first pass over its source arrives`() async throws {
        let harness = try ServiceHarness()
        let source = try await harness.addRedmine()
        harness.redmine.set(1, .init(subject: "As linked", updated: harness.stamp()))
        _ = try await harness.link("TC-1", key: "1")
        _ = try await harness.admin().disableSource(DisableSourceRequest(id: source.id))
        harness.advance(.seconds(60))
        harness.redmine.set(1, .init(subject: "Changed meanwhile", updated: harness.stamp()))
        harness.advance(.seconds(3_600))
        _ = try await harness.admin().enableSource(EnableSourceRequest(id: source.id))
        await harness.syncs.runOnce()
        #expect(try await Self.issue(harness, "1").snapshot.title == "Changed meanwhile")
    }

    @Test func `where no tracker tells, what people look at is read again within a minute, and once`()
        async throws
    {
        let harness = try ServiceHarness()
        try await harness.addRedmine { $0.disabledCapabilities = [.changesSince] }
        let old = harness.stamp(harness.time.now() - .seconds(30 * 86_400))
        harness.redmine.set(1, .init(subject: "As linked", updated: old))
        let link = try #require(try await harness.link(key: "1").link)
        await harness.syncs.runOnce()
        harness.advance(SyncLimits.refreshPauseMin * 2)
        harness.redmine.set(1, .init(subject: "Changed meanwhile", updated: old))
        await harness.syncs.runOnce()
        #expect(try await Self.issue(harness, "1").snapshot.title == "As linked", "calm for a month")
        _ = try await harness.links().getLink(GetLinkRequest(id: link.id))
        harness.advance(SyncLimits.passPauseMax)
        await harness.syncs.runOnce()
        #expect(try await Self.issue(harness, "1").snapshot.title == "Changed meanwhile")
        let before = harness.redmine.requests.count
        for _ in 0..<10 {
            _ = try await harness.links().listLinks(ListLinksRequest(projectID: ServiceHarness.project))
            harness.advance(.seconds(5))
            await harness.syncs.runOnce()
        }
        #expect(harness.redmine.requests.count == before)
    }

    @Test func `a quiet interval costs one call, whatever number of issues there is`() async throws {
        let (harness, _) = try await Self.synced(30)
        for _ in 0..<10 {
            harness.advance(SyncLimits.changesInterval)
            let before = harness.redmine.requests.count
            await harness.syncs.runOnce()
            #expect(harness.redmine.requests.count - before == 1)
        }
    }

    @Test func `a link saved while the tracker slept is read as soon as it wakes`() async throws {
        let (harness, _) = try await Self.synced()
        harness.redmine.fail(HTTPError(.timedOut, at: .response, "asleep"))
        _ = try await harness.link("TC-9", key: "9")
        #expect(try await Self.issue(harness, "9").reachability == .pending)
        harness.redmine.fail(nil)
        harness.redmine.set(9, .init(subject: "Late"))
        #expect(await harness.syncs.runOnce() == 1)
        let issue = try await Self.issue(harness, "9")
        #expect(issue.reachability == .ok && issue.snapshot.title == "Late")
    }

    @Test func `a deleted issue is doubted first and believed ten minutes later`() async throws {
        let (harness, _) = try await Self.synced()
        harness.redmine.set(1, nil)
        harness.advance(SyncLimits.sweepPauseOpen * 11 / 10)
        await harness.syncs.runOnce()
        var issue = try await Self.issue(harness, "1")
        #expect(issue.reachability == .ok && !issue.lastErrorMessage.isEmpty)
        #expect(try await Self.issue(harness, "2").lastErrorReason.isEmpty)
        harness.advance(SyncLimits.missingDoubtTime)
        await harness.syncs.runOnce()
        issue = try await Self.issue(harness, "1")
        #expect(issue.reachability == .notFound && issue.statusCategory == .todo, "never shown as closed")
    }

    // MARK: What nobody wants costs nothing

    @Test func `an issue without links is left alone, and read again when it is linked`() async throws {
        let (harness, _) = try await Self.synced(1)
        let link = try #require(try await harness.storedLinks().first?.link)
        _ = try await harness.links().deleteLink(DeleteLinkRequest(id: link.id.rawValue))
        harness.advance(SyncLimits.sweepPauseClosed)
        await harness.syncs.runOnce()
        #expect(try await Self.issue(harness, "1").nextFetchAt == nil)
        let before = harness.redmine.requests.count
        harness.advance(SyncLimits.sweepPauseClosed)
        await harness.syncs.runOnce()
        #expect(harness.redmine.requests.count == before, "no issue, no question for changes")
        _ = try await harness.link("TC-2", key: "1")
        #expect(try await Self.issue(harness, "1").nextFetchAt != nil)
        #expect(try #require(try await Self.sync(harness).watermark) >= harness.time.now() - .seconds(60))
    }

    @Test func `an issue that changed without a link is read when it has one again`() async throws {
        let (harness, _) = try await Self.synced(1)
        let link = try #require(try await harness.storedLinks().first?.link)
        _ = try await harness.links().deleteLink(DeleteLinkRequest(id: link.id.rawValue))
        harness.advance(.seconds(600))
        harness.redmine.set(1, .init(subject: "Changed meanwhile", updated: harness.stamp()))
        await harness.syncs.runOnce()
        harness.advance(.seconds(600))
        await harness.syncs.runOnce()
        harness.redmine.fail(HTTPError(.timedOut, at: .response, "asleep"))
        _ = try await harness.link("TC-2", key: "1")
        harness.redmine.fail(nil)
        await harness.syncs.runOnce()
        #expect(try await Self.issue(harness, "1").snapshot.title == "Changed meanwhile")
    }

    @Test func `a disabled source is not asked, an enabled one goes on where it was`() async throws {
        let (harness, source) = try await Self.synced()
        let watermark = try await Self.sync(harness).watermark
        _ = try await harness.admin().disableSource(DisableSourceRequest(id: source.id))
        let before = harness.redmine.requests.count
        harness.advance(.seconds(86_400))
        await harness.syncs.runOnce()
        #expect(await harness.syncs.runOnce() == 0)
        #expect(harness.redmine.requests.count == before)
        _ = try await harness.admin().enableSource(EnableSourceRequest(id: source.id))
        #expect(await harness.syncs.runOnce() == 1)
        let asked = try #require(harness.redmine.requests.dropFirst(before).first)
        let since = harness.stamp(try #require(watermark) - SyncLimits.changesOverlap)
        #expect(asked.replacing("%3A", with: ":").contains("updated_on=%3E%3D" + since), "\(asked)")
    }

    @Test func `a deleted source is not asked`() async throws {
        let (harness, source) = try await Self.synced()
        _ = try await harness.admin().deleteSource(
            DeleteSourceRequest(id: source.id, mode: .keepLinks))
        let before = harness.redmine.requests.count
        harness.advance(.seconds(86_400))
        await harness.syncs.runOnce()
        #expect(harness.redmine.requests.count == before)
        #expect(try await harness.store.nextJobDue([.syncSource]) == nil)
    }

    @Test func `an issue outside the projects that a source may use is told as such, and comes back`()
        async throws
    {
        let (harness, source) = try await Self.synced(1)
        let id = try await Self.issue(harness, "1").id.rawValue
        let refresh = RefreshIssuesRequest(projectID: ServiceHarness.project, ids: [id])
        try await harness.update(source, "allowed_external_projects") { $0.allowedExternalProjects = ["9"] }
        harness.redmine.set(1, .init(subject: "Moved and secret", updated: harness.stamp()))
        _ = try await harness.links().refreshIssues(refresh)
        let outside = try await Self.issue(harness, "1")
        #expect(outside.reachability == .outOfScope && outside.snapshot.title == "Issue 1")
        #expect(outside.lastErrorReason == "EXTERNAL_PROJECT_NOT_ALLOWED" && outside.statusCategory == .todo)
        try await harness.update(source, "allowed_external_projects") { $0.allowedExternalProjects = ["1"] }
        _ = try await harness.links().refreshIssues(refresh)
        let back = try await Self.issue(harness, "1")
        #expect(back.reachability == .ok && back.snapshot.title == "Moved and secret")
        #expect(back.lastErrorReason.isEmpty)
    }

    @Test func `whether an issue may be shown is asked again when the projects of its source change`()
        async throws
    {
        let (harness, source) = try await Self.synced(1)
        for (allowed, reachability) in [("9", ExtRefDomain.Reachability.outOfScope), ("1", .ok)] {
            harness.advance(.seconds(120))
            try await harness.update(source, "allowed_external_projects") {
                $0.allowedExternalProjects = [allowed]
            }
            await harness.syncs.runOnce()
            #expect(try await Self.issue(harness, "1").reachability == reachability)
        }
    }

    // MARK: Trouble

    @Test func `a revoked token costs one call a step, and entering a new one ends the wait at once`()
        async throws
    {
        let (harness, source) = try await Self.synced(20)
        harness.redmine.answer(401)
        let before = harness.redmine.requests.count
        for _ in 0..<6 * 60 {
            harness.advance(.seconds(60))
            await harness.syncs.runOnce()
        }
        #expect(
            (5...12).contains(harness.redmine.requests.count - before),
            "\(harness.redmine.requests.count - before)")
        let sync = try await Self.sync(harness)
        #expect(sync.lastErrorReason == "TRACKER_CREDENTIALS_REJECTED" && sync.failures >= 5)
        #expect(try await Self.issue(harness, "1").reachability == .ok)
        harness.redmine.answer(nil)
        try await harness.update(source, "authentication") {
            $0.authentication?.secrets = ["api_key": "good-key"]
        }
        await harness.syncs.runOnce()
        #expect(try await Self.sync(harness).failures == 0)
        #expect(try await Self.sync(harness).lastErrorReason.isEmpty)
    }

    @Test func `a tracker that is down for ten minutes is asked a few times, and loses nothing`() async throws
    {
        let (harness, _) = try await Self.synced(20)
        harness.advance(SyncLimits.changesInterval)
        harness.redmine.answer(503)
        let before = harness.redmine.requests.count
        for _ in 0..<60 {
            harness.advance(.seconds(10))
            await harness.syncs.runOnce()
        }
        #expect((2...25).contains(harness.redmine.requests.count - before))
        harness.redmine.set(3, .init(subject: "Changed meanwhile", updated: harness.stamp()))
        harness.redmine.answer(nil)
        harness.advance(SyncLimits.passingPauseMax * 12 / 10)
        await harness.syncs.runOnce()
        #expect(try await Self.issue(harness, "3").snapshot.title == "Changed meanwhile")
    }
}

extension ServiceHarness {
    /// A time as Redmine writes it.
    func stamp(_ time: Timestamp? = nil) -> String {
        let time = time ?? self.time.now()
        return Date(timeIntervalSince1970: Double(time.seconds)).formatted(.iso8601)
    }
}
