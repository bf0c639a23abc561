// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
internal import SQLEngine

/// The relations of a tenant.
public struct RelationRepository<Access: StoreAccess> {
    let sql: TenantSQL

    /// Reads one relation; a deleted one has its `deletedAt` set.
    public func get(_ id: RelationID) throws(StoreError) -> Relation? {
        let relation = try sql.first(RelationStatements.get, [.id(id)], decode)
        guard let relation else { return nil }
        return try completed([relation]).first
    }

    /// Reads many relations; missing ones are left out.
    public func get(_ ids: some Collection<RelationID>) throws(StoreError) -> [RelationID: Relation] {
        let relations = try sql.all(RelationStatements.getMany, [.texts(ids.map(\.rawValue))], decode)
        return Dictionary(uniqueKeysWithValues: try completed(relations).map { ($0.id, $0) })
    }

    /// Lists relations in the order of their creation.
    public func list(
        _ filter: RelationFilter = RelationFilter(), page: PageRequest = PageRequest()
    ) throws(StoreError) -> Page<Relation> {
        var query = SelectBuilder(RelationStatements.list)
        query.filter("r.relation_id > ?", .text(page.start))
        if !filter.includesDeleted { query.filter("r.deleted_at IS NULL") }
        if !filter.includesDisabled { query.filter("r.is_enabled = 1") }
        query.filter("r.owner_project = ?", ifPresent: filter.owner, SQLValue.owner)
        if let project = filter.usableIn {
            query.filter(Self.usableCondition, .host(project), .host(project))
        }
        query.filter(Self.kindCondition, ifPresent: filter.objectKind) { .text($0.rawValue) }
        query.finish("ORDER BY r.relation_id LIMIT ?", .integer(page.rowsRead))
        let found = Page(rows: try sql.all(query.statement, query.values, decode), request: page) {
            $0.id.rawValue
        }
        return Page(items: try completed(found.items), next: found.next)
    }

    private static var usableCondition: String {
        """
        (r.owner_project = ? OR r.owner_project = '' AND (r.is_everywhere = 1 OR EXISTS (
            SELECT 1 FROM relation_projects p
            WHERE p.tenant_id = $1 AND p.relation_id = r.relation_id AND p.project_id = ?)))
        """
    }

    private static var kindCondition: String {
        """
        (NOT EXISTS (
            SELECT 1 FROM relation_object_kinds k WHERE k.tenant_id = $1 AND k.relation_id = r.relation_id)
        OR EXISTS (
            SELECT 1 FROM relation_object_kinds k
            WHERE k.tenant_id = $1 AND k.relation_id = r.relation_id AND k.object_kind = ?))
        """
    }

    /// All living relations of the tenant in display order: by `sortOrder`, then by name.
    public func all() throws(StoreError) -> [Relation] {
        try completed(try sql.all(RelationStatements.all, [], decode))
            .sorted { ($0.sortOrder, $0.name, $0.id) < ($1.sortOrder, $1.name, $1.id) }
    }

    /// Counts the links that use a relation, by project.
    public func usage(of id: RelationID) throws(StoreError) -> [ProjectUsage] {
        try sql.all(RelationStatements.usage, [.id(id)], ProjectUsage.decode)
    }

    private func decode(_ row: inout SQLRow) throws(SQLError) -> Relation {
        try RelationRow.decode(&row, tenantID: sql.tenantID)
    }

    /// Adds what hangs on relations that are in the order of their ids.
    private func completed(_ relations: [Relation]) throws(StoreError) -> [Relation] {
        guard let first = relations.first, let last = relations.last else { return [] }
        var projects: [RelationID: Set<ProjectID>] = [:]
        try sql.each(RelationStatements.projects, [.id(first.id), .id(last.id)]) { (row: inout SQLRow) in
            projects[row.id(), default: []].insert(row.hostID())
            return true
        }
        var kinds: [RelationID: Set<ObjectKind>] = [:]
        try sql.each(RelationStatements.objectKinds, [.id(first.id), .id(last.id)]) { (row: inout SQLRow) in
            kinds[row.id(), default: []].insert(ObjectKind(trusted: row.text()))
            return true
        }
        return relations.map { relation in
            var relation = relation
            relation.allowedObjectKinds = kinds[relation.id] ?? []
            if case .projects = relation.availability {
                relation.availability = .projects(projects[relation.id] ?? [])
            }
            return relation
        }
    }
}
