// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Counts the handlers that run, all connections together. A place is free when its handler has ended, so
/// that clients that send calls and vanish cannot pile up work.
final class CallGate: Sendable {
    private let limit: Int
    private let running = Atomic(0)
    private let started = Atomic(0)

    init(limit: Int) {
        self.limit = limit
    }

    /// Handlers that run now.
    var runningCount: Int { running.load(ordering: .relaxed) }

    /// Handlers started so far.
    var startedCount: Int { started.load(ordering: .relaxed) }

    /// Takes a place, or answers false when there is none.
    func enter() -> Bool {
        let (_, now) = running.add(1, ordering: .relaxed)
        guard now <= limit else {
            running.subtract(1, ordering: .relaxed)
            return false
        }
        started.add(1, ordering: .relaxed)
        return true
    }

    /// Gives a place back.
    func leave() {
        running.subtract(1, ordering: .relaxed)
    }
}
