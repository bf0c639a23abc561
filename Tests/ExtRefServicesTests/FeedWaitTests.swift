// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import ExtRefStore
import ExtRefSync
import RPC
import RPCMessages
import Testing

@testable import ExtRefServices

/// Calls that wait for the change feed to go on.
@Suite(.timeLimit(.minutes(1))) struct FeedWaitTests {
    private static func waits(_ harness: ServiceHarness, _ count: Int = 1) async {
        while harness.changes.waitingCount != count { await Task.yield() }
    }

    private static func wait(
        _ harness: ServiceHarness, as who: TestCaller = .tester, after: String = "",
        timeout: Duration = .seconds(300), edit: (inout ListChangesRequest) -> Void = { _ in }
    ) -> Task<ListChangesResponse, any Error> {
        var request = ListChangesRequest(after: after, wait: GoogleDuration(.seconds(60)))
        edit(&request)
        let links = harness.links(who)
        return Task { [request] in try await links.listChanges(request, options: .init(timeout: timeout)) }
    }

    @Test(arguments: ["", "0"]) func `a change wakes who waits for it`(_ after: String) async throws {
        let harness = try ServiceHarness()
        let waiting = Self.wait(harness, after: after)
        await Self.waits(harness)
        try await FeedTests.append(1, to: harness, project: "P1")
        let response = try await waiting.value
        #expect(response.changes.map(\.kind) == [.linkCreated] && response.nextAfter == "1")
    }

    @Test func `a change that is for somebody else does not`() async throws {
        let harness = try ServiceHarness()
        let waiting = Self.wait(harness)
        await Self.waits(harness)
        let other = Self.wait(harness, as: .otherProjectAdmin)
        await Self.waits(harness, 2)
        try await FeedTests.append(3, to: harness, project: "P2")
        #expect(try await other.value.changes.count == 3)
        await Self.waits(harness)
        try await FeedTests.append(1, to: harness, project: "P1")
        let response = try await waiting.value
        #expect(response.changes.count == 1 && response.nextAfter == "4")
    }

    @Test func `a wait ends with a cursor that moved past what was not for it`() async throws {
        let clock = ManualClock()
        let harness = try ServiceHarness(clock: clock)
        let running = Task { await harness.changes.run() }
        let waiting = Self.wait(harness)
        await Self.waits(harness)
        try await FeedTests.append(3, to: harness, project: "P2")
        // It looks, finds nothing for it, and waits again.
        while clock.wakeTimes.last ?? .zero < .seconds(59) { await Task.yield() }
        clock.advance(by: .seconds(60))
        let response = try await waiting.value
        #expect(response.changes.isEmpty && ["0", "3"].contains(response.nextAfter))
        running.cancel()
        await running.value
    }

    @Test func `a caller with a short deadline gets an answer in time`() async throws {
        let clock = ManualClock()
        let harness = try ServiceHarness(clock: clock)
        let running = Task { await harness.changes.run() }
        let waiting = Self.wait(harness, timeout: .seconds(20))
        await Self.waits(harness)
        // The hub sleeps no longer than the caller waits, less what the answer needs.
        while !clock.wakeTimes.contains(where: { (.seconds(16)..<(.seconds(20))).contains($0) }) {
            await Task.yield()
        }
        clock.advance(by: .seconds(20) - ServiceLimits.replyMargin)
        let response = try await waiting.value
        #expect(response.changes.isEmpty && response.nextAfter == "0")
        running.cancel()
        await running.value
    }

    @Test func `a server that goes away answers those who wait`() async throws {
        let harness = try ServiceHarness()
        let waiting = (0..<5).map { _ in Self.wait(harness) }
        await Self.waits(harness, 5)
        harness.changes.close()
        for call in waiting { #expect(try await call.value.nextAfter == "0") }
        #expect(try await Self.wait(harness).value.changes.isEmpty)
    }

    @Test func `one more than may wait is answered at once`() async throws {
        let harness = try ServiceHarness(watchesMax: 1)
        let waiting = Self.wait(harness)
        await Self.waits(harness)
        let second = try await Self.wait(harness).value
        #expect(second.changes.isEmpty && second.nextAfter == "0")
        try await FeedTests.append(1, to: harness, project: "P1")
        #expect(try await waiting.value.changes.count == 1)
    }

    @Test func `a caller who is gone leaves no wait behind`() async throws {
        let harness = try ServiceHarness()
        let waiting = Self.wait(harness)
        await Self.waits(harness)
        waiting.cancel()
        await #expect(throws: RPCError.self) { try await waiting.value }
        #expect(harness.changes.waitingCount == 0)
    }

    @Test func `what writers do while readers read arrives once and in order`() async throws {
        let harness = try ServiceHarness()
        let (writers, each) = (8, 40)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<writers {
                group.addTask {
                    for _ in 0..<each { try await FeedTests.append(1, to: harness, project: "P1") }
                }
            }
            for size in [1, 7, 500] as [Int32] {
                group.addTask {
                    var (seen, cursor) = ([String](), "0")
                    while seen.count < writers * each {
                        let response = try await harness.links().listChanges(
                            ListChangesRequest(
                                after: cursor, wait: GoogleDuration(.seconds(20)), pageSize: size))
                        seen += response.changes.map(\.cursor)
                        cursor = response.nextAfter
                    }
                    #expect(seen == (1...writers * each).map(String.init))
                }
            }
            try await group.waitForAll()
        }
    }
}
