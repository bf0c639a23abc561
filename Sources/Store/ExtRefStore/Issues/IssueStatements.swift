// SPDX-License-Identifier: Apache-2.0

internal import SQLEngine

enum IssueStatements {
    static let get = SQLStatement(
        "SELECT \(IssueRow.columns) FROM issues i WHERE i.tenant_id = $1 AND i.issue_id = $2")
    static let getMany = SQLStatement(
        """
        SELECT \(IssueRow.columns) FROM issues i
        WHERE i.tenant_id = $1 AND i.issue_id IN (SELECT x.value FROM {LIST $2} x)
        """)
    static let findByNativeID = SQLStatement(
        """
        SELECT \(IssueRow.columns) FROM issues i
        WHERE i.tenant_id = $1 AND i.source_id = $2 AND i.native_id = $3
        """)
    static let findByKey = SQLStatement(
        """
        SELECT \(IssueRow.columns)
        FROM issue_aliases a JOIN issues i ON i.tenant_id = $1 AND i.issue_id = a.issue_id
        WHERE a.tenant_id = $1 AND a.source_id = $2 AND a.key_folded = $3
        """)
    static let ofSource = SQLStatement(
        """
        SELECT \(IssueRow.columns) FROM issues i
        WHERE i.tenant_id = $1 AND i.source_id = $2 ORDER BY i.issue_id
        """)
    static let aliases = SQLStatement(
        """
        SELECT a.issue_key FROM issue_aliases a
        WHERE a.tenant_id = $1 AND a.issue_id = $2 ORDER BY a.key_folded
        """)

    /// All issues of the tenant; goes on with filters. Its second half is ``listEnding``.
    static let list = """
        SELECT \(IssueRow.columns),
            (SELECT count(*) FROM links l WHERE l.tenant_id = $1 AND l.issue_id = i.issue_id)
        FROM issues i WHERE i.tenant_id = $1
        """
    static let listEnding = "ORDER BY i.issue_id LIMIT ?"
    /// The issues that links of a project point to, walked in the order of the index of those links.
    static let listLinked = """
        SELECT \(IssueRow.columns), count(*)
        FROM links l JOIN issues i ON i.tenant_id = $1 AND i.issue_id = l.issue_id
        WHERE l.tenant_id = $1
        """
    static let listLinkedEnding = "GROUP BY l.issue_id ORDER BY l.issue_id LIMIT ?"

    static let insert = SQLStatement(
        """
        INSERT INTO issues (tenant_id, issue_id, source_id, native_id, issue_key, previous_keys, project_key,
            web_url, title, status_name, provider_category, status_category, resolution, assignees, priority,
            issue_type, labels, created_at, updated_at, closed_at, reachability, fetched_at, next_fetch_at,
            validator, last_error_reason, last_error_message, revision, hinted_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
            $21, $22, $23, $24, $25, $26, $27, $28)
        """)
    static let update = SQLStatement(
        """
        UPDATE issues SET native_id = $4, issue_key = $5, previous_keys = $6, project_key = $7, web_url = $8,
            title = $9, status_name = $10, provider_category = $11, status_category = $12, resolution = $13,
            assignees = $14, priority = $15, issue_type = $16, labels = $17, created_at = $18,
            updated_at = $19, closed_at = $20, reachability = $21, fetched_at = $22, next_fetch_at = $23,
            validator = $24, last_error_reason = $25, last_error_message = $26, revision = $27,
            hinted_at = $28
        WHERE tenant_id = $1 AND issue_id = $2 AND source_id = $3
        """)

    // MARK: Sync

    private static let isLinked =
        "EXISTS (SELECT 1 FROM links l WHERE l.tenant_id = $1 AND l.issue_id = i.issue_id)"
    static let linkedByNativeID = SQLStatement(
        """
        SELECT \(IssueRow.columns) FROM issues i
        WHERE i.tenant_id = $1 AND i.source_id = $2 AND i.native_id IN (SELECT x.value FROM {LIST $3} x)
            AND \(isLinked)
        """)
    static let linkedByKey = SQLStatement(
        """
        SELECT \(IssueRow.columns)
        FROM issue_aliases a JOIN issues i ON i.tenant_id = $1 AND i.issue_id = a.issue_id
        WHERE a.tenant_id = $1 AND a.source_id = $2
            AND a.key_folded IN (SELECT x.value FROM {LIST $3} x) AND \(isLinked)
        """)

