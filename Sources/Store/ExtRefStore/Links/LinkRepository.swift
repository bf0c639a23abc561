// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
internal import SQLEngine

/// The links of a tenant.
public struct LinkRepository<Access: StoreAccess> {
    let sql: TenantSQL

    /// Reads one link.
    public func get(_ id: LinkID) throws(StoreError) -> Link? {
        try sql.first(LinkStatements.get, [.id(id)], decode)
    }

    /// Reads many links; missing ones are left out.
    public func get(_ ids: some Collection<LinkID>) throws(StoreError) -> [LinkID: Link] {
        let links = try sql.all(LinkStatements.getMany, [.texts(ids.map(\.rawValue))], decode)
        return Dictionary(uniqueKeysWithValues: links.map { ($0.id, $0) })
    }

    /// Reads one link with its issue, in one statement.
    public func detail(_ id: LinkID) throws(StoreError) -> LinkDetail? {
        try sql.first(LinkStatements.detail, [.id(id)], decodeDetail)
    }

    /// Lists links with their issues in the order of their creation.
    public func list(
        _ filter: LinkFilter = LinkFilter(), page: PageRequest = PageRequest()
    ) throws(StoreError) -> Page<LinkDetail> {
        var query = SelectBuilder(LinkStatements.details)
        query.filter("l.link_id > ?", .text(page.start))
        query.filter("l.project_id = ?", ifPresent: filter.projectID) { .host($0) }
        if let object = filter.object {
            if filter.includesDescendants, let project = filter.projectID {
                query.filter(linksUnder: object, in: project)
            } else {
                query.filter("l.object_kind = ?", .text(object.kind.rawValue))
                query.filter("l.object_id = ?", .text(object.id))
            }
        }
        query.filter("l.source_id = ?", ifPresent: filter.sourceID) { .id($0) }
        query.filter("l.issue_id = ?", ifPresent: filter.issueID) { .id($0) }
        query.filter("l.relation_id = ?", ifPresent: filter.relationID) { .id($0) }
        query.filter(Self.semanticCondition, ifPresent: filter.semanticType) { .word($0) }
        query.filter("coalesce(i.status_category, 'unknown')", oneOf: filter.statusCategories.map(\.rawValue))
        query.finish("ORDER BY l.link_id LIMIT ?", .integer(page.rowsRead))
        return Page(rows: try sql.all(query.statement, query.values, decodeDetail), request: page) {
            $0.link.id.rawValue
        }
    }

    private static var semanticCondition: String {
        """
        l.relation_id IN (
            SELECT r.relation_id FROM relations r WHERE r.tenant_id = $1 AND r.semantic_type = ?)
        """
    }

    func decode(_ row: inout SQLRow) throws(SQLError) -> Link {
        try LinkRow.decode(&row, tenantID: sql.tenantID)
    }

    func decodeDetail(_ row: inout SQLRow) throws(SQLError) -> LinkDetail {
        try LinkRow.decodeDetail(&row, tenantID: sql.tenantID)
    }
}
