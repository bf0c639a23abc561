// SPDX-License-Identifier: Apache-2.0

internal import SQLEngine
internal import Synchronization

/// Lets writes that wait share one transaction, and so one wait for the disk.
///
/// While one batch is on its way to the disk the next one gathers. Each write runs in a savepoint of its own,
/// so one that fails is undone alone. A caller hears of success only after the commit that holds its write
/// returned.
final class GroupCommit: Sendable {
    private struct State {
        var waiting: [any QueuedWrite] = []
        /// Whether a drain is running or on its way.
        var isDraining = false
        var isClosed = false
        var statistics = SQLStatistics()
    }

    private let writer: ConnectionQueue
    private let log: LogKeeper
    private let state = Mutex(State())

    init(writer: ConnectionQueue, log: LogKeeper) {
        self.writer = writer
        self.log = log
    }

    var statistics: SQLStatistics {
        state.withLock { state in
            var statistics = state.statistics
            statistics.writesWaiting = state.waiting.count
            return statistics
        }
    }

    /// Queues a write. It will be settled exactly once.
    func submit(_ write: any QueuedWrite) throws(SQLError) {
        let mustStart = try state.withLock { state throws(SQLError) in
            guard !state.isClosed else { throw SQLError(.closed, "the store is closed") }
            guard state.waiting.count < SQLiteLimits.writesWaitingMax else {
                throw SQLError(.busy, "\(state.waiting.count) writes are waiting already")
            }
            state.waiting.append(write)
            defer { state.isDraining = true }
            return !state.isDraining
        }
        guard mustStart else { return }
        writer.async { [self] connection in
            switch connection {
            case .success(let connection): drain(connection)
            case .failure(let closed): refuseAll(closed)
            }
        }
    }

    /// Refuses later writes; those already queued still happen before anything queued on the writer after
    /// this.
    /// - Returns: whether this is the first call.
    func close() -> Bool {
        state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
    }

    private func drain(_ connection: SQLiteConnection) {
        var batch: ArraySlice<any QueuedWrite> = []
        while true {
            if batch.isEmpty { batch = nextBatch() }
            if batch.isEmpty { return }
            commit(&batch, on: connection)
            let checkpoints = log.tidy(connection)
            state.withLock {
                $0.statistics.checkpoints += checkpoints
                $0.statistics.logBytes = connection.logPages * SQLiteLimits.pageBytes
            }
        }
    }

    private func nextBatch() -> ArraySlice<any QueuedWrite> {
        state.withLock { state in
            let batch = state.waiting.prefix(SQLiteLimits.batchWritesMax)
            state.waiting.removeFirst(batch.count)
            if batch.isEmpty { state.isDraining = false }
            return ArraySlice(Array(batch))
        }
    }

    /// Runs writes from the front until the batch is empty or its time is up, commits them and settles them.
    private func commit(_ batch: inout ArraySlice<any QueuedWrite>, on connection: SQLiteConnection) {
        var kept: [any QueuedWrite] = []
        do {
            // In front, so that a failure to begin is told to the write that waited longest.
            kept.append(batch.removeFirst())
            try connection.control(Control.begin)
            let deadline = ContinuousClock.now + SQLiteLimits.batchDurationMax
            while true {
                if let failure = try perform(kept[kept.count - 1], on: connection) {
                    settle([kept.removeLast()], failure: failure)
                }
                guard !batch.isEmpty, ContinuousClock.now < deadline else { break }
                kept.append(batch.removeFirst())
            }
            try connection.control(kept.isEmpty ? Control.rollback : Control.commit)
        } catch {
            if !connection.isOutsideTransaction { try? connection.control(Control.rollback) }
            settle(kept, failure: error)
            return
        }
        settle(kept, failure: nil)
    }

    /// Runs one write in a savepoint.
    /// - Returns: what it threw; it is undone then.
    /// - Throws: when the whole transaction is lost.
    private func perform(
        _ write: any QueuedWrite, on connection: SQLiteConnection
    ) throws(SQLError) -> (any Error)? {
        try connection.control(Control.savepoint)
        let scope = SQLScope(connection)
        let failure = write.perform(scope)
        scope.end()
        if connection.isOutsideTransaction {
            throw connection.lastFailure ?? SQLError(.other, "the database ended a transaction")
        }
        if failure != nil { try connection.control(Control.rollbackToSavepoint) }
        try connection.control(Control.release)
        return failure
    }

    private func refuseAll(_ failure: SQLError) {
        var batch = nextBatch()
        while !batch.isEmpty {
            settle(batch, failure: failure)
            batch = nextBatch()
        }
    }

    private func settle(_ writes: some Collection<any QueuedWrite>, failure: (any Error)?) {
        state.withLock { state in
            if failure != nil {
                state.statistics.rollbacks += writes.count
            } else if !writes.isEmpty {
                state.statistics.commits += 1
                state.statistics.writes += writes.count
                state.statistics.batchWritesMax = max(state.statistics.batchWritesMax, writes.count)
            }
        }
        for write in writes { write.settle(failure) }
    }
}

/// The statements that frame transactions.
enum Control {
    static let begin = SQLStatement("BEGIN IMMEDIATE")
    static let beginRead = SQLStatement("BEGIN DEFERRED")
    static let commit = SQLStatement("COMMIT")
    static let rollback = SQLStatement("ROLLBACK")
    static let savepoint = SQLStatement("SAVEPOINT one_write")
    static let release = SQLStatement("RELEASE one_write")
    static let rollbackToSavepoint = SQLStatement("ROLLBACK TO one_write")
}
