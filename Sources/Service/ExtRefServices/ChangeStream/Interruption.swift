// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Ends work from outside of the task that waits for it.
final class Interruption: Sendable {
    private struct State {
        var isOver = false
        var cancel: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    /// Runs the work; its task is cancelled by ``end()``, or when the caller's is. One at a time.
    func run<Value: Sendable>(
        _ work: sending @escaping @isolated(any) () async throws -> Value
    ) async throws -> Value {
        let task = Task(operation: work)
        let isOver = state.withLock { state in
            if !state.isOver { state.cancel = { task.cancel() } }
            return state.isOver
        }
        if isOver { task.cancel() }
        defer { state.withLock { $0.cancel = nil } }
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }

    /// Cancels the work under way, and whatever is begun later.
    func end() {
        let cancel = state.withLock { state in
            state.isOver = true
            return state.cancel
        }
        cancel?()
    }
}
