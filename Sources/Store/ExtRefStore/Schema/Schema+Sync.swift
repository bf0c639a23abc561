// SPDX-License-Identifier: Apache-2.0

internal import SQLEngine

extension Schema {
    /// What keeps issues in step with their trackers. A source's sync is a job that never ends: it is
    /// postponed from pass to pass. `wanted_at` remembers a wish for an earlier turn that came while the job
    /// was leased. Every issue becomes due, so that the first pass after an update reads them all.
    static let syncTables = """
        ALTER TABLE jobs ADD COLUMN wanted_at {INT};
        ALTER TABLE issues ADD COLUMN hinted_at {INT};
        ALTER TABLE sources DROP COLUMN last_sync_at;
        UPDATE issues SET next_fetch_at = 0 WHERE next_fetch_at IS NULL;
        CREATE INDEX issues_by_due_time ON issues (tenant_id, source_id, next_fetch_at)
            WHERE next_fetch_at IS NOT NULL;
        CREATE INDEX jobs_by_kind ON jobs (kind, due_at);
        CREATE TABLE source_syncs (
            tenant_id TEXT NOT NULL,
            source_id TEXT NOT NULL,
            source_revision {INT} NOT NULL,
            watermark {INT},
            run_started_at {INT},
            run_since {INT},
            run_project TEXT NOT NULL,
            run_page TEXT NOT NULL,
            last_attempt_at {INT},
            last_pass_at {INT},
            last_error_reason TEXT NOT NULL,
            last_error_message TEXT NOT NULL,
            failures {INT} NOT NULL,
            PRIMARY KEY (tenant_id, source_id),
            FOREIGN KEY (tenant_id, source_id) REFERENCES sources (tenant_id, source_id) ON DELETE CASCADE
        ) {TABLE};
        CREATE TABLE webhook_deliveries (
            tenant_id TEXT NOT NULL,
            source_id TEXT NOT NULL,
            delivery_id TEXT NOT NULL,
            vendor_id TEXT NOT NULL,
            received_at {INT} NOT NULL,
            outcome TEXT NOT NULL,
            reason TEXT NOT NULL,
            issues {INT} NOT NULL,
            PRIMARY KEY (tenant_id, source_id, delivery_id),
            FOREIGN KEY (tenant_id, source_id) REFERENCES sources (tenant_id, source_id) ON DELETE CASCADE
        ) {TABLE};
        CREATE TABLE webhook_receipts (
            tenant_id TEXT NOT NULL,
            source_id TEXT NOT NULL,
            vendor_id TEXT NOT NULL,
            received_at {INT} NOT NULL,
            PRIMARY KEY (tenant_id, source_id, vendor_id),
            FOREIGN KEY (tenant_id, source_id) REFERENCES sources (tenant_id, source_id) ON DELETE CASCADE
        ) {TABLE};
        CREATE INDEX webhook_receipts_by_age ON webhook_receipts (tenant_id, source_id, received_at);
        INSERT INTO jobs (tenant_id, job_id, kind, source_id, subject, payload, due_at, created_at)
            SELECT s.tenant_id, 'job_' || substr(s.source_id, 5), 'sync_source', s.source_id, s.source_id,
                x'', s.updated_at, s.updated_at
            FROM sources s WHERE s.is_enabled = 1 AND s.deleted_at IS NULL;
        """

    /// As in ``shapes``: one issue in ten is due, one source in two sends webhooks.
    static let syncShapes = [
        IndexShape("issues", "issues_by_due_time", [300_000, 30_000, 3_000, 2]),
        IndexShape("jobs", "jobs_by_kind", [100_000, 40_000, 2]),
        IndexShape("source_syncs", "source_syncs", [100, 10, 1]),
        IndexShape("webhook_deliveries", "webhook_deliveries", [10_000, 1_000, 200, 1]),
        IndexShape("webhook_receipts", "webhook_receipts", [500_000, 50_000, 10_000, 1]),
        IndexShape("webhook_receipts", "webhook_receipts_by_age", [500_000, 50_000, 10_000, 2]),
    ]
}
