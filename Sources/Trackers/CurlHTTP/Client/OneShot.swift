// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A value that arrives once, from whoever is first: the work, the deadline or the cancellation.
///
/// States: empty → waiting → done, or empty → done. Only the first `fulfil` counts, and its caller is told
/// so, which lets a giver take back what a waiter no longer wants.
final class OneShot<Value: Sendable>: Sendable {
    typealias Outcome = Result<Value, HTTPError>

    private enum State {
        case empty
        case waiting(CheckedContinuation<Outcome, Never>)
        case done(Outcome)
    }

    private let state = Mutex(State.empty)

    /// Ends the wait.
    /// - Returns: false when somebody else was first.
    @discardableResult
    func fulfil(_ outcome: Outcome) -> Bool {
        let (isFirst, continuation) = state.withLock {
            state -> (Bool, CheckedContinuation<Outcome, Never>?) in
            switch state {
            case .empty:
                state = .done(outcome)
                return (true, nil)
            case .waiting(let continuation):
                state = .done(outcome)
                return (true, continuation)
            case .done:
                return (false, nil)
            }
        }
        continuation?.resume(returning: outcome)
        return isFirst
    }

    /// Whether the outcome is there.
    var isDone: Bool {
        state.withLock { if case .done = $0 { true } else { false } }
    }

    /// Waits for the outcome; the calling task's cancellation is one. May be called once.
    func value(
        at stage: HTTPStage, onCancel: @escaping @Sendable () -> Void = {}
    ) async throws(HTTPError) -> Value {
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let early = state.withLock { state -> Outcome? in
                    if case .done(let outcome) = state { return outcome }
                    state = .waiting(continuation)
                    return nil
                }
                if let early { continuation.resume(returning: early) }
            }
        } onCancel: {
            if fulfil(.failure(HTTPError(.cancelled, at: stage, "The call was cancelled."))) { onCancel() }
        }
        return try outcome.get()
    }
}
