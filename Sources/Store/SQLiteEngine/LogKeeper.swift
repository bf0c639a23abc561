// SPDX-License-Identifier: Apache-2.0

internal import SQLEngine
internal import Synchronization

/// Keeps the write-ahead log small. Runs on the writer between two batches, so that one connection both
/// writes and checkpoints: SQLite before 3.51.3 can damage a database when two do.
final class LogKeeper: Sendable {
    /// Whether new reads are refused because a snapshot keeps the log from shrinking.
    private let isRefusingReads = Atomic<Bool>(false)
    private let softMax: Int
    private let hardMax: Int

    private let readDurationMax: Duration

    init(softMaxBytes: Int, hardMaxBytes: Int, readDurationMax: Duration) {
        self.readDurationMax = readDurationMax
        softMax = softMaxBytes / SQLiteLimits.pageBytes
        hardMax = hardMaxBytes / SQLiteLimits.pageBytes
    }

    /// Throws while new reads must wait.
    func admitRead() throws(SQLError) {
        if isRefusingReads.load(ordering: .relaxed) {
            throw SQLError(.busy, "reads pause while the write-ahead log is cut")
        }
    }

    /// Copies and cuts the log as far as its size calls for.
    /// - Returns: how many checkpoints it took.
    func tidy(_ connection: SQLiteConnection) -> Int {
        let pages = connection.logPages
        if pages >= hardMax { return cutByForce(connection) }
        if pages >= softMax {
            _ = connection.checkpoint(.truncate(wait: .zero))
            return 1
        }
        if pages >= SQLiteLimits.checkpointPages {
            _ = connection.checkpoint(.passive)
            return 1
        }
        return 0
    }

    /// No new snapshot starts, and those open end within the longest time of a read.
    private func cutByForce(_ connection: SQLiteConnection) -> Int {
        isRefusingReads.store(true, ordering: .relaxed)
        defer { isRefusingReads.store(false, ordering: .relaxed) }
        _ = connection.checkpoint(.truncate(wait: readDurationMax + SQLiteLimits.endOfReadGrace))
        return 1
    }
}
