// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefStore
import SQLiteEngine
import Synchronization
import Testing

@testable import ExtRefSync

@Suite(.timeLimit(.minutes(1))) struct ChangeHubTests {
    private static let tenant = TenantID(trusted: "t1")
    private static let rival = TenantID(trusted: "t2")
    private static let start = Timestamp(seconds: 1_795_340_867)
    private let store: Store

    init() async throws {
        store = try Store(SQLiteEngine.temporary())
        for tenant in [Self.tenant, Self.rival] { try await store.ensureSeeded(tenant, at: Self.start) }
    }

    @discardableResult
    private func change(_ tenant: TenantID = tenant) async throws -> Int64 {
        try await store.write(tenant) { context in
            try context.changes.append(
                Change(tenantID: tenant, kind: .sourceChanged, origin: .user, occurredAt: Self.start)
            ).sequence
        }
    }

    private func waits(_ hub: ChangeHub, _ count: Int = 1) async {
        while hub.waitingCount != count { await Task.yield() }
    }

    @Test func `a commit wakes those who wait for its tenant, and nobody else`() async throws {
        let hub = ChangeHub(observing: store)
        async let mine = hub.watching(Self.tenant, atMost: .seconds(3_600)) { await $0.wait(beyond: 0) }
        async let other = hub.watching(Self.rival, atMost: .seconds(3_600)) { await $0.wait(beyond: 0) }
        await waits(hub, 2)
        try await change()
        #expect(await mine)
        #expect(hub.waitingCount == 1)
        try await change(Self.rival)
        #expect(await other)
    }

    @Test func `a commit between the look and the wait counts for the wait`() async throws {
        let hub = ChangeHub(observing: store)
        let isWoken = try await hub.watching(Self.tenant, atMost: .seconds(3_600)) { watch in
            let sequence = try await change()
            return await watch.wait(beyond: sequence - 1)
        }
        #expect(isWoken)
    }

    @Test func `what was seen already wakes nobody`() async throws {
        let clock = HandClock()
        let hub = ChangeHub(observing: store, clock: clock)
        let running = Task { await hub.run() }
        let woken = Mutex(false)
        try await hub.watching(Self.tenant, atMost: .seconds(60)) { watch in
            let sequence = try await change()
            async let isWoken = watch.wait(beyond: sequence)
            await waits(hub)
            while clock.sleepers == 0 { await Task.yield() }
            clock.advance(by: .seconds(60))
            let answer = await isWoken
            woken.withLock { $0 = answer }
        }
        #expect(woken.withLock { $0 } == false)
        running.cancel()
        await running.value
    }

    @Test func `each wait ends when its own time is over`() async throws {
        let clock = HandClock()
        let hub = ChangeHub(observing: store, clock: clock)
        let running = Task { await hub.run() }
        async let long = hub.watching(Self.tenant, atMost: .seconds(60)) { await $0.wait(beyond: 0) }
        await waits(hub)
        async let short = hub.watching(Self.tenant, atMost: .seconds(5)) { await $0.wait(beyond: 0) }
        await waits(hub, 2)
        while !clock.wakeTimes.contains(.seconds(5)) { await Task.yield() }
        clock.advance(by: .seconds(5))
        #expect(await short == false)
        #expect(hub.waitingCount == 1)
        while !clock.wakeTimes.contains(.seconds(60)) { await Task.yield() }
        clock.advance(by: .seconds(55))
        #expect(await long == false)
        running.cancel()
        await running.value
    }

    @Test func `the waits of one watch share its time`() async throws {
        let clock = HandClock()
        let hub = ChangeHub(observing: store, clock: clock)
        let answers = try await hub.watching(Self.tenant, atMost: .seconds(5)) { watch in
            let sequence = try await change()
            let first = await watch.wait(beyond: 0)
            clock.advance(by: .seconds(5))
            try await change()
            return [first, await watch.wait(beyond: sequence)]
        }
        #expect(answers == [true, false])
    }

    @Test func `no time means no wait and takes no place`() async throws {
        let hub = ChangeHub(observing: store, watchesMax: 1)
        let answers = await hub.watching(Self.tenant, atMost: .zero) { nothing in
            let isWoken = await nothing.wait(beyond: 0)
            return await hub.watching(Self.tenant, atMost: .seconds(3_600)) { watch in
                hub.close()
                return [isWoken, await watch.wait(beyond: 0)]
            }
        }
        #expect(answers == [false, false])
    }

    @Test(arguments: [(2, 9), (9, 2)])
    func `beyond the bounds a call does not wait, and a place is given back`(
        _ watchesMax: Int, _ watchesPerTenantMax: Int
    ) async throws {
        let hub = ChangeHub(
            observing: store, watchesMax: watchesMax, watchesPerTenantMax: watchesPerTenantMax)
        let waiting = (0..<2).map { _ in
            Task {
                await hub.watching(Self.tenant, atMost: .seconds(3_600)) { await $0.wait(beyond: 0) }
            }
        }
        await waits(hub, 2)
        #expect(await hub.watching(Self.tenant, atMost: .seconds(9)) { await $0.wait(beyond: 0) } == false)
        waiting[0].cancel()
        #expect(await waiting[0].value == false)
        async let third = hub.watching(Self.tenant, atMost: .seconds(3_600)) { await $0.wait(beyond: 0) }
        await waits(hub, 2)
        try await change()
        #expect(await third)
        #expect(await waiting[1].value)
    }

    @Test func `a cancelled call stops waiting, whenever that happens`() async {
        let hub = ChangeHub(observing: store)
        for round in 0..<200 {
            let call = Task {
                await hub.watching(Self.tenant, atMost: .seconds(3_600)) { await $0.wait(beyond: 0) }
            }
            if round.isMultiple(of: 2) { await waits(hub) }
            call.cancel()
            #expect(await call.value == false)
            #expect(hub.waitingCount == 0)
        }
    }

    @Test func `closing ends every wait and refuses new ones`() async {
        let hub = ChangeHub(observing: store)
        let waiting = (0..<20).map { index in
            Task {
                await hub.watching(
                    index.isMultiple(of: 2) ? Self.tenant : Self.rival, atMost: .seconds(3_600)
                ) { await $0.wait(beyond: 0) }
            }
        }
        await waits(hub, 20)
        hub.close()
        for call in waiting { #expect(await call.value == false) }
        let late = await hub.watching(Self.tenant, atMost: .seconds(9)) { await $0.wait(beyond: 0) }
        #expect(late == false)
    }

    @Test func `eight writers never leave a reader asleep behind the feed`() async throws {
        let hub = ChangeHub(observing: store)
        let (writers, each) = (8, 100)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<writers {
                group.addTask { for _ in 0..<each { try await change() } }
            }
            for _ in 0..<4 {
                group.addTask {
                    var seen: [Int64] = []
                    while seen.count < writers * each {
                        try await hub.watching(Self.tenant, atMost: .seconds(3_600)) { watch in
                            let cursor = seen.last ?? 0
                            while true {
                                seen += try await store.read(Self.tenant) {
                                    try $0.changes.list(after: cursor, limit: 7).changes.map(\.sequence)
                                }
                                if seen.last ?? 0 > cursor { return }
                                _ = await watch.wait(beyond: cursor)
                            }
                        }
                    }
                    #expect(seen == Array(1...Int64(writers * each)))
                }
            }
            try await group.waitForAll()
        }
    }
}

