// SPDX-License-Identifier: Apache-2.0

internal import ExtRefDomain
internal import SQLEngine

enum LinkStatements {
    static let get = SQLStatement(
        "SELECT \(LinkRow.columns) FROM links l WHERE l.tenant_id = $1 AND l.link_id = $2")
    static let getMany = SQLStatement(
        """
        SELECT \(LinkRow.columns) FROM links l
        WHERE l.tenant_id = $1 AND l.link_id IN (SELECT x.value FROM {LIST $2} x)
        """)
    /// Goes on with filters.
    static let links = "SELECT \(LinkRow.columns) FROM links l WHERE l.tenant_id = $1"
    /// A link with its issue; goes on with filters.
    static let details = """
        SELECT \(LinkRow.columns), \(IssueRow.columns)
        FROM links l LEFT JOIN issues i ON i.tenant_id = $1 AND i.issue_id = l.issue_id
        WHERE l.tenant_id = $1
        """
    static let detail = SQLStatement("\(details) AND l.link_id = $2")
    static let ofObjects = SQLStatement(
        """
        \(details) AND l.project_id = $2 AND l.object_kind = $3
            AND l.object_id IN (SELECT x.value FROM {LIST $4} x)
        ORDER BY l.object_id, l.link_id LIMIT $5
        """)
    /// The links of what these objects hold, each behind the id of the object that holds it.
    static let underObjects = SQLStatement(
        """
        SELECT a.object_id, \(LinkRow.columns), \(IssueRow.columns)
        FROM link_ancestors a JOIN links l ON l.tenant_id = $1 AND l.link_id = a.link_id
        LEFT JOIN issues i ON i.tenant_id = $1 AND i.issue_id = l.issue_id
        WHERE a.tenant_id = $1 AND a.project_id = $2 AND a.object_kind = $3
            AND a.object_id IN (SELECT x.value FROM {LIST $4} x)
        ORDER BY a.object_id, l.link_id LIMIT $5
        """)
    static let ofObject = SQLStatement(
        """
        SELECT \(LinkRow.columns) FROM links l
        WHERE l.tenant_id = $1 AND l.project_id = $2 AND l.object_kind = $3 AND l.object_id = $4
        ORDER BY l.link_id
        """)
    static let ofIssue = SQLStatement(
        """
        SELECT \(LinkRow.columns) FROM links l
        WHERE l.tenant_id = $1 AND l.issue_id = $2 ORDER BY l.project_id, l.link_id
        """)
    static let ofRelation = SQLStatement(
        """
        SELECT \(LinkRow.columns) FROM links l
        WHERE l.tenant_id = $1 AND l.relation_id = $2 ORDER BY l.project_id, l.link_id
        """)
    static let twin = SQLStatement(
        """
        SELECT \(LinkRow.columns) FROM links l
        WHERE l.tenant_id = $1 AND l.project_id = $2 AND l.object_kind = $3 AND l.object_id = $4
            AND l.target = $5
            AND l.relation_id = $6 AND l.link_id <> $7
        """)

    static let linksUpToTwo = SQLStatement(
        "SELECT count(*) FROM (SELECT 1 FROM links WHERE tenant_id = $1 AND issue_id = $2 LIMIT 2)")

    // MARK: Questions over many links