    /// The issues to read next, the longest overdue first, each with whether a link points to it.
    static let due = SQLStatement(
        """
        SELECT \(IssueRow.columns), \(isLinked) FROM issues i
        WHERE i.tenant_id = $1 AND i.source_id = $2 AND i.next_fetch_at <= $3
        ORDER BY i.next_fetch_at LIMIT $4
        """)
    static let nextDue = SQLStatement(
        """
        SELECT min(i.next_fetch_at) FROM issues i
        WHERE i.tenant_id = $1 AND i.source_id = $2 AND i.next_fetch_at IS NOT NULL
        """)
    static let oldestRead = SQLStatement(
        """
        SELECT min(i.fetched_at) FROM issues i
        WHERE i.tenant_id = $1 AND i.source_id = $2 AND i.next_fetch_at > $3
        """)
    static let countDue = SQLStatement(
        """
        SELECT count(*), min(i.next_fetch_at) FROM issues i
        WHERE i.tenant_id = $1 AND i.source_id = $2 AND i.next_fetch_at <= $3
        """)
    static let plan = SQLStatement(
        """
        UPDATE issues SET next_fetch_at = $4
        WHERE tenant_id = $1 AND source_id = $2 AND issue_id IN (SELECT x.value FROM {LIST $3} x)
        """)
    static let hastenAll = SQLStatement(
        """
        UPDATE issues SET next_fetch_at = $3
        WHERE tenant_id = $1 AND source_id = $2 AND next_fetch_at > $3
        """)
    static let hastenOpen = SQLStatement(
        """
        UPDATE issues SET next_fetch_at = $3
        WHERE tenant_id = $1 AND source_id = $2 AND next_fetch_at > $3
            AND status_category NOT IN ('done', 'canceled')
        """)
    static let hasten = SQLStatement(
        """
        UPDATE issues SET next_fetch_at = $4
        WHERE tenant_id = $1 AND source_id = $2 AND issue_id IN (SELECT x.value FROM {LIST $3} x)
            AND next_fetch_at > $4
        """)
    static let hint = SQLStatement(
        """
        UPDATE issues SET next_fetch_at = min(coalesce(next_fetch_at, $4), $4), hinted_at = $4
        WHERE tenant_id = $1 AND source_id = $2 AND issue_id IN (SELECT x.value FROM {LIST $3} x)
        """)
    static let projects = SQLStatement(
        """
        SELECT i.project_key, count(*) FROM issues i
        WHERE i.tenant_id = $1 AND i.source_id = $2 AND i.next_fetch_at IS NOT NULL AND i.project_key <> ''
        GROUP BY i.project_key ORDER BY count(*) DESC, i.project_key LIMIT $3
        """)

    static let delete = SQLStatement("DELETE FROM issues WHERE tenant_id = $1 AND issue_id = $2")
    /// The key means this issue from now on, whoever had it before.
    static let claimKey = SQLStatement(
        """
        INSERT INTO issue_aliases (tenant_id, source_id, key_folded, issue_key, issue_id)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (tenant_id, source_id, key_folded)
            DO UPDATE SET issue_key = excluded.issue_key, issue_id = excluded.issue_id
        """)
    /// The key meant this issue once; an issue that has it now keeps it.
    static let rememberKey = SQLStatement(
        """
        INSERT INTO issue_aliases (tenant_id, source_id, key_folded, issue_key, issue_id)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (tenant_id, source_id, key_folded) DO NOTHING
        """)
    static let moveAliases = SQLStatement(
        "UPDATE issue_aliases SET issue_id = $3 WHERE tenant_id = $1 AND issue_id = $2")
}
