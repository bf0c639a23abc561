// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
internal import SQLEngine

/// What a context may do; a phantom type, so that a write inside a read does not compile.
public protocol StoreAccess {}
/// May look.
public enum ReadAccess: StoreAccess {}
/// May look and change.
public enum WriteAccess: StoreAccess {}

/// What a read sees.
public typealias ReadContext = StoreContext<ReadAccess>
/// What a write sees and changes.
public typealias WriteContext = StoreContext<WriteAccess>

/// One tenant's data inside one snapshot or transaction. A function that only looks takes
/// `StoreContext<some StoreAccess>`.
///
/// It works until the closure that received it returns; later use throws. It is not `Sendable`.
public struct StoreContext<Access: StoreAccess> {
    let sql: TenantSQL
    /// The configuration's version as of the last commit, when the store remembers it.
    private let knownVersion: Int64?

    init(tenantID: TenantID, scope: SQLScope, knownVersion: Int64? = nil) {
        sql = TenantSQL(tenantID: tenantID, scope: scope, notes: WriteNotes())
        self.knownVersion = knownVersion
    }

    /// The tenant that every operation is confined to.
    public var tenantID: TenantID { sql.tenantID }

    public var sources: SourceRepository<Access> { SourceRepository(sql: sql) }
    public var relations: RelationRepository<Access> { RelationRepository(sql: sql) }
    public var overlays: OverlayRepository<Access> { OverlayRepository(sql: sql) }
    public var issues: IssueRepository<Access> { IssueRepository(sql: sql) }
    public var links: LinkRepository<Access> { LinkRepository(sql: sql) }
    public var changes: ChangeRepository<Access> { ChangeRepository(sql: sql) }
    public var audit: AuditRepository<Access> { AuditRepository(sql: sql) }
    public var issueCreations: IssueCreationRepository<Access> { IssueCreationRepository(sql: sql) }
    public var backLinks: BackLinkRepository<Access> { BackLinkRepository(sql: sql) }
    public var syncs: SourceSyncRepository<Access> { SourceSyncRepository(sql: sql) }
    public var webhooks: WebhookRepository<Access> { WebhookRepository(sql: sql) }
    public var jobs: JobRepository<Access> { JobRepository(sql: sql) }
    public var requestIDs: RequestIDRepository<Access> { RequestIDRepository(sql: sql) }

    /// A number that grows with every change of a source, relation, credential or overlay: when it is the
    /// same as before, a snapshot of the configuration still holds. 0 for a tenant that was never seeded.
    public func configurationVersion() throws(StoreError) -> Int64 {
        if let knownVersion { return knownVersion }
        let version = try sql.first(TenantStatements.configurationVersion) { (row: inout SQLRow) in
            row.integer()
        }
        sql.notes.configurationVersion = version
        return version ?? 0
    }
}
