// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
internal import SQLEngine

extension LinkRepository where Access == WriteAccess {
    /// Notes under which fingerprint a link's failure was seen.
    public func addFingerprint(_ fingerprint: String, to link: Link) throws(StoreError) {
        try sql.run(
            FingerprintStatements.insert, [.host(link.projectID), .text(fingerprint), .id(link.id)])
    }
}

extension LinkRepository {
    /// Open issues that links of a defect relation connect to an object, or to a failure with the
    /// fingerprint; those of the object first, then the ones linked last. What the tracker no longer knows is
    /// left out: a new defect must not vanish behind it.
    /// - Parameter limit: most issues.
    public func reusableIssues(
        in project: ProjectID, object: TestObject?, fingerprint: String, limit: Int
    ) throws(StoreError) -> [ExternalIssue] {
        let values: [SQLValue] = [
            .host(project), .text(object?.kind.rawValue ?? ""), .text(object?.id ?? ""), .text(fingerprint),
            .integer(Int64(limit)),
        ]
        return try sql.all(FingerprintStatements.reusable, values) { (row: inout SQLRow) throws(SQLError) in
            try IssueRow.decode(&row, tenantID: sql.tenantID)
        }
    }
}

enum FingerprintStatements {
    static let insert = SQLStatement(
        """
        INSERT INTO link_fingerprints (tenant_id, project_id, fingerprint, link_id) VALUES ($1, $2, $3, $4)
        ON CONFLICT DO NOTHING
        """)
    static let reusable = SQLStatement(
        """
        SELECT \(IssueRow.columns) FROM (
            SELECT w.issue_id, max(w.is_own) AS is_own, max(w.link_id) AS newest FROM (
                SELECT l.issue_id, l.link_id, l.relation_id, 1 AS is_own FROM links l
                WHERE l.tenant_id = $1 AND l.project_id = $2 AND l.object_kind = $3 AND l.object_id = $4
                UNION ALL
                SELECT l.issue_id, l.link_id, l.relation_id, 0
                FROM link_fingerprints f
                JOIN links l ON l.tenant_id = $1 AND l.link_id = f.link_id
                WHERE f.tenant_id = $1 AND f.project_id = $2 AND f.fingerprint = $5) w
            JOIN relations r ON r.tenant_id = $1 AND r.relation_id = w.relation_id
            WHERE r.semantic_type = 'defect' AND w.issue_id IS NOT NULL
            GROUP BY w.issue_id) u
        JOIN issues i ON i.tenant_id = $1 AND i.issue_id = u.issue_id
        WHERE i.status_category NOT IN ('done', 'canceled')
            AND i.reachability NOT IN ('gone', 'not_found', 'out_of_scope')
        ORDER BY u.is_own DESC, u.newest DESC LIMIT $6
        """)
}
