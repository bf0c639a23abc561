// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
internal import SQLEngine

/// How far each source is in step with its tracker.
public struct SourceSyncRepository<Access: StoreAccess> {
    let sql: TenantSQL

    /// Reads one source's; nil when it never ran.
    public func get(_ id: SourceID) throws(StoreError) -> SourceSync? {
        try sql.first(SourceSyncStatements.get, [.id(id)]) { (row: inout SQLRow) throws(SQLError) in
            var sync = SourceSync(of: row.id(), revision: row.integer())
            sync.watermark = row.optionalTime()
            let startedAt = row.optionalTime()
            let since = row.optionalTime()
            let project = row.text()
            let page = row.text()
            if let startedAt, let since {
                sync.run = SourceSync.Run(startedAt: startedAt, since: since, project: project, page: page)
            }
            sync.lastAttemptAt = row.optionalTime()
            sync.lastPassAt = row.optionalTime()
            sync.lastErrorReason = row.text()
            sync.lastErrorMessage = row.text()
            sync.failures = row.integer()
            return sync
        }
    }
}

extension SourceSyncRepository where Access == WriteAccess {
    /// Stores how far a source is.
    public func put(_ sync: SourceSync) throws(StoreError) {
        try sql.run(
            SourceSyncStatements.put,
            [
                .id(sync.sourceID), .integer(sync.sourceRevision), .time(sync.watermark),
                .time(sync.run?.startedAt), .time(sync.run?.since), .text(sync.run?.project ?? ""),
                .text(sync.run?.page ?? ""), .time(sync.lastAttemptAt), .time(sync.lastPassAt),
                .text(sync.lastErrorReason), .text(sync.lastErrorMessage), .integer(sync.failures),
            ])
    }
}

enum SourceSyncStatements {
    private static let columns = """
        source_id, source_revision, watermark, run_started_at, run_since, run_project, run_page,
        last_attempt_at, last_pass_at, last_error_reason, last_error_message, failures
        """
    static let get = SQLStatement(
        "SELECT \(columns) FROM source_syncs WHERE tenant_id = $1 AND source_id = $2")
    static let put = SQLStatement(
        """
        INSERT INTO source_syncs (tenant_id, \(columns))
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        ON CONFLICT (tenant_id, source_id) DO UPDATE SET source_revision = excluded.source_revision,
            watermark = excluded.watermark, run_started_at = excluded.run_started_at,
            run_since = excluded.run_since, run_project = excluded.run_project, run_page = excluded.run_page,
            last_attempt_at = excluded.last_attempt_at, last_pass_at = excluded.last_pass_at,
            last_error_reason = excluded.last_error_reason,
            last_error_message = excluded.last_error_message, failures = excluded.failures
        """)
}
