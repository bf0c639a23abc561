// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
internal import SQLEngine

extension LinkRepository {
    /// Reads all links of an object, oldest first.
    /// - Parameter includesDescendants: whether links of what the object holds count as its own.
    public func all(
        of address: ObjectAddress, includesDescendants: Bool = false
    ) throws(StoreError) -> [Link] {
        guard includesDescendants else {
            return try sql.all(
                LinkStatements.ofObject,
                [.host(address.projectID), .text(address.object.kind.rawValue), .text(address.object.id)],
                decode)
        }
        var query = SelectBuilder(LinkStatements.links)
        query.filter(linksUnder: address.object, in: address.projectID)
        query.finish("ORDER BY l.link_id")
        return try sql.all(query.statement, query.values, decode)
    }

    /// Reads the links of many objects by object: one statement for each kind, two with descendants.
    public func byObject(
        _ objects: some Collection<TestObject>, project: ProjectID, includesDescendants: Bool,
        limit: Int = StoreLimits.objectLinksMax
    ) throws(StoreError) -> [TestObject: [LinkDetail]] {
        var found = Dictionary(
            grouping: try forObjects(objects, project: project, limit: limit), by: \.link.object)
        guard includesDescendants else { return found }
        for (kind, ids) in Dictionary(grouping: objects, by: \.kind).mapValues({ $0.map(\.id) }) {
            let values: [SQLValue] = [
                .host(project), .text(kind.rawValue), .texts(ids), .integer(Int64(limit)),
            ]
            try sql.each(LinkStatements.underObjects, values) { (row: inout SQLRow) throws(SQLError) in
                let holder = TestObject(kind: kind, id: row.text())
                found[holder, default: []].append(try decodeDetail(&row))
                return true
            }
        }
        return found
    }
}
