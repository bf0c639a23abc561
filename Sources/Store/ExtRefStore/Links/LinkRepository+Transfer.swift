// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
internal import SQLEngine

extension LinkRepository where Access == WriteAccess {
    /// Copies all links of an object to another one; the destination ends up with the union, without
    /// duplicates.
    public func copyAll(
        from origin: ObjectAddress, to destination: ObjectAddress, ancestors: [TestObject],
        by principal: PrincipalID, at time: Timestamp, makeID: () -> LinkID
    ) throws(StoreError) -> ObjectTransfer {
        var transfer = ObjectTransfer()
        for link in try all(of: origin) {
            let copy = Link(
                id: makeID(), tenantID: link.tenantID, projectID: destination.projectID,
                object: destination.object, ancestors: ancestors, target: link.target,
                relationID: link.relationID, note: link.note, createdBy: principal, createdAt: time,
                updatedAt: time)
            if try insertNew(copy) { transfer.arrived.append(copy) } else { transfer.alreadyThere += 1 }
        }
        return transfer
    }

    /// Moves all links of an object to another one, or to a new place of the same one; a link whose twin is
    /// there already is deleted.
    public func moveAll(
        from origin: ObjectAddress, to destination: ObjectAddress, ancestors: [TestObject], at time: Timestamp
    ) throws(StoreError) -> ObjectTransfer {
        var transfer = ObjectTransfer()
        for link in try all(of: origin) {
            let moved = Link(
                id: link.id, tenantID: link.tenantID, projectID: destination.projectID,
                object: destination.object, ancestors: ancestors, target: link.target,
                relationID: link.relationID, note: link.note, createdBy: link.createdBy,
                createdAt: link.createdAt, updatedAt: time, revision: link.revision + 1)
            if try twin(of: moved) != nil {
                try sql.run(LinkStatements.delete, [.id(link.id)])
                transfer.removed.append(link)
                transfer.alreadyThere += 1
            } else {
                try move(moved)
                transfer.arrived.append(moved)
            }
        }
        return transfer
    }

    /// Deletes all links of an object.
    /// - Returns: the links as they were.
    public func deleteAll(of address: ObjectAddress) throws(StoreError) -> [Link] {
        let links = try all(of: address)
        for link in links { try sql.run(LinkStatements.delete, [.id(link.id)]) }
        return links
    }

    private func move(_ link: Link) throws(StoreError) {
        try sql.run(
            LinkStatements.move,
            [
                .id(link.id), .host(link.projectID), .text(link.object.kind.rawValue), .text(link.object.id),
                .objects(link.ancestors), .time(link.updatedAt),
            ])
        try sql.run(LinkStatements.deleteAncestors, [.id(link.id)])
        try insertAncestors(link.ancestors, of: link.id, in: link.projectID)
    }

    // MARK: Giving links another relation or issue

    /// Gives all links of a relation another one.
    func replace(
        relation: RelationID, with replacement: RelationID, at time: Timestamp
    ) throws(StoreError) -> Relinking {
        try relink(try sql.all(LinkStatements.ofRelation, [.id(relation)], decode)) {
            (link: inout Link) throws(StoreError) in
            link.relationID = replacement
            link.updatedAt = time
        } write: { link throws(StoreError) in
            try sql.run(
                LinkStatements.update,
                [
                    .id(link.id), .id(replacement), .text(link.note), .time(time), .integer(link.revision),
                ])
        }
    }

    /// Points all links of an issue to another one of the same source.
    func replace(issue: IssueID, with other: ExternalIssue) throws(StoreError) -> Relinking {
        try relink(try sql.all(LinkStatements.ofIssue, [.id(issue)], decode)) {
            (link: inout Link) throws(StoreError) in
            link = link.pointing(to: .issue(other.id, source: other.sourceID))
        } write: { link throws(StoreError) in
            try sql.run(LinkStatements.retarget, [.id(link.id), .id(other.sourceID), .id(other.id)])
        }
    }

    private func relink(
        _ links: [Link], change: (inout Link) throws(StoreError) -> Void,
        write: (Link) throws(StoreError) -> Void
    ) throws(StoreError) -> Relinking {
        var relinked = Relinking()
        for link in links {
            var changed = link
            try change(&changed)
            changed.revision += 1
            if try twin(of: changed) != nil {
                try sql.run(LinkStatements.delete, [.id(link.id)])
                relinked.removed.append(link)
            } else {
                try write(changed)
                relinked.repointed.append(changed)
            }
        }
        return relinked
    }
}

extension Link {
    fileprivate func pointing(to target: LinkTarget) -> Link {
        Link(
            id: id, tenantID: tenantID, projectID: projectID, object: object, ancestors: ancestors,
            target: target,
            relationID: relationID, note: note, createdBy: createdBy, createdAt: createdAt,
            updatedAt: updatedAt,
            revision: revision)
    }
}
