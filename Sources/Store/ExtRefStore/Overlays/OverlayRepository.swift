// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
internal import SQLEngine

/// What projects change for themselves on sources and relations.
public struct OverlayRepository<Access: StoreAccess> {
    let sql: TenantSQL

    /// Reads a project's overlay on one source or relation.
    public func get(
        project: ProjectID, target: ProjectOverlay.Target
    ) throws(StoreError) -> ProjectOverlay? {
        try sql.first(OverlayStatements.get, [.host(project), .text(target.storedID)], decode)
    }

    /// Reads all overlays of a project.
    public func list(project: ProjectID) throws(StoreError) -> [ProjectOverlay] {
        try sql.all(OverlayStatements.list, [.host(project)], decode)
    }

    /// Reads the overlays of every project.
    public func all() throws(StoreError) -> [ProjectOverlay] {
        try sql.all(OverlayStatements.all, [], decode)
    }

    private func decode(_ row: inout SQLRow) throws(SQLError) -> ProjectOverlay {
        let project: ProjectID = row.hostID()
        let source: SourceID? = row.optionalID()
        let relation: RelationID? = row.optionalID()
        guard
            let target = source.map(ProjectOverlay.Target.source)
                ?? relation.map(ProjectOverlay.Target.relation)
        else { throw SQLError(.damaged, "an overlay lies on nothing") }
        return ProjectOverlay(
            tenantID: sql.tenantID, projectID: project, target: target, isHidden: row.flag(),
            defaultExternalProject: row.text(), isDefault: row.flag(), updatedAt: row.time(),
            revision: row.integer())
    }
}

extension OverlayRepository where Access == WriteAccess {
    /// Stores an overlay, new or not. A new default takes the place of the project's previous one.
    /// - Parameter expectedRevision: what the caller read, 0 for "none yet"; nil replaces whatever is there.
    /// - Returns: the overlay as stored, with its revision.
    /// - Throws: `staleRevision`; `foreignKey` when there is no such source or relation.
    @discardableResult
    public func set(_ overlay: ProjectOverlay, expectedRevision: Int64?) throws(StoreError) -> ProjectOverlay
    {
        let current = try get(project: overlay.projectID, target: overlay.target)?.revision ?? 0
        if let expectedRevision, expectedRevision != current {
            throw .stale(.overlay, overlay.target.storedID, current: current)
        }
        if overlay.isDefault {
            let clear =
                overlay.target.sourceID == nil
                ? OverlayStatements.clearDefaultRelation : OverlayStatements.clearDefaultSource
            try sql.run(
                clear, [.host(overlay.projectID), .text(overlay.target.storedID), .time(overlay.updatedAt)])
        }
        var stored = overlay
        stored.revision = current + 1
        try sql.run(OverlayStatements.upsert, values(stored))
        try sql.configurationChanged()
        return stored
    }

    private func values(_ overlay: ProjectOverlay) -> [SQLValue] {
        [
            .host(overlay.projectID), .text(overlay.target.storedID), .id(overlay.target.sourceID),
            .id(overlay.target.relationID), SQLValue(overlay.isHidden), .text(overlay.defaultExternalProject),
            SQLValue(overlay.isDefault), .time(overlay.updatedAt), .integer(overlay.revision),
        ]
    }
}

extension ProjectOverlay.Target {
    fileprivate var storedID: String {
        switch self {
        case .source(let id): id.rawValue
        case .relation(let id): id.rawValue
        }
    }

    fileprivate var sourceID: SourceID? {
        if case .source(let id) = self { id } else { nil }
    }

    fileprivate var relationID: RelationID? {
        if case .relation(let id) = self { id } else { nil }
    }
}

enum OverlayStatements {
    private static let columns = """
        v.project_id, v.source_id, v.relation_id, v.is_hidden, v.default_external_project, v.is_default,
        v.updated_at, v.revision
        """
    static let get = SQLStatement(
        """
        SELECT \(columns) FROM project_overlays v
        WHERE v.tenant_id = $1 AND v.project_id = $2 AND v.target_id = $3
        """)
    static let list = SQLStatement(
        """
        SELECT \(columns) FROM project_overlays v
        WHERE v.tenant_id = $1 AND v.project_id = $2 ORDER BY v.target_id
        """)
    static let all = SQLStatement(
        "SELECT \(columns) FROM project_overlays v WHERE v.tenant_id = $1 ORDER BY v.project_id, v.target_id")
    static let clearDefaultSource = SQLStatement(
        """
        UPDATE project_overlays SET is_default = 0, updated_at = $4, revision = revision + 1
        WHERE tenant_id = $1 AND project_id = $2 AND target_id <> $3 AND is_default = 1
            AND source_id IS NOT NULL
        """)
    static let clearDefaultRelation = SQLStatement(
        """
        UPDATE project_overlays SET is_default = 0, updated_at = $4, revision = revision + 1
        WHERE tenant_id = $1 AND project_id = $2 AND target_id <> $3 AND is_default = 1
            AND relation_id IS NOT NULL
        """)
    static let upsert = SQLStatement(
        """
        INSERT INTO project_overlays (tenant_id, project_id, target_id, source_id, relation_id, is_hidden,
            default_external_project, is_default, updated_at, revision)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (tenant_id, project_id, target_id) DO UPDATE SET is_hidden = excluded.is_hidden,
            default_external_project = excluded.default_external_project, is_default = excluded.is_default,
            updated_at = excluded.updated_at, revision = excluded.revision
        """)
}