/// A clock that a test moves.
private final class HandClock: Clock {
    struct Instant: InstantProtocol {
        var offset = Duration.zero
        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private struct State {
        var now = Instant()
        var number = 0
        var sleepers: [Int: (due: Instant, continuation: CheckedContinuation<Void, Never>)] = [:]
        var cancelled: Set<Int> = []
    }

    private let state = Mutex(State())

    var now: Instant { state.withLock(\.now) }
    var minimumResolution: Duration { .nanoseconds(1) }
    var sleepers: Int { state.withLock { $0.sleepers.count } }
    /// When each sleeper wants to be woken.
    var wakeTimes: [Duration] { state.withLock { $0.sleepers.values.map(\.due.offset) } }

    func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now = state.now.advanced(by: duration)
            let due = state.sleepers.filter { $0.value.due <= state.now }
            for number in due.keys { state.sleepers[number] = nil }
            return due.values.map(\.continuation)
        }
        for sleeper in due { sleeper.resume() }
    }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let number = state.withLock { state in
            state.number += 1
            return state.number
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    guard deadline > state.now, state.cancelled.remove(number) == nil else { return true }
                    state.sleepers[number] = (deadline, continuation)
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                if state.sleepers[number] == nil { state.cancelled.insert(number) }
                return state.sleepers.removeValue(forKey: number)
            }
            sleeper?.continuation.resume()
        }
        try Task.checkCancellation()
    }
}
