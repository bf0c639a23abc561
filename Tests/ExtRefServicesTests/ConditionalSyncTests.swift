// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import ExtRefMessages
import ExtRefStore
import ExtRefSync
import Testing

@testable import ExtRefServices

/// A tracker that tags its answers is asked for what is new only.
@Suite(.timeLimit(.minutes(1))) struct ConditionalSyncTests {
    private static func synced() async throws -> ServiceHarness {
        let harness = try ServiceHarness.writing()
        try await harness.addFake()
        let entry = FakeSites.Entry(id: "1", key: "FK-1", project: "FK", title: "Issue")
        harness.sites.edit { $0.issues["fake.example"] = [entry] }
        _ = try await harness.link(key: "FK-1")
        while await harness.syncs.runOnce() > 0 {}
        return harness
    }

    private static func issue(_ harness: ServiceHarness) async throws -> ExternalIssue {
        try await harness.store.read(ServiceHarness.tenant) { store in
            let source = try #require(try store.sources.list().items.first)
            return try #require(try store.issues.find(source: source.id, key: "FK-1"))
        }
    }

    private static func conditions(_ harness: ServiceHarness) -> [Bool] {
        harness.sites.calls.filter { $0.deed == .read }.map { call in
            call.request.headers.contains { $0.name == "If-None-Match" }
        }
    }

    /// Lets the time pass until the issue has been read again.
    private static func readAgain(_ harness: ServiceHarness) async throws {
        harness.advance(SyncLimits.refreshPauseMaxOpen * 2)
        while await harness.syncs.runOnce() > 0 {}
    }

    @Test func `what the tracker confirms counts as read, and nothing else happens`() async throws {
        let harness = try await Self.synced()
        let before = try await Self.issue(harness)
        #expect(!before.validator.isEmpty)
        try await Self.readAgain(harness)
        let after = try await Self.issue(harness)
        #expect(Self.conditions(harness).last == true)
        #expect(after.snapshot == before.snapshot && after.validator == before.validator)
        #expect(try #require(after.fetchedAt) > #require(before.fetchedAt))
        #expect(try #require(after.nextFetchAt) > harness.time.now())
        let changes = try await harness.store.read(ServiceHarness.tenant) {
            try $0.changes.list(after: 0, limit: 99).changes
        }
        #expect(changes.filter { $0.kind == .issueUpdated }.count <= 1)
    }

    @Test func `what changed comes whole all the same`() async throws {
        let harness = try await Self.synced()
        harness.sites.edit { $0.issues["fake.example"]?[0].status = "Closed" }
        try await Self.readAgain(harness)
        #expect(Self.conditions(harness).last == true)
        #expect(try await Self.issue(harness).snapshot.statusName == "Closed")
    }

    @Test func `after a failure everything is asked for`() async throws {
        let harness = try await Self.synced()
        harness.sites.breaking { $0.deed == .read ? .answer(404, "{}") : nil }
        try await Self.readAgain(harness)
        #expect(try await !Self.issue(harness).lastErrorReason.isEmpty)
        harness.sites.breaking(nil)
        try await Self.readAgain(harness)
        #expect(Self.conditions(harness).last == false)
        let issue = try await Self.issue(harness)
        #expect(issue.reachability == .ok && issue.lastErrorReason.isEmpty)
    }
}
