// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
internal import SQLEngine

/// The notifications that trackers sent: receipts, by which a repeat is known, and a log for admins.
public struct WebhookRepository<Access: StoreAccess> {
    let sql: TenantSQL

    /// The latest notifications of a source, newest first.
    /// - Parameter limit: cut to ``StoreLimits/webhookRecordsMax``.
    public func list(of source: SourceID, limit: Int) throws(StoreError) -> [WebhookRecord] {
        let limit = min(max(limit, 1), StoreLimits.webhookRecordsMax)
        return try sql.all(WebhookStatements.list, [.id(source), .integer(Int64(limit))]) {
            (row: inout SQLRow) throws(SQLError) in
            WebhookRecord(
                id: row.id(), sourceID: source, vendorID: row.text(), receivedAt: row.time(),
                outcome: try row.word(), reason: row.text(), issues: Int(row.integer()))
        }
    }
}

extension WebhookRepository where Access == WriteAccess {
    /// Notes that a notification arrived.
    /// - Returns: false when it had arrived before.
    public func receive(
        _ vendorID: String, of source: SourceID, at time: Timestamp
    ) throws(StoreError) -> Bool {
        try sql.run(WebhookStatements.receive, [.id(source), .text(vendorID), .time(time)]) > 0
    }

    /// Adds a notification to the log, and drops the oldest of its source beyond
    /// ``StoreLimits/webhookRecordsMax``.
    public func log(_ record: WebhookRecord) throws(StoreError) {
        try sql.run(
            WebhookStatements.log,
            [
                .id(record.sourceID), .id(record.id), .text(record.vendorID), .time(record.receivedAt),
                .word(record.outcome), .text(record.reason), .integer(Int64(record.issues)),
            ])
        try sql.run(
            WebhookStatements.trim, [.id(record.sourceID), .integer(Int64(StoreLimits.webhookRecordsMax))])
    }

    /// Forgets receipts of before a time, oldest first, up to ``StoreLimits/webhookReceiptsPurgedMax``.
    /// - Returns: how many it forgot.
    @discardableResult
    public func purgeReceipts(of source: SourceID, before time: Timestamp) throws(StoreError) -> Int {
        try sql.run(
            WebhookStatements.purge,
            [.id(source), .time(time), .integer(Int64(StoreLimits.webhookReceiptsPurgedMax))])
    }
}

enum WebhookStatements {
    static let list = SQLStatement(
        """
        SELECT w.delivery_id, w.vendor_id, w.received_at, w.outcome, w.reason, w.issues
        FROM webhook_deliveries w
        WHERE w.tenant_id = $1 AND w.source_id = $2 ORDER BY w.delivery_id DESC LIMIT $3
        """)
    static let receive = SQLStatement(
        """
        INSERT INTO webhook_receipts (tenant_id, source_id, vendor_id, received_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (tenant_id, source_id, vendor_id) DO NOTHING
        """)
    static let log = SQLStatement(
        """
        INSERT INTO webhook_deliveries (tenant_id, source_id, delivery_id, vendor_id, received_at, outcome,
            reason, issues)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """)
    /// Ids sort by the time they were made.
    static let trim = SQLStatement(
        """
        DELETE FROM webhook_deliveries
        WHERE tenant_id = $1 AND source_id = $2 AND delivery_id <= (
            SELECT w.delivery_id FROM webhook_deliveries w
            WHERE w.tenant_id = $1 AND w.source_id = $2 ORDER BY w.delivery_id DESC LIMIT 1 OFFSET $3)
        """)
    static let purge = SQLStatement(
        """
        DELETE FROM webhook_receipts WHERE tenant_id = $1 AND source_id = $2 AND vendor_id IN (
            SELECT r.vendor_id FROM webhook_receipts r
            WHERE r.tenant_id = $1 AND r.source_id = $2 AND r.received_at < $3
            ORDER BY r.received_at LIMIT $4)
        """)
}
