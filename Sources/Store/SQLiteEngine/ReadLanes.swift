// SPDX-License-Identifier: Apache-2.0

internal import SQLEngine
internal import Synchronization

/// Read-only connections for point reads: a read takes the first free one and runs on the caller's own
/// thread, because handing a read of a few microseconds to another thread costs more than the read.
final class ReadLanes: Sendable {
    private final class Lane: Sendable {
        let queue: ConnectionQueue
        /// A hint that spreads callers; the queue alone guards the connection.
        let isTaken = Atomic<Bool>(false)

        init(_ queue: ConnectionQueue) { self.queue = queue }
    }

    private let lanes: [Lane]
    private let durationMax: Duration
    private let overflow = Atomic<Int>(0)

    init(_ queues: [ConnectionQueue], durationMax: Duration) {
        lanes = queues.map(Lane.init)
        self.durationMax = durationMax
    }

    func read<Value>(_ body: (SQLScope) throws -> Value) throws -> Value {
        // Low numbers first: few connections stay warm instead of all of them lukewarm.
        for lane in lanes where lane.isTaken.exchange(true, ordering: .acquiring) == false {
            defer { lane.isTaken.store(false, ordering: .releasing) }
            return try lane.queue.sync { try $0.readSnapshot(atMost: durationMax, body) }
        }
        let turn = overflow.wrappingAdd(1, ordering: .relaxed).oldValue
        return try lanes[abs(turn % lanes.count)].queue.sync {
            try $0.readSnapshot(atMost: durationMax, body)
        }
    }

    func close() throws(SQLError) {
        for lane in lanes { try lane.queue.close() }
    }
}

/// Read-only connections with threads of their own, for reads that take long.
final class ScanThreads: Sendable {
    private let queues: [ConnectionQueue]
    private let durationMax: Duration
    private let waiting: Mutex<[Int]>

    init(_ queues: [ConnectionQueue], durationMax: Duration) {
        self.queues = queues
        self.durationMax = durationMax
        waiting = Mutex(Array(repeating: 0, count: queues.count))
    }

    func scan<Value: Sendable>(_ body: @escaping @Sendable (SQLScope) throws -> Value) async throws -> Value {
        let index = try claim()
        return try await withCheckedThrowingContinuation { caller in
            queues[index].async { [self] connection in
                let result = Result { try connection.get().readSnapshot(atMost: durationMax, body) }
                waiting.withLock { $0[index] -= 1 }
                caller.resume(with: result)
            }
        }
    }

    /// Counts a scan in on the thread with the fewest of them.
    private func claim() throws(SQLError) -> Int {
        try waiting.withLock { waiting throws(SQLError) in
            guard let index = waiting.indices.min(by: { waiting[$0] < waiting[$1] }),
                waiting[index] < SQLiteLimits.scansWaitingMax
            else { throw SQLError(.busy, "too many large reads are waiting already") }
            waiting[index] += 1
            return index
        }
    }

    func close() throws(SQLError) {
        for queue in queues { try queue.close() }
    }
}

extension SQLiteConnection {
    /// Runs a closure in a read transaction, so that all its statements see the same state and the read lock
    /// of the log is taken once.
    func readSnapshot<Value>(
        atMost duration: Duration, _ body: (SQLScope) throws -> Value
    ) throws -> Value {
        setDeadline(ContinuousClock.now + duration)
        defer { setDeadline(nil) }
        try control(Control.beginRead)
        let scope = SQLScope(self)
        defer {
            scope.end()
            // It only read: ending it cannot fail in a way that matters, and it may have ended already.
            if !isOutsideTransaction { try? control(Control.commit) }
        }
        return try body(scope)
    }
}
