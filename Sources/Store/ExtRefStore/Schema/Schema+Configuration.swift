// SPDX-License-Identifier: Apache-2.0

extension Schema {
    /// A tenant's row holds its counters, so that numbering serialises per tenant on every engine: a number
    /// is taken inside the transaction that uses it, and the next one waits for that commit.
    static let tenantTables = """
        CREATE TABLE store_meta (
            name TEXT NOT NULL PRIMARY KEY,
            value {BLOB} NOT NULL
        ) {TABLE};
        CREATE TABLE tenants (
            tenant_id TEXT NOT NULL PRIMARY KEY,
            created_at {INT} NOT NULL,
            configuration_version {INT} NOT NULL DEFAULT 1,
            change_sequence {INT} NOT NULL DEFAULT 0,
            audit_sequence {INT} NOT NULL DEFAULT 0,
            audit_hash TEXT NOT NULL DEFAULT ''
        ) {TABLE};
        """

    /// `owner_project` is empty for the tenant's own. A deleted source stays as a tombstone while links show
    /// it.
    static let sourceTables = """
        CREATE TABLE sources (
            tenant_id TEXT NOT NULL REFERENCES tenants (tenant_id),
            source_id TEXT NOT NULL,
            owner_project TEXT NOT NULL,
            provider_id TEXT NOT NULL,
            display_name TEXT NOT NULL,
            name_folded TEXT NOT NULL,
            base_url TEXT NOT NULL,
            api_base_url TEXT NOT NULL,
            authentication_method TEXT NOT NULL,
            authentication_settings TEXT NOT NULL,
            switched_off TEXT NOT NULL,
            issue_url_template TEXT NOT NULL,
            create_url_template TEXT NOT NULL,
            key_pattern TEXT NOT NULL,
            default_external_project TEXT NOT NULL,
            is_everywhere {INT} NOT NULL CHECK (is_everywhere IN (0, 1)),
            is_enabled {INT} NOT NULL CHECK (is_enabled IN (0, 1)),
            last_probe_at {INT},
            last_sync_at {INT},
            last_error_reason TEXT NOT NULL DEFAULT '',
            created_at {INT} NOT NULL,
            created_by TEXT NOT NULL,
            updated_at {INT} NOT NULL,
            deleted_at {INT},
            revision {INT} NOT NULL,
            PRIMARY KEY (tenant_id, source_id)
        ) {TABLE};
        CREATE UNIQUE INDEX sources_by_name ON sources (tenant_id, owner_project, name_folded)
            WHERE deleted_at IS NULL;
        CREATE TABLE source_credentials (
            tenant_id TEXT NOT NULL,
            source_id TEXT NOT NULL,
            name TEXT NOT NULL,
            sealed {BLOB} NOT NULL,
            set_at {INT} NOT NULL,
            set_by TEXT NOT NULL,
            expires_at {INT},
            PRIMARY KEY (tenant_id, source_id, name),
            FOREIGN KEY (tenant_id, source_id) REFERENCES sources (tenant_id, source_id) ON DELETE CASCADE
        ) {TABLE};
        CREATE TABLE source_projects (
            tenant_id TEXT NOT NULL,
            source_id TEXT NOT NULL,
            project_id TEXT NOT NULL,
            PRIMARY KEY (tenant_id, source_id, project_id),
            FOREIGN KEY (tenant_id, source_id) REFERENCES sources (tenant_id, source_id) ON DELETE CASCADE
        ) {TABLE};
        CREATE TABLE source_external_projects (
            tenant_id TEXT NOT NULL,
            source_id TEXT NOT NULL,
            position {INT} NOT NULL,
            external_project TEXT NOT NULL,
            PRIMARY KEY (tenant_id, source_id, position),
            FOREIGN KEY (tenant_id, source_id) REFERENCES sources (tenant_id, source_id) ON DELETE CASCADE
        ) {TABLE};
        CREATE TABLE source_status_map (
            tenant_id TEXT NOT NULL,
            source_id TEXT NOT NULL,
            position {INT} NOT NULL,
            status TEXT NOT NULL,
            issue_type TEXT NOT NULL,
            category TEXT NOT NULL,
            PRIMARY KEY (tenant_id, source_id, position),
            FOREIGN KEY (tenant_id, source_id) REFERENCES sources (tenant_id, source_id) ON DELETE CASCADE
        ) {TABLE};
        """

