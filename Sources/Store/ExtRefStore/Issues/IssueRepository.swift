// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
internal import SQLEngine

/// The issues that a tenant's links point to.
public struct IssueRepository<Access: StoreAccess> {
    let sql: TenantSQL

    /// Reads one issue.
    public func get(_ id: IssueID) throws(StoreError) -> ExternalIssue? {
        try sql.first(IssueStatements.get, [.id(id)], decode)
    }

    /// Reads many issues; missing ones are left out.
    public func get(_ ids: some Collection<IssueID>) throws(StoreError) -> [IssueID: ExternalIssue] {
        let issues = try sql.all(IssueStatements.getMany, [.texts(ids.map(\.rawValue))], decode)
        return Dictionary(uniqueKeysWithValues: issues.map { ($0.id, $0) })
    }

    /// Finds an issue by a key it has or once had, case ignored.
    public func find(source: SourceID, key: String) throws(StoreError) -> ExternalIssue? {
        try sql.first(IssueStatements.findByKey, [.id(source), .text(NameFolding.fold(key))], decode)
    }

    /// Finds an issue by the tracker's own immutable id.
    public func find(source: SourceID, nativeID: String) throws(StoreError) -> ExternalIssue? {
        try sql.first(IssueStatements.findByNativeID, [.id(source), .text(nativeID)], decode)
    }

    /// Every key that finds this issue.
    public func aliases(of id: IssueID) throws(StoreError) -> [String] {
        try sql.all(IssueStatements.aliases, [.id(id)]) { (row: inout SQLRow) in row.text() }
    }

    /// Lists issues in the order of their creation, each with the number of links that point to it from what
    /// the filter looks at.
    public func list(
        _ filter: IssueFilter = IssueFilter(), page: PageRequest = PageRequest()
    ) throws(StoreError) -> Page<IssueWithUse> {
        var query = SelectBuilder(filter.linkedIn == nil ? IssueStatements.list : IssueStatements.listLinked)
        if let project = filter.linkedIn {
            query.filter("l.project_id = ?", .host(project))
            query.filter("l.issue_id > ?", .text(page.start))
            if let object = filter.under { query.filter(linksUnder: object, in: project) }
        } else {
            query.filter("i.issue_id > ?", .text(page.start))
        }
        query.filter("i.source_id = ?", ifPresent: filter.sourceID) { .id($0) }
        query.filter("i.status_category", oneOf: filter.statusCategories.map(\.rawValue))
        query.filter("i.reachability", oneOf: filter.reachabilities.map(\.rawValue))
        let ending = filter.linkedIn == nil ? IssueStatements.listEnding : IssueStatements.listLinkedEnding
        query.finish(ending, .integer(page.rowsRead))
        let rows = try sql.all(query.statement, query.values) { (row: inout SQLRow) throws(SQLError) in
            IssueWithUse(issue: try decode(&row), links: Int(row.integer()))
        }
        return Page(rows: rows, request: page) { $0.issue.id.rawValue }
    }

    func decode(_ row: inout SQLRow) throws(SQLError) -> ExternalIssue {
        try IssueRow.decode(&row, tenantID: sql.tenantID)
    }
}
