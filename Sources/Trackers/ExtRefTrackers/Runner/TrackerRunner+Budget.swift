// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

extension TrackerRunner {
    /// Runs work that ends, by its cancellation, a little before the caller's budget does.
    func withBudget<Value: Sendable>(
        _ budget: Duration, _ work: @escaping @Sendable () async throws(TrackerError) -> Value
    ) async throws(TrackerError) -> Value {
        let allowed = min(budget, TrackerLimits.callTimeMax) - TrackerLimits.budgetMargin
        guard allowed > .zero else { throw Self.budgetExceeded }
        let share = OperationBudget(allowed: allowed, elapsed: clock.stopwatch())
        let outcome = await withTaskGroup(of: Result<Value, TrackerError>?.self) { group in
            group.addTask {
                await OperationBudget.$current.withValue(share) { await TrackerError.catching(work) }
            }
            group.addTask { [clock] in
                try? await clock.sleep(for: allowed)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        guard let outcome else {
            throw Task.isCancelled ? TrackerError(.cancelled, "The call was cancelled.") : Self.budgetExceeded
        }
        return try outcome.get()
    }

    private static var budgetExceeded: TrackerError {
        TrackerError(.timedOut, "The tracker did not answer within the time the caller allowed.")
    }
}

extension TrackerError {
    /// Turns a typed throw into a value, which task groups and continuations carry.
    static func catching<Value>(
        _ work: () async throws(TrackerError) -> Value
    ) async -> Result<Value, TrackerError> {
        do throws(TrackerError) { return .success(try await work()) } catch { return .failure(error) }
    }
}