    static let relationTables = """
        CREATE TABLE relations (
            tenant_id TEXT NOT NULL REFERENCES tenants (tenant_id),
            relation_id TEXT NOT NULL,
            owner_project TEXT NOT NULL,
            name TEXT NOT NULL,
            name_folded TEXT NOT NULL,
            inverse_name TEXT NOT NULL,
            semantic_type TEXT NOT NULL,
            oslc_uri TEXT NOT NULL,
            color TEXT NOT NULL,
            sort_order {INT} NOT NULL,
            is_everywhere {INT} NOT NULL CHECK (is_everywhere IN (0, 1)),
            is_enabled {INT} NOT NULL CHECK (is_enabled IN (0, 1)),
            is_system_defined {INT} NOT NULL CHECK (is_system_defined IN (0, 1)),
            created_at {INT} NOT NULL,
            created_by TEXT NOT NULL,
            updated_at {INT} NOT NULL,
            deleted_at {INT},
            revision {INT} NOT NULL,
            PRIMARY KEY (tenant_id, relation_id)
        ) {TABLE};
        CREATE UNIQUE INDEX relations_by_name ON relations (tenant_id, owner_project, name_folded)
            WHERE deleted_at IS NULL;
        CREATE TABLE relation_projects (
            tenant_id TEXT NOT NULL,
            relation_id TEXT NOT NULL,
            project_id TEXT NOT NULL,
            PRIMARY KEY (tenant_id, relation_id, project_id),
            FOREIGN KEY (tenant_id, relation_id) REFERENCES relations (tenant_id, relation_id)
                ON DELETE CASCADE
        ) {TABLE};
        CREATE TABLE relation_object_kinds (
            tenant_id TEXT NOT NULL,
            relation_id TEXT NOT NULL,
            object_kind TEXT NOT NULL,
            PRIMARY KEY (tenant_id, relation_id, object_kind),
            FOREIGN KEY (tenant_id, relation_id) REFERENCES relations (tenant_id, relation_id)
                ON DELETE CASCADE
        ) {TABLE};
        """

    /// `target_id` repeats the one of the two ids that is set, because a key may not hold nulls.
    static let overlayTables = """
        CREATE TABLE project_overlays (
            tenant_id TEXT NOT NULL REFERENCES tenants (tenant_id),
            project_id TEXT NOT NULL,
            target_id TEXT NOT NULL,
            source_id TEXT,
            relation_id TEXT,
            is_hidden {INT} NOT NULL CHECK (is_hidden IN (0, 1)),
            default_external_project TEXT NOT NULL,
            is_default {INT} NOT NULL CHECK (is_default IN (0, 1)),
            updated_at {INT} NOT NULL,
            revision {INT} NOT NULL,
            PRIMARY KEY (tenant_id, project_id, target_id),
            CHECK ((source_id IS NULL) <> (relation_id IS NULL)),
            CHECK (target_id = coalesce(source_id, relation_id)),
            FOREIGN KEY (tenant_id, source_id) REFERENCES sources (tenant_id, source_id) ON DELETE CASCADE,
            FOREIGN KEY (tenant_id, relation_id) REFERENCES relations (tenant_id, relation_id)
                ON DELETE CASCADE
        ) {TABLE};
        CREATE UNIQUE INDEX overlays_default_source ON project_overlays (tenant_id, project_id)
            WHERE is_default = 1 AND source_id IS NOT NULL;
        CREATE UNIQUE INDEX overlays_default_relation ON project_overlays (tenant_id, project_id)
            WHERE is_default = 1 AND relation_id IS NOT NULL;
        CREATE INDEX overlays_by_source ON project_overlays (tenant_id, source_id);
        CREATE INDEX overlays_by_relation ON project_overlays (tenant_id, relation_id);
        """
}
