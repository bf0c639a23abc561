// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
internal import SQLEngine

/// The integration sources of a tenant.
public struct SourceRepository<Access: StoreAccess> {
    let sql: TenantSQL

    /// Reads one source with all that hangs on it; a deleted one has its `deletedAt` set.
    public func get(_ id: SourceID) throws(StoreError) -> IntegrationSource? {
        let source = try sql.first(SourceStatements.get, [.id(id)], decode)
        guard let source else { return nil }
        return try completed([source]).first
    }

    /// Whether a source is there and switched on.
    public func isEnabled(_ id: SourceID) throws(StoreError) -> Bool {
        try sql.first(SourceStatements.isEnabled, [.id(id)]) { (row: inout SQLRow) in row.flag() } ?? false
    }

    /// Reads many sources; missing ones are left out.
    public func get(_ ids: some Collection<SourceID>) throws(StoreError) -> [SourceID: IntegrationSource] {
        let sources = try sql.all(SourceStatements.getMany, [.texts(ids.map(\.rawValue))], decode)
        return Dictionary(uniqueKeysWithValues: try completed(sources).map { ($0.id, $0) })
    }

    /// Lists sources in the order of their creation.
    public func list(
        _ filter: SourceFilter = SourceFilter(), page: PageRequest = PageRequest()
    ) throws(StoreError) -> Page<IntegrationSource> {
        var query = SelectBuilder(SourceStatements.list)
        query.filter("s.source_id > ?", .text(page.start))
        if !filter.includesDeleted { query.filter("s.deleted_at IS NULL") }
        if !filter.includesDisabled { query.filter("s.is_enabled = 1") }
        query.filter("s.owner_project = ?", ifPresent: filter.owner, SQLValue.owner)
        query.filter("s.provider_id = ?", ifPresent: filter.providerID) { .text($0.rawValue) }
        if let project = filter.usableIn {
            query.filter(Self.usableCondition, .host(project), .host(project))
        }
        query.finish("ORDER BY s.source_id LIMIT ?", .integer(page.rowsRead))
        let found = Page(rows: try sql.all(query.statement, query.values, decode), request: page) {
            $0.id.rawValue
        }
        return Page(items: try completed(found.items), next: found.next)
    }

    private static var usableCondition: String {
        """
        (s.owner_project = ? OR s.owner_project = '' AND (s.is_everywhere = 1 OR EXISTS (
            SELECT 1 FROM source_projects p
            WHERE p.tenant_id = $1 AND p.source_id = s.source_id AND p.project_id = ?)))
        """
    }

    /// All living, switched-on sources of the tenant, for a snapshot; see
    /// ``StoreContext/configurationVersion()``.
    public func allEnabled() throws(StoreError) -> [IntegrationSource] {
        try completed(try sql.all(SourceStatements.allEnabled, [], decode))
    }

    /// Counts the links that use a source, by project.
    public func usage(of id: SourceID) throws(StoreError) -> [ProjectUsage] {
        try sql.all(SourceStatements.usage, [.id(id)], ProjectUsage.decode)
    }

    /// Reads the sealed credential fields of a source.
    public func sealedCredentials(of id: SourceID) throws(StoreError) -> [SealedCredential] {
        try sql.all(SourceStatements.sealedCredentials, [.id(id)]) { (row: inout SQLRow) in
            SealedCredential(
                name: row.text(), sealed: row.blob(), setAt: row.time(), setBy: row.hostID(),
                expiresAt: row.optionalTime())
        }
    }

    func decode(_ row: inout SQLRow) throws(SQLError) -> IntegrationSource {
        try SourceRow.decode(&row, tenantID: sql.tenantID)
    }

    /// Adds what hangs on sources that are in the order of their ids: four statements for the whole page.
    private func completed(_ sources: [IntegrationSource]) throws(StoreError) -> [IntegrationSource] {
        guard let first = sources.first, let last = sources.last else { return [] }
        let range: [SQLValue] = [.id(first.id), .id(last.id)]
        let credentials = try grouped(SourceStatements.credentials, range) { (row: inout SQLRow) in
            CredentialState(
                name: row.text(), setAt: row.time(), setBy: row.hostID(), expiresAt: row.optionalTime())
        }
        let projects: [SourceID: [ProjectID]] = try grouped(SourceStatements.projects, range) { $0.hostID() }
        let external = try grouped(SourceStatements.externalProjects, range) { $0.text() }
        let statusMap = try grouped(SourceStatements.statusMap, range) {
            (row: inout SQLRow) throws(SQLError) in
            StatusMapping(status: row.text(), type: row.text(), category: try row.word())
        }
        return sources.map { source in
            var source = source
            source.credentials = credentials[source.id] ?? []
            source.allowedExternalProjects = external[source.id] ?? []
            source.statusMap = statusMap[source.id] ?? []
            if case .projects = source.availability {
                source.availability = .projects(Set(projects[source.id] ?? []))
            }
            return source
        }
    }

    private func grouped<Value>(
        _ statement: SQLStatement, _ range: [SQLValue], _ decode: (inout SQLRow) throws(SQLError) -> Value
    ) throws(StoreError) -> [SourceID: [Value]] {
        var groups: [SourceID: [Value]] = [:]
        try sql.each(statement, range) { (row: inout SQLRow) throws(SQLError) in
            groups[row.id(), default: []].append(try decode(&row))
            return true
        }
        return groups
    }
}

extension ProjectUsage {
    static func decode(_ row: inout SQLRow) -> ProjectUsage {
        ProjectUsage(projectID: row.hostID(), links: Int(row.integer()))
    }
}
