// SPDX-License-Identifier: Apache-2.0

internal import SQLEngine

enum RelationStatements {
    static let get = SQLStatement(
        "SELECT \(RelationRow.columns) FROM relations r WHERE r.tenant_id = $1 AND r.relation_id = $2")
    static let getMany = SQLStatement(
        """
        SELECT \(RelationRow.columns) FROM relations r
        WHERE r.tenant_id = $1 AND r.relation_id IN (SELECT x.value FROM {LIST $2} x) ORDER BY r.relation_id
        """)
    /// Goes on with the filters of a list.
    static let list = "SELECT \(RelationRow.columns) FROM relations r WHERE r.tenant_id = $1"
    static let all = SQLStatement(
        """
        SELECT \(RelationRow.columns) FROM relations r
        WHERE r.tenant_id = $1 AND r.deleted_at IS NULL ORDER BY r.relation_id
        """)
    static let revision = SQLStatement(
        """
        SELECT r.revision FROM relations r
        WHERE r.tenant_id = $1 AND r.relation_id = $2 AND r.deleted_at IS NULL
        """)
    static let namesake = SQLStatement(
        """
        SELECT r.relation_id FROM relations r
        WHERE r.tenant_id = $1 AND r.owner_project = $2 AND r.name_folded = $3 AND r.deleted_at IS NULL
            AND r.relation_id <> $4
        """)
    static let insert = SQLStatement(
        """
        INSERT INTO relations (tenant_id, relation_id, owner_project, name, name_folded, inverse_name,
            semantic_type, oslc_uri, color, sort_order, is_everywhere, is_enabled, is_system_defined,
            created_at, created_by, updated_at, revision)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
        """)
    static let update = SQLStatement(
        """
        UPDATE relations SET owner_project = $3, name = $4, name_folded = $5, inverse_name = $6,
            semantic_type = $7, oslc_uri = $8, color = $9, sort_order = $10, is_everywhere = $11,
            is_enabled = $12, updated_at = $13, revision = revision + 1
        WHERE tenant_id = $1 AND relation_id = $2
        """)
    static let setEnabled = SQLStatement(
        """
        UPDATE relations SET is_enabled = $3, updated_at = $4, revision = revision + 1
        WHERE tenant_id = $1 AND relation_id = $2
        """)
    static let retire = SQLStatement(
        """
        UPDATE relations SET deleted_at = $3, updated_at = $3, is_enabled = 0, revision = revision + 1
        WHERE tenant_id = $1 AND relation_id = $2
        """)
    static let erase = SQLStatement("DELETE FROM relations WHERE tenant_id = $1 AND relation_id = $2")
    static let usage = SQLStatement(
        """
        SELECT l.project_id, count(*) FROM links l
        WHERE l.tenant_id = $1 AND l.relation_id = $2 GROUP BY l.project_id ORDER BY l.project_id
        """)

    // What hangs on a relation, read for a whole page at once: from the first id to the last.
    static let projects = SQLStatement(
        """
        SELECT p.relation_id, p.project_id FROM relation_projects p
        WHERE p.tenant_id = $1 AND p.relation_id BETWEEN $2 AND $3
        """)
    static let objectKinds = SQLStatement(
        """
        SELECT k.relation_id, k.object_kind FROM relation_object_kinds k
        WHERE k.tenant_id = $1 AND k.relation_id BETWEEN $2 AND $3
        """)

    static let insertProject = SQLStatement(
        "INSERT INTO relation_projects (tenant_id, relation_id, project_id) VALUES ($1, $2, $3)")
    static let insertObjectKind = SQLStatement(
        "INSERT INTO relation_object_kinds (tenant_id, relation_id, object_kind) VALUES ($1, $2, $3)")
    static let deleteProjects = SQLStatement(
        "DELETE FROM relation_projects WHERE tenant_id = $1 AND relation_id = $2")
    static let deleteObjectKinds = SQLStatement(
        "DELETE FROM relation_object_kinds WHERE tenant_id = $1 AND relation_id = $2")
    static let deleteOverlays = SQLStatement(
        "DELETE FROM project_overlays WHERE tenant_id = $1 AND relation_id = $2")
}
