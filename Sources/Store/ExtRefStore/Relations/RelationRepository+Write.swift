// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
internal import SQLEngine

extension RelationRepository where Access == WriteAccess {
    /// Stores a new relation.
    /// - Throws: `conflict` with the id of the owner's living relation of the same name, case ignored.
    public func insert(_ relation: Relation) throws(StoreError) {
        try requireFreeName(relation)
        try sql.run(
            RelationStatements.insert,
            RelationRow.values(relation) + [
                SQLValue(relation.isSystemDefined), .time(relation.createdAt), .host(relation.createdBy),
                .time(relation.updatedAt), .integer(relation.revision),
            ])
        try insertLists(of: relation)
        try sql.configurationChanged()
    }

    /// Replaces a relation's settings.
    /// - Parameter expectedRevision: what the caller read; nil replaces whatever is there.
    /// - Returns: the relation as stored, with its new revision.
    /// - Throws: `staleRevision`, `notFound` (also for a deleted one), or `conflict` about the name.
    @discardableResult
    public func update(_ relation: Relation, expectedRevision: Int64?) throws(StoreError) -> Relation {
        try requireRevision(relation.id, expectedRevision)
        try requireFreeName(relation)
        try sql.run(RelationStatements.update, RelationRow.values(relation) + [.time(relation.updatedAt)])
        try sql.run(RelationStatements.deleteProjects, [.id(relation.id)])
        try sql.run(RelationStatements.deleteObjectKinds, [.id(relation.id)])
        try insertLists(of: relation)
        return try changed(relation.id)
    }

    /// Switches a relation on or off.
    /// - Throws: `staleRevision` or `notFound`.
    @discardableResult
    public func setEnabled(
        _ id: RelationID, _ isEnabled: Bool, expectedRevision: Int64?, at time: Timestamp
    ) throws(StoreError) -> Relation {
        try requireRevision(id, expectedRevision)
        try sql.run(RelationStatements.setEnabled, [.id(id), SQLValue(isEnabled), .time(time)])
        return try changed(id)
    }

    /// Deletes a relation: for good when no link uses it (any more), else leaves a tombstone that links can
    /// show.
    /// - Parameter replacement: the relation its links get in the same step; a link that would then be the
    ///   twin of another is removed.
    /// - Throws: `staleRevision`, or `notFound` for either relation.
    public func delete(
        _ id: RelationID, replacement: RelationID? = nil, expectedRevision: Int64?, at time: Timestamp
    ) throws(StoreError) -> RelationDeletion {
        try requireRevision(id, expectedRevision)
        var relinked = Relinking()
        if let replacement {
            try requireRevision(replacement, nil)
            relinked = try LinkRepository<WriteAccess>(sql: sql)
                .replace(relation: id, with: replacement, at: time)
        }
        let links = try usage(of: id).reduce(0) { $0 + $1.links }
        if links == 0 {
            try sql.run(RelationStatements.erase, [.id(id)])
        } else {
            try sql.run(RelationStatements.retire, [.id(id), .time(time)])
            try sql.run(RelationStatements.deleteOverlays, [.id(id)])
        }
        try sql.configurationChanged()
        return RelationDeletion(
            deletion: links == 0 ? .erased : .retired(links: links), repointed: relinked.repointed,
            removed: relinked.removed)
    }

    private func changed(_ id: RelationID) throws(StoreError) -> Relation {
        try sql.configurationChanged()
        guard let relation = try get(id) else { throw .notFound(.relation, id) }
        return relation
    }

    private func insertLists(of relation: Relation) throws(StoreError) {
        if case .projects(let projects) = relation.availability {
            try sql.run(
                RelationStatements.insertProject,
                rows: projects.sorted().map { [.id(relation.id), .host($0)] })
        }
        try sql.run(
            RelationStatements.insertObjectKind,
            rows: relation.allowedObjectKinds.sorted().map { [.id(relation.id), .text($0.rawValue)] })
    }

    private func requireFreeName(_ relation: Relation) throws(StoreError) {
        let namesake: RelationID? = try sql.first(
            RelationStatements.namesake,
            [.owner(relation.owner), .text(NameFolding.fold(relation.name)), .id(relation.id)]
        ) { (row: inout SQLRow) in row.id() }
        if let namesake { throw .conflict(.relation, existingID: namesake) }
    }

    private func requireRevision(_ id: RelationID, _ expected: Int64?) throws(StoreError) {
        let current = try sql.first(RelationStatements.revision, [.id(id)]) { (row: inout SQLRow) in
            row.integer()
        }
        guard let current else { throw .notFound(.relation, id) }
        if let expected, expected != current { throw .stale(.relation, id, current: current) }
    }
}
