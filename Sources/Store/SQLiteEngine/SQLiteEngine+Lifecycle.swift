// SPDX-License-Identifier: Apache-2.0

public import SQLEngine

extension SQLiteEngine {
    public func migrate(_ migrations: [SQLMigration]) throws(SQLError) {
        do {
            try writer.sync { try $0.migrate(migrations) }
        } catch {
            throw SQLError(error)
        }
    }

    public func close() throws(SQLError) {
        guard groupCommit.close() else { return }
        defer { releaseFiles() }
        try lanes.close()
        try scans.close()
        // Behind every write that was queued: the writer's queue is served in order.
        do { try writer.sync { _ = $0.checkpoint(.truncate(wait: .zero)) } } catch { throw SQLError(error) }
        try writer.close()
    }
}

extension SQLiteConnection {
    private static let readVersion = SQLStatement("PRAGMA user_version")
    private static let readJournalMode = SQLStatement("PRAGMA journal_mode")

    /// The number of the last migration that ran; 0 in a new file.
    private func schemaVersion() throws(SQLError) -> Int {
        var version = 0
        try rows(of: Self.readVersion, []) { (row: inout SQLRow) in
            version = Int(row.integer())
            return false
        }
        return version
    }

    /// Makes sure that the log exists, without which a read-only connection cannot open a new file.
    func prepareLog() throws(SQLError) {
        var mode = ""
        try rows(of: Self.readJournalMode, []) { (row: inout SQLRow) in
            mode = row.text()
            return false
        }
        guard mode == "wal" else {
            throw SQLError(
                .cannotOpen, "the file system does not support a write-ahead log (mode is \(mode))")
        }
        let version = try schemaVersion()
        try inTransaction("PRAGMA user_version = \(version)")
    }

    func migrate(_ migrations: [SQLMigration]) throws(SQLError) {
        let found = try schemaVersion()
        let known = migrations.last?.version ?? 0
        guard found <= known else {
            throw SQLError(
                .schemaTooNew(found: found, known: known),
                "the database has schema \(found), this program knows up to \(known): use a newer program")
        }
        for migration in migrations where migration.version > found {
            try inTransaction(
                """
                \(migration.script)
                ;\(Self.statistics(migration.shapes))
                ;PRAGMA user_version = \(migration.version)
                """)
        }
        // Other connections read the statistics with the new schema; this one has to be told.
        if found < known { try execute(script: "ANALYZE sqlite_schema") }
    }

    /// Writes the table that SQLite's planner reads. It is never computed from the data: plans then would
    /// differ between one database and the next, and the tests of them would prove nothing.
    private static func statistics(_ shapes: [IndexShape]) -> String {
        guard !shapes.isEmpty else { return "" }
        // Analysing the planner's own table makes it exist and measures nothing.
        return shapes.reduce("ANALYZE sqlite_schema;") { script, shape in
            let rows = shape.rows.map(String.init).joined(separator: " ")
            return script + """
                INSERT INTO sqlite_stat1 (tbl, idx, stat)
                VALUES ('\(shape.table)', '\(shape.index)', '\(rows)');
                """
        }
    }

    private func inTransaction(_ script: String) throws(SQLError) {
        try control(Control.begin)
        do {
            try execute(script: script)
            try control(Control.commit)
        } catch {
            if !isOutsideTransaction { try? control(Control.rollback) }
            throw error
        }
    }
}
