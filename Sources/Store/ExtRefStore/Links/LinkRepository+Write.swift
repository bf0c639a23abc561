// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
internal import SQLEngine

extension LinkRepository where Access == WriteAccess {
    /// Stores a link, unless its object has one with the same target and relation already.
    /// - Returns: the stored link, and whether it is new.
    /// - Throws: `foreignKey` when the issue or relation does not exist in this tenant.
    public func insert(_ link: Link) throws(StoreError) -> (link: Link, isNew: Bool) {
        if try insertNew(link) { return (link, true) }
        guard let existing = try twin(of: link) else {
            throw StoreError(.internal, "a link collides with one that is not there")
        }
        return (existing, false)
    }

    /// Stores a link's relation, note and time of change.
    /// - Parameter expectedRevision: what the caller read; nil replaces whatever is there.
    /// - Returns: the link as stored.
    /// - Throws: `notFound`, `staleRevision`, or `conflict` with the link that has the new relation already.
    @discardableResult
    public func update(_ link: Link, expectedRevision: Int64?) throws(StoreError) -> Link {
        var stored = try current(link.id, expectedRevision)
        stored.relationID = link.relationID
        stored.note = link.note
        stored.updatedAt = link.updatedAt
        stored.revision += 1
        if let twin = try twin(of: stored) { throw .conflict(.link, existingID: twin.id) }
        try sql.run(
            LinkStatements.update,
            [
                .id(stored.id), .id(stored.relationID), .text(stored.note), .time(stored.updatedAt),
                .integer(stored.revision),
            ])
        return stored
    }

    /// Deletes a link.
    /// - Returns: the link as it was.
    /// - Throws: `notFound` or `staleRevision`.
    @discardableResult
    public func delete(_ id: LinkID, expectedRevision: Int64? = nil) throws(StoreError) -> Link {
        let link = try current(id, expectedRevision)
        try sql.run(LinkStatements.delete, [.id(id)])
        return link
    }

    /// Deletes links; those that do not exist are passed over.
    /// - Returns: the links as they were, in the order of the ids.
    public func delete(_ ids: [LinkID]) throws(StoreError) -> [Link] {
        let known = try get(ids)
        var deleted: [Link] = []
        for id in ids {
            guard let link = known[id], try sql.run(LinkStatements.delete, [.id(id)]) > 0 else { continue }
            deleted.append(link)
        }
        return deleted
    }

    // MARK: Rows

    /// Inserts a link that has no twin.
    /// - Returns: false when it has one; nothing is written then.
    func insertNew(_ link: Link) throws(StoreError) -> Bool {
        guard try sql.run(LinkStatements.insert, LinkRow.values(link)) > 0 else { return false }
        try insertAncestors(link.ancestors, of: link.id, in: link.projectID)
        return true
    }

    func insertAncestors(
        _ ancestors: [TestObject], of id: LinkID, in project: ProjectID
    ) throws(StoreError) {
        try sql.run(
            LinkStatements.insertAncestor,
            rows: ancestors.map { [.host(project), .text($0.kind.rawValue), .text($0.id), .id(id)] })
    }

    /// Another link with the same object, target and relation.
    func twin(of link: Link) throws(StoreError) -> Link? {
        try sql.first(
            LinkStatements.twin,
            [
                .host(link.projectID), .text(link.object.kind.rawValue), .text(link.object.id),
                .text(link.target.storedText), .id(link.relationID), .id(link.id),
            ], decode)
    }

    private func current(_ id: LinkID, _ expectedRevision: Int64?) throws(StoreError) -> Link {
        guard let link = try get(id) else { throw .notFound(.link, id) }
        if let expectedRevision, expectedRevision != link.revision {
            throw .stale(.link, id, current: link.revision)
        }
        return link
    }
}
