// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
public import ExtRefStore
internal import Synchronization

/// Wakes those who wait for something new in a tenant's change feed.
///
/// ```swift
/// try await hub.watching(tenant, atMost: .seconds(60)) { watch in
///     repeat { cursor = try await readFeed(after: cursor) } while await watch.wait(beyond: cursor)
/// }
/// ```
/// No wake-up is lost. A watch is taken before the feed is read; from then on the hub remembers the newest
/// number that a commit announced, and a wait that begins behind it ends at once.
///
/// One task, ``run()``, ends the waits whose time is over, so that a wait costs no timer of its own.
public final class ChangeHub: Sendable {
    fileprivate struct Watch {
        let tenantID: TenantID
        /// When it ends, on the hub's stopwatch.
        let due: Duration
        /// Where its reader is, and who waits there.
        var cursor: Int64 = 0
        var waiter: CheckedContinuation<Bool, Never>?
    }

    /// A tenant that somebody watches.
    fileprivate struct Feed {
        var newest: Int64 = 0
        var watches: Set<UInt64> = []
    }

    fileprivate struct State {
        var feeds: [TenantID: Feed] = [:]
        var watches: [UInt64: Watch] = [:]
        var watchesTaken: UInt64 = 0
        /// When ``ChangeHub/run()`` looks again by itself.
        var nextLook: Duration?
        var isClosed = false
    }

    private let clock: any Clock<Duration>
    private let elapsed: @Sendable () -> Duration
    private let watchesMax: Int
    private let watchesPerTenantMax: Int
    private let bell = JobBell()
    private let state = Mutex(State())

    /// Makes a hub that hears of every change in the store.
    /// - Parameters:
    ///   - clock: what waits are measured by.
    ///   - watchesMax: most calls that may wait at once.
    ///   - watchesPerTenantMax: most of them for one tenant.
    public init(
        observing store: Store, clock: any Clock<Duration> = ContinuousClock(),
        watchesMax: Int = SyncLimits.feedWatchesMax,
        watchesPerTenantMax: Int = SyncLimits.feedWatchesPerTenantMax
    ) {
        self.clock = clock
        elapsed = clock.stopwatch()
        self.watchesMax = watchesMax
        self.watchesPerTenantMax = watchesPerTenantMax
        store.onChange { [weak self] tenantID, sequence in self?.announce(tenantID, sequence) }
    }

    /// How many calls wait now.
    public var waitingCount: Int { state.withLock { $0.watches.values.count { $0.waiter != nil } } }

    /// Runs the body with a watch on a tenant's feed.
    ///
    /// When too many watch already, and once the hub is closed, the watch never waits: its holder answers
    /// with what there is, and the client asks again.
    /// - Parameter duration: how long the watch's waits may take together.
    public func watching<Value>(
        _ tenantID: TenantID, atMost duration: Duration, _ body: (ChangeWatch) async throws -> Value
    ) async rethrows -> Value {
        let number = duration > .zero ? open(tenantID, for: duration) : nil
        defer { if let number { end(number) } }
        return try await body(ChangeWatch(hub: self, number: number))
    }

    /// Ends all waits, now and from now on: the server is going away, and its clients go on elsewhere.
    public func close() {
        let waiters = state.withLock { state in
            state.isClosed = true
            return state.watches.keys.compactMap { state.takeWaiter(of: $0) }
        }
        for waiter in waiters { waiter.resume(returning: false) }
    }

    /// Ends waits whose time is over, until the task is cancelled.
    public func run() async {
        while !Task.isCancelled {
            await bell.wait(atMost: endOverdueWaits(), on: clock)
        }
    }
}

// MARK: Watches

extension ChangeHub {
    private func open(_ tenantID: TenantID, for duration: Duration) -> UInt64? {
        let due = elapsed() + duration
        let (number, isFirstDue) = state.withLock { state -> (UInt64?, Bool) in
            let others = state.feeds[tenantID]?.watches.count ?? 0
            guard !state.isClosed, state.watches.count < watchesMax, others < watchesPerTenantMax else {
                return (nil, false)
            }
            state.watchesTaken += 1
            state.watches[state.watchesTaken] = Watch(tenantID: tenantID, due: due)
            state.feeds[tenantID, default: Feed()].watches.insert(state.watchesTaken)
            return (state.watchesTaken, state.nextLook.map { due < $0 } ?? true)
        }
        if isFirstDue { bell.ring() }
        return number
    }

    private func end(_ number: UInt64) {
        state.withLock { state in
            guard let watch = state.watches.removeValue(forKey: number) else { return }
            state.feeds[watch.tenantID]?.watches.remove(number)
            if state.feeds[watch.tenantID]?.watches.isEmpty == true { state.feeds[watch.tenantID] = nil }
        }
    }

    fileprivate func wait(_ number: UInt64, beyond cursor: Int64) async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let now = elapsed()
                let answer = state.withLock { state -> Bool? in
                    guard let watch = state.watches[number], !state.isClosed, watch.due > now,
                        !Task.isCancelled
                    else { return false }
                    if let newest = state.feeds[watch.tenantID]?.newest, newest > cursor { return true }
                    state.watches[number]?.cursor = cursor
                    state.watches[number]?.waiter = continuation
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            state.withLock { $0.takeWaiter(of: number) }?.resume(returning: false)
        }
    }

    private func announce(_ tenantID: TenantID, _ sequence: Int64) {
        let waiters = state.withLock { state -> [CheckedContinuation<Bool, Never>] in
            // Commits may be announced in another order than they were made in.
            guard let feed = state.feeds[tenantID], feed.newest < sequence else { return [] }
            state.feeds[tenantID]?.newest = sequence
            return feed.watches.compactMap { number in
                guard let watch = state.watches[number], watch.cursor < sequence else { return nil }
                return state.takeWaiter(of: number)
            }
        }
        for waiter in waiters { waiter.resume(returning: true) }
    }

    /// - Returns: how long until there is something to do again.
    private func endOverdueWaits() -> Duration {
        let now = elapsed()
        let (waiters, next) = state.withLock { state in
            let overdue = state.watches.filter { $0.value.due <= now }.keys
            let waiters = overdue.compactMap { state.takeWaiter(of: $0) }
            state.nextLook = state.watches.values.map(\.due).filter { $0 > now }.min()
            return (waiters, state.nextLook)
        }
        for waiter in waiters { waiter.resume(returning: false) }
        return next.map { $0 - now } ?? SyncLimits.idleInterval
    }
}

extension ChangeHub.State {
    /// Takes whoever waits on a watch away from it, to be woken outside of the lock.
    fileprivate mutating func takeWaiter(of number: UInt64) -> CheckedContinuation<Bool, Never>? {
        defer { watches[number]?.waiter = nil }
        return watches[number]?.waiter
    }
}

/// A place among those who wait for a tenant's feed; see ``ChangeHub/watching(_:atMost:_:)``.
public struct ChangeWatch: Sendable {
    fileprivate let hub: ChangeHub
    /// nil when there was no place, or nothing to wait for.
    fileprivate let number: UInt64?

    /// Waits until the feed goes on behind the cursor.
    /// - Returns: whether it does; false when the time is over, the hub is closed or the task is cancelled.
    public func wait(beyond cursor: Int64) async -> Bool {
        guard let number else { return false }
        return await hub.wait(number, beyond: cursor)
    }
}

extension Clock where Duration == Swift.Duration {
    /// Starts to measure.
    fileprivate func stopwatch() -> @Sendable () -> Duration {
        let start = now
        return { start.duration(to: now) }
    }
}
