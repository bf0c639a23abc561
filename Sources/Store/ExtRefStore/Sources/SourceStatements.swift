// SPDX-License-Identifier: Apache-2.0

internal import SQLEngine

enum SourceStatements {
    static let get = SQLStatement(
        "SELECT \(SourceRow.columns) FROM sources s WHERE s.tenant_id = $1 AND s.source_id = $2")
    static let getMany = SQLStatement(
        """
        SELECT \(SourceRow.columns) FROM sources s
        WHERE s.tenant_id = $1 AND s.source_id IN (SELECT x.value FROM {LIST $2} x) ORDER BY s.source_id
        """)
    /// Goes on with the filters of a list.
    static let list = "SELECT \(SourceRow.columns) FROM sources s WHERE s.tenant_id = $1"
    static let allEnabled = SQLStatement(
        """
        SELECT \(SourceRow.columns) FROM sources s
        WHERE s.tenant_id = $1 AND s.is_enabled = 1 AND s.deleted_at IS NULL ORDER BY s.source_id
        """)
    static let revision = SQLStatement(
        """
        SELECT s.revision FROM sources s
        WHERE s.tenant_id = $1 AND s.source_id = $2 AND s.deleted_at IS NULL
        """)
    static let isEnabled = SQLStatement(
        """
        SELECT s.is_enabled FROM sources s
        WHERE s.tenant_id = $1 AND s.source_id = $2 AND s.deleted_at IS NULL
        """)
    static let deniedCapabilities = SQLStatement(
        "SELECT s.denied_capabilities FROM sources s WHERE s.tenant_id = $1 AND s.source_id = $2")
    static let namesake = SQLStatement(
        """
        SELECT s.source_id FROM sources s
        WHERE s.tenant_id = $1 AND s.owner_project = $2 AND s.name_folded = $3 AND s.deleted_at IS NULL
            AND s.source_id <> $4
        """)
    static let insert = SQLStatement(
        """
        INSERT INTO sources (tenant_id, source_id, owner_project, provider_id, display_name, name_folded,
            base_url, api_base_url, authentication_method, authentication_settings, switched_off,
            issue_url_template, create_url_template, key_pattern, default_external_project, is_everywhere,
            is_enabled, test_object_url_template, allows_back_link_comments, issue_title_template,
            issue_description_template, created_at, created_by, updated_at, revision)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
            $21, $22, $23, $24, $25)
        """)
    static let update = SQLStatement(
        """
        UPDATE sources SET owner_project = $3, provider_id = $4, display_name = $5, name_folded = $6,
            base_url = $7, api_base_url = $8, authentication_method = $9, authentication_settings = $10,
            switched_off = $11, issue_url_template = $12, create_url_template = $13, key_pattern = $14,
            default_external_project = $15, is_everywhere = $16, is_enabled = $17,
            test_object_url_template = $18, allows_back_link_comments = $19, issue_title_template = $20,
            issue_description_template = $21, updated_at = $22,
            revision = revision + 1
        WHERE tenant_id = $1 AND source_id = $2
        """)
    static let setEnabled = SQLStatement(
        """
        UPDATE sources SET is_enabled = $3, updated_at = $4, revision = revision + 1
        WHERE tenant_id = $1 AND source_id = $2
        """)
    static let recordHealth = SQLStatement(
        """
        UPDATE sources SET last_probe_at = $3, last_error_reason = $4, denied_capabilities = $5
        WHERE tenant_id = $1 AND source_id = $2
        """)
    static let retire = SQLStatement(
        """
        UPDATE sources SET deleted_at = $3, updated_at = $3, is_enabled = 0, revision = revision + 1
        WHERE tenant_id = $1 AND source_id = $2
        """)
    static let erase = SQLStatement("DELETE FROM sources WHERE tenant_id = $1 AND source_id = $2")
    static let usage = SQLStatement(
        """
        SELECT l.project_id, count(*) FROM links l
        WHERE l.tenant_id = $1 AND l.source_id = $2 GROUP BY l.project_id ORDER BY l.project_id
        """)

    // What hangs on a source, read for a whole page at once: from the first id to the last.
    static let credentials = SQLStatement(
        """
        SELECT c.source_id, c.name, c.set_at, c.set_by, c.expires_at FROM source_credentials c
        WHERE c.tenant_id = $1 AND c.source_id BETWEEN $2 AND $3 ORDER BY c.source_id, c.name
        """)
    static let projects = SQLStatement(
        """
        SELECT p.source_id, p.project_id FROM source_projects p
        WHERE p.tenant_id = $1 AND p.source_id BETWEEN $2 AND $3
        """)
    static let externalProjects = SQLStatement(
        """
        SELECT e.source_id, e.external_project FROM source_external_projects e
        WHERE e.tenant_id = $1 AND e.source_id BETWEEN $2 AND $3 ORDER BY e.source_id, e.position
        """)
    static let statusMap = SQLStatement(
        """
        SELECT m.source_id, m.status, m.issue_type, m.category FROM source_status_map m
        WHERE m.tenant_id = $1 AND m.source_id BETWEEN $2 AND $3 ORDER BY m.source_id, m.position
        """)

    static let insertProject = SQLStatement(
        "INSERT INTO source_projects (tenant_id, source_id, project_id) VALUES ($1, $2, $3)")
    static let insertExternalProject = SQLStatement(
        """
        INSERT INTO source_external_projects (tenant_id, source_id, position, external_project)
        VALUES ($1, $2, $3, $4)
        """)
    static let insertStatus = SQLStatement(
        """
        INSERT INTO source_status_map (tenant_id, source_id, position, status, issue_type, category)
        VALUES ($1, $2, $3, $4, $5, $6)
        """)
    static let deleteProjects = SQLStatement(
        "DELETE FROM source_projects WHERE tenant_id = $1 AND source_id = $2")
    static let deleteExternalProjects = SQLStatement(
        "DELETE FROM source_external_projects WHERE tenant_id = $1 AND source_id = $2")
    static let deleteStatusMap = SQLStatement(
        "DELETE FROM source_status_map WHERE tenant_id = $1 AND source_id = $2")

    static let sealedCredentials = SQLStatement(
        """
        SELECT c.name, c.sealed, c.set_at, c.set_by, c.expires_at FROM source_credentials c
        WHERE c.tenant_id = $1 AND c.source_id = $2 ORDER BY c.name
        """)
    static let upsertCredential = SQLStatement(
        """
        INSERT INTO source_credentials (tenant_id, source_id, name, sealed, set_at, set_by, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (tenant_id, source_id, name) DO UPDATE SET sealed = excluded.sealed,
            set_at = excluded.set_at, set_by = excluded.set_by, expires_at = excluded.expires_at
        """)
    static let deleteCredential = SQLStatement(
        "DELETE FROM source_credentials WHERE tenant_id = $1 AND source_id = $2 AND name = $3")
    static let deleteCredentials = SQLStatement(
        "DELETE FROM source_credentials WHERE tenant_id = $1 AND source_id = $2")
    static let deleteOverlays = SQLStatement(
        "DELETE FROM project_overlays WHERE tenant_id = $1 AND source_id = $2")
}
