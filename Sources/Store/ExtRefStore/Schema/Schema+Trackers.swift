// SPDX-License-Identifier: Apache-2.0

internal import SQLEngine

extension Schema {
    /// What the service writes to trackers. An intent names no foreign key but its tenant: it outlives what
    /// it was for. A back-link outlives its link until the tracker's side is gone too.
    static let trackerTables = """
        ALTER TABLE sources ADD COLUMN test_object_url_template TEXT NOT NULL DEFAULT '';
        ALTER TABLE sources ADD COLUMN allows_back_link_comments {INT} NOT NULL DEFAULT 0;
        ALTER TABLE sources ADD COLUMN issue_title_template TEXT NOT NULL DEFAULT '';
        ALTER TABLE sources ADD COLUMN issue_description_template TEXT NOT NULL DEFAULT '';
        ALTER TABLE sources ADD COLUMN denied_capabilities TEXT NOT NULL DEFAULT '[]';
        CREATE TABLE issue_creations (
            tenant_id TEXT NOT NULL REFERENCES tenants (tenant_id),
            creation_id TEXT NOT NULL,
            project_id TEXT NOT NULL,
            source_id TEXT NOT NULL,
            principal_id TEXT NOT NULL,
            request_id TEXT,
            payload_hash {BLOB} NOT NULL,
            request {BLOB} NOT NULL,
            state TEXT NOT NULL,
            attempts {INT} NOT NULL,
            started_at {INT} NOT NULL,
            updated_at {INT} NOT NULL,
            PRIMARY KEY (tenant_id, creation_id)
        ) {TABLE};
        CREATE UNIQUE INDEX issue_creations_by_request
            ON issue_creations (tenant_id, principal_id, request_id);
        CREATE INDEX issue_creations_by_age ON issue_creations (tenant_id, updated_at);
        CREATE TABLE back_links (
            tenant_id TEXT NOT NULL,
            link_id TEXT NOT NULL,
            source_id TEXT NOT NULL,
            issue_key TEXT NOT NULL,
            native_id TEXT NOT NULL,
            url TEXT NOT NULL,
            title TEXT NOT NULL,
            relationship TEXT NOT NULL,
            is_wanted {INT} NOT NULL CHECK (is_wanted IN (0, 1)),
            remote_id TEXT NOT NULL,
            put_at {INT},
            last_error TEXT NOT NULL,
            PRIMARY KEY (tenant_id, link_id),
            FOREIGN KEY (tenant_id, source_id) REFERENCES sources (tenant_id, source_id) ON DELETE CASCADE
        ) {TABLE};
        CREATE INDEX back_links_by_source ON back_links (tenant_id, source_id);
        CREATE TABLE link_fingerprints (
            tenant_id TEXT NOT NULL,
            project_id TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            link_id TEXT NOT NULL,
            PRIMARY KEY (tenant_id, project_id, fingerprint, link_id),
            FOREIGN KEY (tenant_id, link_id) REFERENCES links (tenant_id, link_id) ON DELETE CASCADE
        ) {TABLE};
        CREATE INDEX link_fingerprints_by_link ON link_fingerprints (tenant_id, link_id);
        """

    /// As in ``shapes``: one link in ten has a fingerprint, every second a back-link.
    static let trackerShapes = [
        IndexShape("issue_creations", "issue_creations", [100_000, 10_000, 1]),
        IndexShape("issue_creations", "issue_creations_by_request", [100_000, 10_000, 100, 1]),
        IndexShape("issue_creations", "issue_creations_by_age", [100_000, 10_000, 1]),
        IndexShape("back_links", "back_links", [500_000, 50_000, 1]),
        IndexShape("back_links", "back_links_by_source", [500_000, 50_000, 5_000]),
        IndexShape("link_fingerprints", "link_fingerprints", [100_000, 10_000, 500, 10, 1]),
        IndexShape("link_fingerprints", "link_fingerprints_by_link", [100_000, 10_000, 1]),
    ]
}
