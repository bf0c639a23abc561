// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
internal import SQLEngine

extension Store {
    /// The configuration's version of a tenant as of its last commit, without asking the database; nil when
    /// it is not remembered, or when others write too.
    public func knownConfigurationVersion(of tenantID: TenantID) -> Int64? {
        rememberedVersion(of: tenantID)
    }

    /// The sources that have a credential field of this name, whosever they are. It looks at every stored
    /// field, so it is for a start and for now and then.
    public func sources(withCredential name: String) async throws -> [SourceID: TenantID] {
        try await acrossTenants { scope in
            let rows = try scope.all(WebhookStatements.owners, [.text(name)]) { (row: inout SQLRow) in
                (source: row.id() as SourceID, tenant: row.hostID() as TenantID)
            }
            return Dictionary(rows.map { ($0.source, $0.tenant) }) { first, _ in first }
        }
    }
}

extension IssueRepository {
    /// What issues of a source are called in its tracker: native ids, and folded keys of present and past.
    /// - Returns: nil when there are more than so many of either.
    public func references(
        in source: SourceID, atMost limit: Int
    ) throws(StoreError) -> (nativeIDs: [String], foldedKeys: [String])? {
        let values: [SQLValue] = [.id(source), .integer(Int64(limit) + 1)]
        let ids = try sql.all(WebhookStatements.nativeIDs, values) { (row: inout SQLRow) in row.text() }
        let keys = try sql.all(WebhookStatements.keys, values) { (row: inout SQLRow) in row.text() }
        return ids.count > limit || keys.count > limit ? nil : (ids, keys)
    }
}

extension WebhookStatements {
    static let owners = SQLStatement(
        "SELECT c.source_id, c.tenant_id FROM source_credentials c WHERE c.name = $1")
    static let nativeIDs = SQLStatement(
        """
        SELECT i.native_id FROM issues i
        WHERE i.tenant_id = $1 AND i.source_id = $2 AND i.native_id > '' LIMIT $3
        """)
    static let keys = SQLStatement(
        """
        SELECT a.key_folded FROM issue_aliases a WHERE a.tenant_id = $1 AND a.source_id = $2 LIMIT $3
        """)
}