    /// Nothing is known of a bare URL, and what is unknown is not closed.
    private static let isOpen = "coalesce(i.status_category, 'unknown') NOT IN ('done', 'canceled')"
    private static let isUnreachable = "coalesce(i.reachability, 'ok') NOT IN ('ok', 'pending')"
    private static let linksJoined = """
        links l JOIN relations r ON r.tenant_id = $1 AND r.relation_id = l.relation_id
        LEFT JOIN issues i ON i.tenant_id = $1 AND i.issue_id = l.issue_id
        """
    static let badges = SQLStatement(
        """
        SELECT l.object_id, count(*), sum(CASE WHEN \(isOpen) THEN 1 ELSE 0 END),
            sum(CASE WHEN r.semantic_type = 'defect' THEN 1 ELSE 0 END),
            sum(CASE WHEN r.semantic_type = 'defect' AND \(isOpen) THEN 1 ELSE 0 END),
            sum(CASE WHEN \(isUnreachable) THEN 1 ELSE 0 END)
        FROM \(linksJoined)
        WHERE l.tenant_id = $1 AND l.project_id = $2 AND l.object_kind = $3
            AND l.object_id IN (SELECT x.value FROM {LIST $4} x)
        GROUP BY l.object_id
        """)
    static let withoutDefect = SQLStatement(
        """
        SELECT x.value FROM {LIST $4} x
        WHERE NOT EXISTS (
            SELECT 1 FROM \(linksJoined)
            WHERE l.tenant_id = $1 AND l.project_id = $2 AND l.object_kind = $3 AND l.object_id = x.value
                AND r.semantic_type = $6 AND ($5 = 0 OR \(isOpen)))
        """)
    /// Goes on with filters and ``countsEnding``.
    static let counts = """
        SELECT l.relation_id, l.source_id, coalesce(i.status_category, 'unknown'), count(*)
        FROM links l LEFT JOIN issues i ON i.tenant_id = $1 AND i.issue_id = l.issue_id
        WHERE l.tenant_id = $1
        """
    /// Goes on with filters.
    static let issueCounts = """
        SELECT count(DISTINCT l.issue_id),
            count(DISTINCT CASE WHEN r.semantic_type = 'defect' THEN l.issue_id END),
            count(DISTINCT CASE WHEN r.semantic_type = 'defect' AND \(isOpen) THEN l.issue_id END)
        FROM \(linksJoined)
        WHERE l.tenant_id = $1
        """
    static let countsEnding = "GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"

    // MARK: Writing

    static let insert = SQLStatement(
        """
        INSERT INTO links (tenant_id, link_id, project_id, object_kind, object_id, ancestors, source_id,
            issue_id, url, target, relation_id, note, created_by, created_at, updated_at, revision)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        ON CONFLICT (tenant_id, project_id, object_kind, object_id, target, relation_id) DO NOTHING
        """)
    static let insertAncestor = SQLStatement(
        """
        INSERT INTO link_ancestors (tenant_id, project_id, object_kind, object_id, link_id)
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
        """)
    static let deleteAncestors = SQLStatement(
        "DELETE FROM link_ancestors WHERE tenant_id = $1 AND link_id = $2")
    static let update = SQLStatement(
        """
        UPDATE links SET relation_id = $3, note = $4, updated_at = $5, revision = $6
        WHERE tenant_id = $1 AND link_id = $2
        """)
    static let retarget = SQLStatement(
        """
        UPDATE links SET source_id = $3, issue_id = $4, target = $4, revision = revision + 1
        WHERE tenant_id = $1 AND link_id = $2
        """)
    static let move = SQLStatement(
        """
        UPDATE links SET project_id = $3, object_kind = $4, object_id = $5, ancestors = $6, updated_at = $7,
            revision = revision + 1
        WHERE tenant_id = $1 AND link_id = $2
        """)
    static let delete = SQLStatement("DELETE FROM links WHERE tenant_id = $1 AND link_id = $2")
}

extension SelectBuilder {
    /// Only links of an object, or of something that it holds.
    mutating func filter(linksUnder object: TestObject, in project: ProjectID) {
        let place: [SQLValue] = [.host(project), .text(object.kind.rawValue), .text(object.id)]
        filter(
            """
            l.link_id IN (
                SELECT o.link_id FROM links o
                WHERE o.tenant_id = $1 AND o.project_id = ? AND o.object_kind = ? AND o.object_id = ?
                UNION SELECT a.link_id FROM link_ancestors a
                WHERE a.tenant_id = $1 AND a.project_id = ? AND a.object_kind = ? AND a.object_id = ?)
            """, place + place)
    }
}
