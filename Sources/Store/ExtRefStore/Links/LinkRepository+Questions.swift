// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
internal import SQLEngine

extension LinkRepository {
    /// Whether exactly one link points to an issue.
    public func isLinkedOnce(_ issue: IssueID) throws(StoreError) -> Bool {
        try sql.first(LinkStatements.linksUpToTwo, [.id(issue)]) { (row: inout SQLRow) in row.integer() } == 1
    }

    /// Reads the links of many objects with their issues: one statement for each kind of object.
    /// - Parameter limit: the most links of a kind that are answered.
    public func forObjects(
        _ objects: some Collection<TestObject>, project: ProjectID, limit: Int = StoreLimits.objectLinksMax
    ) throws(StoreError) -> [LinkDetail] {
        var details: [LinkDetail] = []
        for (kind, ids) in Self.idsByKind(objects) {
            details += try sql.all(
                LinkStatements.ofObjects,
                [.host(project), .text(kind.rawValue), .texts(ids), .integer(Int64(limit))], decodeDetail)
        }
        return details
    }

    /// Counts the links of many objects: one statement for each kind of object. Objects without links are
    /// left out.
    public func badges(
        _ objects: some Collection<TestObject>, project: ProjectID
    ) throws(StoreError) -> [TestObject: LinkBadge] {
        var badges: [TestObject: LinkBadge] = [:]
        for (kind, ids) in Self.idsByKind(objects) {
            let values: [SQLValue] = [.host(project), .text(kind.rawValue), .texts(ids)]
            try sql.each(LinkStatements.badges, values) { (row: inout SQLRow) in
                badges[TestObject(kind: kind, id: row.text())] = LinkBadge(
                    links: Int(row.integer()), open: Int(row.integer()), defects: Int(row.integer()),
                    openDefects: Int(row.integer()), unreachable: Int(row.integer()))
                return true
            }
        }
        return badges
    }

    /// Names the objects that have no link of a kind of relation: what a close guard asks.
    /// - Parameters:
    ///   - type: which relations count.
    ///   - ids: up to ``DomainLimits/guardObjectsMax`` ids; more than some hundred belong into
    ///     ``Store/scan(_:_:)``.
    ///   - openOnly: whether a link to an issue that is known to be closed counts as none.
    /// - Returns: ids in the order they came in.
    public func withoutDefect(
        _ type: SemanticType = .defect, kind: ObjectKind, ids: some Collection<String>, project: ProjectID,
        openOnly: Bool
    ) throws(StoreError) -> [String] {
        let values: [SQLValue] = [
            .host(project), .text(kind.rawValue), .texts(ids), SQLValue(openOnly), .word(type),
        ]
        let bare = Set(
            try sql.all(LinkStatements.withoutDefect, values) { (row: inout SQLRow) in row.text() })
        return ids.filter(bare.contains)
    }

    /// Counts the links of a project, or of one object and what it holds, by relation, source and category.
    public func summary(
        project: ProjectID, under object: TestObject? = nil
    ) throws(StoreError) -> [LinkCount] {
        var query = SelectBuilder(LinkStatements.counts)
        query.filter("l.project_id = ?", .host(project))
        if let object { query.filter(linksUnder: object, in: project) }
        query.finish(LinkStatements.countsEnding)
        return try sql.all(query.statement, query.values) { (row: inout SQLRow) throws(SQLError) in
            LinkCount(
                relationID: row.id(), sourceID: row.optionalID(), category: try row.word(),
                links: Int(row.integer()))
        }
    }

    /// Counts the distinct issues of a project, or of one object and what it holds; what is unknown is open.
    public func issueCounts(
        project: ProjectID, under object: TestObject? = nil
    ) throws(StoreError) -> LinkedIssueCounts {
        var query = SelectBuilder(LinkStatements.issueCounts)
        query.filter("l.project_id = ?", .host(project))
        if let object { query.filter(linksUnder: object, in: project) }
        let counts = try sql.first(query.statement, query.values) { (row: inout SQLRow) in
            LinkedIssueCounts(
                issues: Int(row.integer()), defects: Int(row.integer()), openDefects: Int(row.integer()))
        }
        return counts ?? LinkedIssueCounts(issues: 0, defects: 0, openDefects: 0)
    }

    private static func idsByKind(_ objects: some Collection<TestObject>) -> [(ObjectKind, [String])] {
        Dictionary(grouping: objects, by: \.kind).map { ($0.key, $0.value.map(\.id)) }
            .sorted { $0.0 < $1.0 }
    }
}
