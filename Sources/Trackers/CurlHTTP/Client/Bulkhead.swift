// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Limits transfers under way, in all and per partition, so that one stuck tracker cannot take every place.
///
/// Waiting calls are served first come, first served among those whose partition has room. The queue is
/// bounded in all and per partition; a call that finds it full is refused at once.
final class Bulkhead: Sendable {
    private struct Waiter {
        let partition: String
        let place: OneShot<Void>
    }

    private struct State {
        var underWay = 0
        var underWayByPartition: [String: Int] = [:]
        var waiters: [Waiter] = []
    }

    private let state = Mutex(State())
    private let placesMax: Int
    private let placesPerPartitionMax: Int

    init(placesMax: Int, placesPerPartitionMax: Int) {
        self.placesMax = placesMax
        self.placesPerPartitionMax = placesPerPartitionMax
    }

    /// Takes a place, or says where to wait for one.
    /// - Returns: nil when the place is taken already.
    /// - Throws: ``HTTPError/Code/overloaded`` when too many wait.
    func enter(_ partition: String) throws(HTTPError) -> OneShot<Void>? {
        let outcome: Result<OneShot<Void>?, HTTPError> = state.withLock { state in
            if hasRoom(for: partition, in: state) {
                take(partition, in: &state)
                return .success(nil)
            }
            let waitingHere = state.waiters.count { $0.partition == partition }
            guard state.waiters.count < HTTPLimits.waitingMax, waitingHere < HTTPLimits.waitingPerPartitionMax
            else {
                return .failure(
                    HTTPError(.overloaded, at: .queue, "Too many calls are waiting for this tracker."))
            }
            let waiter = Waiter(partition: partition, place: OneShot())
            state.waiters.append(waiter)
            return .success(waiter.place)
        }
        return try outcome.get()
    }

    /// Gives a place back and hands it, or another that became free, to whoever waits longest.
    func leave(_ partition: String) {
        state.withLock { state in
            state.underWay -= 1
            let left = (state.underWayByPartition[partition] ?? 1) - 1
            state.underWayByPartition[partition] = left == 0 ? nil : left
        }
        serveWaiters()
    }

    /// Forgets a waiter that gave up.
    func forget(_ place: OneShot<Void>) {
        state.withLock { state in state.waiters.removeAll { $0.place === place } }
    }

    private func serveWaiters() {
        while let waiter = nextServed() {
            // A waiter that gave up in between does not keep the place.
            if !waiter.place.fulfil(.success(())) { leave(waiter.partition) }
        }
    }

    private func nextServed() -> Waiter? {
        state.withLock { state in
            guard let index = state.waiters.firstIndex(where: { hasRoom(for: $0.partition, in: state) })
            else {
                return nil
            }
            let waiter = state.waiters.remove(at: index)
            take(waiter.partition, in: &state)
            return waiter
        }
    }

    private func hasRoom(for partition: String, in state: State) -> Bool {
        state.underWay < placesMax && (state.underWayByPartition[partition] ?? 0) < placesPerPartitionMax
    }

    private func take(_ partition: String, in state: inout State) {
        state.underWay += 1
        state.underWayByPartition[partition, default: 0] += 1
    }
}
