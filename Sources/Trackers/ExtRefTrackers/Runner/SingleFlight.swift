// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Lets callers who want the same thing at the same time share one piece of work.
///
/// The work belongs to none of them: a caller that goes away leaves the others waiting, and only when the
/// last one has left is the work cancelled, if it may be. That is why it is a task of its own.
final class SingleFlight<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    typealias Outcome = Result<Value, TrackerError>
    private typealias Waiter = CheckedContinuation<Outcome, Never>

    private struct Flight {
        let number: UInt64
        var waiters: [UInt64: Waiter] = [:]
        var task: Task<Void, Never>?
    }

    private struct State {
        var flights: [Key: Flight] = [:]
        var numbersGiven: UInt64 = 0

        mutating func nextNumber() -> UInt64 {
            numbersGiven += 1
            return numbersGiven
        }
    }

    private let outlivesCallers: Bool
    private let executor: (any TaskExecutor)?
    private let state = Mutex(State())

    /// - Parameters:
    ///   - outlivesCallers: whether work that nobody waits for any more goes on to its end, because half of
    ///     it done is worse than none; it must have a bound of its own.
    ///   - executor: where the work runs; nil = where tasks run by themselves.
    init(outlivesCallers: Bool = false, on executor: (any TaskExecutor)? = nil) {
        self.outlivesCallers = outlivesCallers
        self.executor = executor
    }

    /// How many callers wait right now.
    var waiterCount: Int { state.withLock { $0.flights.values.reduce(0) { $0 + $1.waiters.count } } }

    /// Joins the work under way for the key, or starts it.
    func run(_ key: Key, _ work: @escaping @Sendable () async -> Outcome) async throws(TrackerError) -> Value
    {
        let waiter = state.withLock { $0.nextNumber() }
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if let flight = join(key, waiter, continuation) { start(key, flight, work) }
                // The cancellation may have come before the waiter was there to be found.
                if Task.isCancelled { leave(key, waiter) }
            }
        } onCancel: {
            leave(key, waiter)
        }
        return try outcome.get()
    }

    /// - Returns: the number of a new flight that has to be started; nil when one is under way.
    private func join(_ key: Key, _ waiter: UInt64, _ continuation: Waiter) -> UInt64? {
        state.withLock { state in
            let isNew = state.flights[key] == nil
            var flight = state.flights[key] ?? Flight(number: state.nextNumber())
            flight.waiters[waiter] = continuation
            state.flights[key] = flight
            return isNew ? flight.number : nil
        }
    }

    private func start(_ key: Key, _ flight: UInt64, _ work: @escaping @Sendable () async -> Outcome) {
        let task = Task(executorPreference: executor) { self.land(key, flight, await work()) }
        let isWanted = state.withLock { state in
            guard state.flights[key]?.number == flight else { return false }
            state.flights[key]?.task = task
            return true
        }
        if !isWanted { task.cancel() }
    }

    private func land(_ key: Key, _ flight: UInt64, _ outcome: Outcome) {
        let waiters = state.withLock { state -> [Waiter] in
            guard state.flights[key]?.number == flight else { return [] }
            return state.flights.removeValue(forKey: key).map { Array($0.waiters.values) } ?? []
        }
        for waiter in waiters { waiter.resume(returning: outcome) }
    }

    private func leave(_ key: Key, _ waiter: UInt64) {
        let (continuation, task) = state.withLock { state -> (Waiter?, Task<Void, Never>?) in
            guard let continuation = state.flights[key]?.waiters.removeValue(forKey: waiter) else {
                return (nil, nil)
            }
            guard state.flights[key]?.waiters.isEmpty == true, !outlivesCallers else {
                return (continuation, nil)
            }
            return (continuation, state.flights.removeValue(forKey: key)?.task)
        }
        task?.cancel()
        continuation?.resume(returning: .failure(TrackerError(.cancelled, "The call was cancelled.")))
    }
}
