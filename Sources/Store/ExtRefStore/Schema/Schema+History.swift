// SPDX-License-Identifier: Apache-2.0

extension Schema {
    /// History refers to nothing: it outlives what it tells of.
    static let historyTables = """
        CREATE TABLE changes (
            tenant_id TEXT NOT NULL REFERENCES tenants (tenant_id),
            sequence {INT} NOT NULL,
            kind TEXT NOT NULL,
            project_id TEXT,
            object_kind TEXT,
            object_id TEXT,
            link_id TEXT,
            issue_id TEXT,
            source_id TEXT,
            relation_id TEXT,
            fields TEXT NOT NULL,
            origin TEXT NOT NULL,
            occurred_at {INT} NOT NULL,
            PRIMARY KEY (tenant_id, sequence)
        ) {TABLE};
        CREATE TABLE audit_entries (
            tenant_id TEXT NOT NULL REFERENCES tenants (tenant_id),
            sequence {INT} NOT NULL,
            audit_id TEXT NOT NULL,
            project_id TEXT,
            principal_id TEXT NOT NULL,
            action TEXT NOT NULL,
            resource_type TEXT NOT NULL,
            resource_id TEXT NOT NULL,
            fields TEXT NOT NULL,
            origin TEXT NOT NULL,
            request_id TEXT NOT NULL,
            occurred_at {INT} NOT NULL,
            hash TEXT NOT NULL,
            PRIMARY KEY (tenant_id, sequence)
        ) {TABLE};
        CREATE INDEX audit_entries_by_project ON audit_entries (tenant_id, project_id, sequence);
        CREATE INDEX audit_entries_by_resource ON audit_entries (tenant_id, resource_id, sequence);
        {APPEND ONLY audit_entries}
        """

    /// The first answer to each `request_id`, so that a repeat gets it again instead of a second effect
    /// (AIP-155).
    static let requestTables = """
        CREATE TABLE request_ids (
            tenant_id TEXT NOT NULL REFERENCES tenants (tenant_id),
            principal_id TEXT NOT NULL,
            method TEXT NOT NULL,
            request_id TEXT NOT NULL,
            payload_hash {BLOB} NOT NULL,
            response {BLOB} NOT NULL,
            created_at {INT} NOT NULL,
            PRIMARY KEY (tenant_id, principal_id, method, request_id)
        ) {TABLE};
        CREATE INDEX request_ids_by_age ON request_ids (tenant_id, created_at);
        """

    /// Work for later. A worker takes a job by writing its name, a time and a fence one higher than before;
    /// what it writes afterwards names that fence, so that a worker that lost its lease changes nothing.
    static let jobTables = """
        CREATE TABLE jobs (
            tenant_id TEXT NOT NULL REFERENCES tenants (tenant_id),
            job_id TEXT NOT NULL,
            kind TEXT NOT NULL,
            source_id TEXT,
            subject TEXT NOT NULL,
            payload {BLOB} NOT NULL,
            due_at {INT} NOT NULL,
            attempts {INT} NOT NULL DEFAULT 0,
            lease_owner TEXT NOT NULL DEFAULT '',
            lease_until {INT},
            fence {INT} NOT NULL DEFAULT 0,
            last_error TEXT NOT NULL DEFAULT '',
            created_at {INT} NOT NULL,
            PRIMARY KEY (tenant_id, job_id),
            FOREIGN KEY (tenant_id, source_id) REFERENCES sources (tenant_id, source_id) ON DELETE CASCADE
        ) {TABLE};
        CREATE UNIQUE INDEX jobs_by_subject ON jobs (tenant_id, kind, subject);
        CREATE INDEX jobs_by_source ON jobs (tenant_id, source_id);
        CREATE INDEX jobs_by_due_time ON jobs (due_at);
        """
}
