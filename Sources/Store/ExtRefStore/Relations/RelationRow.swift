// SPDX-License-Identifier: Apache-2.0

internal import ExtRefDomain
internal import SQLEngine

/// A relation's own row: how it is read and written. What hangs on it comes from other tables.
enum RelationRow {
    static let columns = """
        r.relation_id, r.owner_project, r.name, r.semantic_type, r.is_system_defined, r.created_at,
        r.created_by, r.inverse_name, r.oslc_uri, r.color, r.sort_order, r.is_everywhere, r.is_enabled,
        r.updated_at, r.deleted_at, r.revision
        """

    static func decode(_ row: inout SQLRow, tenantID: TenantID) throws(SQLError) -> Relation {
        var relation = Relation(
            id: row.id(), tenantID: tenantID, owner: Owner(stored: row.text()), name: row.text(),
            semanticType: try row.word(), isSystemDefined: row.flag(), createdAt: row.time(),
            createdBy: row.hostID())
        relation.inverseName = row.text()
        relation.oslcURI = row.text()
        relation.color = row.text()
        relation.sortOrder = Int32(clamping: row.integer())
        relation.availability = row.flag() ? .allProjects : .projects([])
        relation.isEnabled = row.flag()
        relation.updatedAt = row.time()
        relation.deletedAt = row.optionalTime()
        relation.revision = row.integer()
        return relation
    }

    /// The values of `$2` to `$12`, which insert and update share.
    static func values(_ relation: Relation) -> [SQLValue] {
        [
            .id(relation.id), .owner(relation.owner), .text(relation.name),
            .text(NameFolding.fold(relation.name)),
            .text(relation.inverseName), .word(relation.semanticType), .text(relation.oslcURI),
            .text(relation.color), .integer(Int64(relation.sortOrder)),
            SQLValue(relation.availability == .allProjects), SQLValue(relation.isEnabled),
        ]
    }
}
