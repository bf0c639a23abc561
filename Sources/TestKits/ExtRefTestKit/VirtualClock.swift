// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// A clock that stands still until somebody moves it, or a ``Simulation`` has nothing else to do.
public final class VirtualClock: Clock {
    /// A moment, as the time since the clock was made.
    public struct Instant: InstantProtocol {
        public var offset: Duration

        /// Makes a moment.
        public init(offset: Duration) {
            self.offset = offset
        }

        /// The moment so much later.
        public func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        /// How much later another moment is.
        public func duration(to other: Instant) -> Duration { other.offset - offset }
        public static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private struct Sleeper {
        let due: Instant
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var now = Instant(offset: .zero)
        var sleepers: [UInt64: Sleeper] = [:]
        var cancelled: Set<UInt64> = []
        var numbers: UInt64 = 0

        mutating func wake() -> [Sleeper] {
            let due = sleepers.filter { $0.value.due <= now }.sorted { $0.key < $1.key }
            for number in due.map(\.key) { sleepers[number] = nil }
            return due.map(\.value)
        }
    }

    private let state = Mutex(State())

    /// Makes a clock that shows zero.
    public init() {}

    public var now: Instant { state.withLock { $0.now } }
    public var minimumResolution: Duration { .nanoseconds(1) }

    /// The time since the clock was made.
    public var elapsed: Duration { now.offset }

    /// Moves on and wakes whom it is time for.
    public func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now = state.now.advanced(by: duration)
            return state.wake()
        }
        for sleeper in due { sleeper.continuation.resume() }
    }

    /// Moves to the moment when the next sleeper wants to be woken.
    /// - Returns: false when nobody sleeps.
    func advanceToNext() -> Bool {
        let due = state.withLock { state -> [Sleeper] in
            guard let next = state.sleepers.values.map(\.due).min() else { return [] }
            state.now = max(state.now, next)
            return state.wake()
        }
        for sleeper in due { sleeper.continuation.resume() }
        return !due.isEmpty
    }

    /// Sleeps until somebody moved the clock that far.
    public func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let number = state.withLock { state in
            state.numbers += 1
            return state.numbers
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.cancelled.remove(number) != nil || deadline <= state.now { return true }
                    state.sleepers[number] = Sleeper(due: deadline, continuation: continuation)
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                let sleeper = state.sleepers.removeValue(forKey: number)
                if sleeper == nil { state.cancelled.insert(number) }
                return sleeper
            }
            sleeper?.continuation.resume()
        }
        _ = state.withLock { $0.cancelled.remove(number) }
        try Task.checkCancellation()
    }
}
