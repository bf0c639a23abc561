// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
internal import SQLEngine

/// What links leave in trackers.
public struct BackLinkRepository<Access: StoreAccess> {
    let sql: TenantSQL

    /// Reads what a link leaves, or left.
    public func get(_ id: LinkID) throws(StoreError) -> BackLinkRecord? {
        try sql.first(BackLinkStatements.get, [.id(id)]) { (row: inout SQLRow) in
            BackLinkRecord(
                linkID: row.id(), tenantID: sql.tenantID, sourceID: row.id(), issueKey: row.text(),
                nativeID: row.text(), url: row.text(), title: row.text(), relationship: row.text(),
                isWanted: row.flag(), remoteID: row.text(), putAt: row.optionalTime(), lastError: row.text())
        }
    }
}

extension BackLinkRepository where Access == WriteAccess {
    /// Stores a record, replacing the one of its link.
    public func put(_ record: BackLinkRecord) throws(StoreError) {
        try sql.run(
            BackLinkStatements.put,
            [
                .id(record.linkID), .id(record.sourceID), .text(record.issueKey), .text(record.nativeID),
                .text(record.url), .text(record.title), .text(record.relationship),
                SQLValue(record.isWanted), .text(record.remoteID), .time(record.putAt),
                .text(record.lastError),
            ])
    }

    /// Forgets a record.
    public func delete(_ id: LinkID) throws(StoreError) {
        try sql.run(BackLinkStatements.delete, [.id(id)])
    }
}

enum BackLinkStatements {
    static let get = SQLStatement(
        """
        SELECT b.link_id, b.source_id, b.issue_key, b.native_id, b.url, b.title, b.relationship, b.is_wanted,
            b.remote_id, b.put_at, b.last_error
        FROM back_links b WHERE b.tenant_id = $1 AND b.link_id = $2
        """)
    static let put = SQLStatement(
        """
        INSERT INTO back_links (tenant_id, link_id, source_id, issue_key, native_id, url, title, relationship,
            is_wanted, remote_id, put_at, last_error)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        ON CONFLICT (tenant_id, link_id) DO UPDATE SET source_id = excluded.source_id,
            issue_key = excluded.issue_key, native_id = excluded.native_id, url = excluded.url,
            title = excluded.title, relationship = excluded.relationship, is_wanted = excluded.is_wanted,
            remote_id = excluded.remote_id, put_at = excluded.put_at, last_error = excluded.last_error
        """)
    static let delete = SQLStatement("DELETE FROM back_links WHERE tenant_id = $1 AND link_id = $2")
}
