// SPDX-License-Identifier: Apache-2.0

internal import SQLEngine
internal import Synchronization

/// A write closure on its way through ``GroupCommit``: performed at most once, then settled exactly once.
protocol QueuedWrite: Sendable {
    /// Runs the closure.
    /// - Returns: what it threw.
    func perform(_ scope: SQLScope) -> (any Error)?

    /// Resumes the caller: with the closure's value, or with the failure.
    func settle(_ failure: (any Error)?)
}

/// A write closure, what it returned, and the caller that waits for it.
final class CallersWrite<Value: Sendable>: QueuedWrite {
    private let body: @Sendable (SQLScope) throws -> Value
    private let caller: CheckedContinuation<Value, any Error>
    private let value = Mutex<Value?>(nil)

    init(
        caller: CheckedContinuation<Value, any Error>, body: @escaping @Sendable (SQLScope) throws -> Value
    ) {
        self.caller = caller
        self.body = body
    }

    func perform(_ scope: SQLScope) -> (any Error)? {
        do {
            let result = try body(scope)
            value.withLock { $0 = result }
            return nil
        } catch {
            return error
        }
    }

    func settle(_ failure: (any Error)?) {
        if let failure {
            caller.resume(throwing: failure)
        } else if let value = value.withLock({ $0 }) {
            caller.resume(returning: value)
        } else {
            caller.resume(throwing: SQLError(.other, "a write was settled before it was performed"))
        }
    }
}
