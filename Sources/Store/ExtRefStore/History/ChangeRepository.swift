// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
internal import SQLEngine

/// Which changes a reader of the feed wants.
public struct ChangeFilter: Sendable, Hashable {
    /// What is visible in these projects: their own changes, changes of issues that their links point to, and
    /// changes that belong to no project. nil = everything.
    public var projectIDs: Set<ProjectID>?
    /// Only these kinds; empty = every one.
    public var kinds: Set<Change.Kind> = []
    /// Only changes of links of this object.
    public var object: TestObject?
    /// Only changes that concern this source: its own, its issues' and those of links to it.
    public var sourceID: SourceID?

    /// Wants everything, or what is visible in some projects.
    public init(projectIDs: Set<ProjectID>? = nil) {
        self.projectIDs = projectIDs
    }
}

/// Part of a change feed.
public struct ChangePage: Sendable, Hashable {
    public let changes: [Change]
    /// How far the feed was looked through: where the next read goes on.
    public let cursor: Int64
    /// Whether the feed goes on behind ``cursor`` already.
    public let hasMore: Bool
}

/// A tenant's numbered change feed.
///
/// Numbers have no gaps and grow in the order of the commits: each is taken from the tenant's counter inside
/// the transaction that makes the change, and a transaction that is undone gives it back.
public struct ChangeRepository<Access: StoreAccess> {
    let sql: TenantSQL

    /// The newest number; 0 when nothing has happened yet.
    public func currentSequence() throws(StoreError) -> Int64 {
        try sql.first(ChangeStatements.current) { (row: inout SQLRow) in row.integer() } ?? 0
    }

    /// Reads the feed from behind a number, in order.
    /// - Parameters:
    ///   - sequence: ``ChangePage/cursor`` of the page before; 0 for the start.
    ///   - limit: 1 to ``StoreLimits/changesPageMax``; a larger wish is cut.
    public func list(
        after sequence: Int64, filter: ChangeFilter = ChangeFilter(), limit: Int
    ) throws(StoreError) -> ChangePage {
        let newest = try currentSequence()
        let end = min(newest, sequence + Int64(StoreLimits.changesScannedMax))
        guard end > sequence else { return ChangePage(changes: [], cursor: sequence, hasMore: false) }
        let limit = min(max(limit, 1), StoreLimits.changesPageMax)
        var query = SelectBuilder(ChangeStatements.list)
        query.filter("c.sequence > ?", .integer(sequence))
        query.filter("c.sequence <= ?", .integer(end))
        Self.apply(filter, to: &query)
        query.finish("ORDER BY c.sequence LIMIT ?", .integer(Int64(limit)))
        let changes = try sql.all(query.statement, query.values, decode)
        let cursor = changes.count == limit ? changes[limit - 1].sequence : end
        return ChangePage(changes: changes, cursor: cursor, hasMore: cursor < newest)
    }

    private static func apply(_ filter: ChangeFilter, to query: inout SelectBuilder) {
        query.filter("c.kind", oneOf: filter.kinds.map(\.rawValue))
        if let object = filter.object {
            query.filter("c.object_kind = ?", .text(object.kind.rawValue))
            query.filter("c.object_id = ?", .text(object.id))
        }
        query.filter("c.source_id = ?", ifPresent: filter.sourceID) { .id($0) }
        if let projects = filter.projectIDs {
            let list = SQLValue.texts(projects.map(\.rawValue).sorted())
            query.filter(ChangeStatements.isVisible, list, list)
        }
    }

    private func decode(_ row: inout SQLRow) throws(SQLError) -> Change {
        let sequence = row.integer()
        let kind: Change.Kind = try row.word()
        let project: ProjectID? = row.optionalText().map(ProjectID.init(trusted:))
        let objectKind = row.optionalText()
        let objectID = row.text()
        return Change(
            tenantID: sql.tenantID, sequence: sequence, kind: kind, projectID: project,
            object: objectKind.map { TestObject(kind: ObjectKind(trusted: $0), id: objectID) },
            linkID: row.optionalID(), issueID: row.optionalID(), sourceID: row.optionalID(),
            relationID: row.optionalID(), fields: try row.fields(), origin: try row.word(),
            occurredAt: row.time())
    }
}

extension ChangeRepository where Access == WriteAccess {
    /// Adds a change to the feed.
    /// - Returns: the change with its number.
    /// - Throws: `notFound` when the tenant was never seeded.
    @discardableResult
    public func append(_ change: Change) throws(StoreError) -> Change {
        let sequence = try sql.first(ChangeStatements.take) { (row: inout SQLRow) in row.integer() }
        guard let sequence else { throw .notFound(.tenant, sql.tenantID) }
        try sql.run(
            ChangeStatements.insert,
            [
                .integer(sequence), .word(change.kind), .host(change.projectID),
                SQLValue(change.object?.kind.rawValue), SQLValue(change.object?.id), .id(change.linkID),
                .id(change.issueID), .id(change.sourceID), .id(change.relationID), .fields(change.fields),
                .word(change.origin), .time(change.occurredAt),
            ])
        sql.notes.lastSequence = sequence
        var numbered = change
        numbered.sequence = sequence
        return numbered
    }
}

enum ChangeStatements {
    static let current = SQLStatement("SELECT t.change_sequence FROM tenants t WHERE t.tenant_id = $1")
    /// Goes on with filters.
    static let list = """
        SELECT c.sequence, c.kind, c.project_id, c.object_kind, c.object_id, c.link_id, c.issue_id,
            c.source_id, c.relation_id, c.fields, c.origin, c.occurred_at
        FROM changes c WHERE c.tenant_id = $1
        """
    static let isVisible = """
        (c.project_id IN (SELECT x.value FROM {LIST ?} x)
        OR c.project_id IS NULL AND (c.issue_id IS NULL OR EXISTS (
            SELECT 1 FROM links l WHERE l.tenant_id = $1 AND l.issue_id = c.issue_id
                AND l.project_id IN (SELECT x.value FROM {LIST ?} x))))
        """
    static let take = SQLStatement(
        """
        UPDATE tenants SET change_sequence = change_sequence + 1 WHERE tenant_id = $1
        RETURNING change_sequence
        """)
    static let insert = SQLStatement(
        """
        INSERT INTO changes (tenant_id, sequence, kind, project_id, object_kind, object_id, link_id, issue_id,
            source_id, relation_id, fields, origin, occurred_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        """)
}
