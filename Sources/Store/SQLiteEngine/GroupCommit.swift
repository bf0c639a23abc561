// SPDX-License-Identifier: Apache-2.0

internal import SQLEngine
internal import Synchronization

/// Lets writes that wait share one transaction, and so one wait for the disk.
///
/// While one batch is on its way to the disk the next one gathers. Each write runs in a savepoint of its own, so one
/// that fails is undone alone. A caller hears of success only after the commit that holds its write returned.
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
            case .failure(let closed): settle(nextBatch(), failure: closed)
            }
        }
    }

    /// Refuses later writes; those already queued still happen before anything queued on the writer after this.
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
            try connection.run(Control.begin)
            let deadline = ContinuousClock.now + SQLiteLimits.batchDurationMax
            repeat {
                let write = batch.removeFirst()
                if try perform(write, on: connection) { kept.append(write) }
            } while !batch.isEmpty && ContinuousClock.now < deadline
            try connection.run(kept.isEmpty ? Control.rollback : Control.commit)
        } catch {
            if !connection.isOutsideTransaction { _ = try? connection.run(Control.rollback) }
            // Without a transaction there is nothing that could let the next write in line pass either.
            if kept.isEmpty, let first = batch.popFirst() { kept.append(first) }
            settle(kept, failure: error)
            return
        }
        settle(kept, failure: nil)
    }

    /// Runs one write in a savepoint.
    /// - Returns: whether it is part of the transaction; otherwise its caller has been told.
    /// - Throws: when the whole transaction is lost, and this write with it.
    private func perform(_ write: any QueuedWrite, on connection: SQLiteConnection) throws(SQLError) -> Bool {
        try connection.run(Control.savepoint)
        let scope = SQLScope(connection)
        let failure = write.perform(scope)
        scope.end()
        guard let failure else {
            try connection.run(Control.release)
            return true
        }
        let isLost = connection.isOutsideTransaction
        state.withLock { $0.statistics.rollbacks += 1 }
        defer { write.settle(failure) }
        if isLost { throw (failure as? SQLError) ?? SQLError(.other, "the transaction was ended by the engine") }
        try connection.run(Control.rollbackToSavepoint)
        try connection.run(Control.release)
        return false
    }

    private func settle(_ writes: some Collection<any QueuedWrite>, failure: SQLError?) {
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
