// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
internal import SQLEngine

/// How far a verification of the audit trail has come.
public struct AuditCheckpoint: Sendable, Hashable {
    /// Entries verified so far.
    public let sequence: Int64
    /// The hash of the last one.
    public let hash: String

    /// Before the first entry.
    public static let start = AuditCheckpoint(sequence: 0, hash: "")

    /// - Parameters: what an earlier verification answered.
    public init(sequence: Int64, hash: String) {
        self.sequence = sequence
        self.hash = hash
    }
}

/// What a verification of the audit trail found.
public enum AuditVerdict: Sendable, Hashable {
    /// Every entry is as it was written, and none is missing.
    case intact(AuditCheckpoint)
    /// Nothing wrong so far; go on from here.
    case unfinished(AuditCheckpoint)
    /// The first entry that is not as it was written, or is missing.
    case broken(sequence: Int64)
}

/// A tenant's audit trail. Triggers refuse updates and deletes; a hash over each entry and the one before
/// shows what was changed behind the database's back; the newest hash is also in the tenant's own row, which
/// shows a trail that was cut short.
public struct AuditRepository<Access: StoreAccess> {
    let sql: TenantSQL

    /// Lists entries, newest first.
    /// - Parameters:
    ///   - project: only what happened in this project; nil = everything.
    ///   - resourceID: only what happened to this; nil = everything.
    ///   - start: only what happened then or later.
    ///   - end: only what happened before.
    public func list(
        project: ProjectID? = nil, resourceID: String? = nil, start: Timestamp? = nil, end: Timestamp? = nil,
        page: PageRequest = PageRequest()
    ) throws(StoreError) -> Page<AuditEntry> {
        var query = SelectBuilder(AuditStatements.list)
        query.filter("a.project_id = ?", ifPresent: project) { .host($0) }
        query.filter("a.resource_id = ?", ifPresent: resourceID) { .text($0) }
        query.filter("a.occurred_at >= ?", ifPresent: start) { .time($0) }
        query.filter("a.occurred_at < ?", ifPresent: end) { .time($0) }
        query.filter("a.sequence < ?", .integer(page.after.flatMap { Int64($0) } ?? .max))
        query.finish("ORDER BY a.sequence DESC LIMIT ?", .integer(page.rowsRead))
        let rows = try sql.all(query.statement, query.values, decode)
        let found = Page(rows: rows, request: page) { String($0.sequence) }
        return Page(items: found.items.map(\.entry), next: found.next)
    }

    /// Verifies the trail, or the next part of it.
    public func verifyChain(from checkpoint: AuditCheckpoint = .start) throws(StoreError) -> AuditVerdict {
        var verified = checkpoint
        var broken: Int64?
        let values: [SQLValue] = [
            .integer(checkpoint.sequence), .integer(Int64(StoreLimits.auditVerifiedMax)),
        ]
        try sql.each(AuditStatements.chain, values) { (row: inout SQLRow) throws(SQLError) in
            let (sequence, entry) = try decode(&row)
            let expected = AuditHash.hash(entry, sequence: sequence, previous: verified.hash)
            guard sequence == verified.sequence + 1, entry.hash == expected else {
                broken = verified.sequence + 1
                return false
            }
            verified = AuditCheckpoint(sequence: sequence, hash: expected)
            return true
        }
        if let broken { return .broken(sequence: broken) }
        if verified.sequence == checkpoint.sequence + Int64(StoreLimits.auditVerifiedMax) {
            return .unfinished(verified)
        }
        return try head() == verified ? .intact(verified) : .broken(sequence: verified.sequence + 1)
    }

    /// The newest entry, as the tenant's row has it.
    private func head() throws(StoreError) -> AuditCheckpoint {
        try sql.first(AuditStatements.head) { (row: inout SQLRow) in
            AuditCheckpoint(sequence: row.integer(), hash: row.text())
        } ?? .start
    }

    private func decode(_ row: inout SQLRow) throws(SQLError) -> (sequence: Int64, entry: AuditEntry) {
        let sequence = row.integer()
        let entry = AuditEntry(
            id: row.id(), tenantID: sql.tenantID, projectID: row.optionalText().map(ProjectID.init(trusted:)),
            principalID: row.hostID(), action: row.text(), resourceType: row.text(), resourceID: row.text(),
            fields: try row.fields(), origin: try row.word(), requestID: row.text(), occurredAt: row.time(),
            hash: row.text())
        return (sequence, entry)
    }
}

extension AuditRepository where Access == WriteAccess {
    /// Adds an entry, sealed to the one before it.
    /// - Returns: the entry with its hash.
    /// - Throws: `notFound` when the tenant was never seeded.
    @discardableResult
    public func append(_ entry: AuditEntry) throws(StoreError) -> AuditEntry {
        let previous = try sql.first(AuditStatements.take) { (row: inout SQLRow) in
            AuditCheckpoint(sequence: row.integer(), hash: row.text())
        }
        guard let previous else { throw .notFound(.tenant, sql.tenantID) }
        var sealed = entry
        sealed.hash = AuditHash.hash(entry, sequence: previous.sequence, previous: previous.hash)
        try sql.run(
            AuditStatements.insert,
            [
                .integer(previous.sequence), .id(entry.id), .host(entry.projectID), .host(entry.principalID),
                .text(entry.action), .text(entry.resourceType), .text(entry.resourceID),
                .fields(entry.fields),
                .word(entry.origin), .text(entry.requestID), .time(entry.occurredAt), .text(sealed.hash),
            ])
        try sql.run(AuditStatements.setHead, [.text(sealed.hash)])
        return sealed
    }
}

enum AuditStatements {
    private static let columns = """
        a.sequence, a.audit_id, a.project_id, a.principal_id, a.action, a.resource_type, a.resource_id,
        a.fields, a.origin, a.request_id, a.occurred_at, a.hash
        """
    /// Goes on with filters.
    static let list = "SELECT \(columns) FROM audit_entries a WHERE a.tenant_id = $1"
    static let chain = SQLStatement(
        """
        SELECT \(columns) FROM audit_entries a
        WHERE a.tenant_id = $1 AND a.sequence > $2 ORDER BY a.sequence LIMIT $3
        """)
    static let head = SQLStatement(
        "SELECT t.audit_sequence, t.audit_hash FROM tenants t WHERE t.tenant_id = $1")
    /// Takes the next number; the hash is still the previous entry's.
    static let take = SQLStatement(
        """
        UPDATE tenants SET audit_sequence = audit_sequence + 1 WHERE tenant_id = $1
        RETURNING audit_sequence, audit_hash
        """)
    static let setHead = SQLStatement("UPDATE tenants SET audit_hash = $2 WHERE tenant_id = $1")
    static let insert = SQLStatement(
        """
        INSERT INTO audit_entries (tenant_id, sequence, audit_id, project_id, principal_id, action,
            resource_type, resource_id, fields, origin, request_id, occurred_at, hash)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        """)
}
