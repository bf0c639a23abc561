// SPDX-License-Identifier: Apache-2.0

internal import GRDB
internal import GRDBSQLite

/// What SQLite reports or asks through C callbacks: the size of the log, and whether a read is over its time.
/// The callbacks run inside statements of the connection, so on its queue, like every other use of this
/// object.
final class Gauges {
    /// Pages in the log after the last commit.
    var logPages = 0
    /// When statements of the connection are stopped; nil = never.
    var deadline: ContinuousClock.Instant?

    /// Installs the callbacks. This object must outlive them: see ``unwatch(_:)``.
    func watch(_ database: Database) {
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        // The hook takes the place of SQLite's automatic checkpoint.
        unsafe _ = sqlite3_wal_hook(
            database.sqliteConnection,
            { context, _, _, pages in
                guard let context = unsafe context else { return SQLITE_OK }
                unsafe Unmanaged<Gauges>.fromOpaque(context).takeUnretainedValue().logPages = Int(pages)
                return SQLITE_OK
            }, context)
        unsafe sqlite3_progress_handler(
            database.sqliteConnection, SQLiteLimits.stepsBetweenDeadlineChecks,
            { context in
                guard let context = unsafe context else { return 0 }
                return unsafe Unmanaged<Gauges>.fromOpaque(context).takeUnretainedValue().isOverdue ? 1 : 0
            }, context)
    }

    /// Removes the callbacks.
    func unwatch(_ database: Database) {
        unsafe _ = sqlite3_wal_hook(database.sqliteConnection, nil, nil)
        unsafe sqlite3_progress_handler(database.sqliteConnection, 0, nil, nil)
    }

    private var isOverdue: Bool {
        guard let deadline else { return false }
        return ContinuousClock.now >= deadline
    }
}
