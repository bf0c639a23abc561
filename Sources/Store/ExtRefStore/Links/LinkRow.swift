// SPDX-License-Identifier: Apache-2.0

internal import ExtRefDomain
internal import SQLEngine

/// A link's row: how it is read and written.
enum LinkRow {
    static let columns = """
        l.link_id, l.project_id, l.object_kind, l.object_id, l.ancestors, l.source_id, l.issue_id, l.url,
        l.relation_id, l.note, l.created_by, l.created_at, l.updated_at, l.revision
        """

    static func decode(_ row: inout SQLRow, tenantID: TenantID) throws(SQLError) -> Link {
        Link(
            id: row.id(), tenantID: tenantID, projectID: row.hostID(),
            object: TestObject(kind: ObjectKind(trusted: row.text()), id: row.text()),
            ancestors: try row.objects(), target: decodeTarget(&row), relationID: row.id(), note: row.text(),
            createdBy: row.hostID(), createdAt: row.time(), updatedAt: row.time(), revision: row.integer())
    }

    private static func decodeTarget(_ row: inout SQLRow) -> LinkTarget {
        let source: SourceID? = row.optionalID()
        let issue: IssueID? = row.optionalID()
        let url = row.text()
        guard let source, let issue else { return .url(url) }
        return .issue(issue, source: source)
    }

    /// The values of `$2` to `$16` of the insert.
    static func values(_ link: Link) -> [SQLValue] {
        [
            .id(link.id), .host(link.projectID), .text(link.object.kind.rawValue), .text(link.object.id),
            .objects(link.ancestors), .id(link.target.sourceID), .id(link.target.issueID),
            SQLValue(link.target.url), .text(link.target.storedText), .id(link.relationID), .text(link.note),
            .host(link.createdBy), .time(link.createdAt), .time(link.updatedAt), .integer(link.revision),
        ]
    }

    static func decodeDetail(_ row: inout SQLRow, tenantID: TenantID) throws(SQLError) -> LinkDetail {
        let link = try decode(&row, tenantID: tenantID)
        let issue = row.isNextNull ? nil : try IssueRow.decode(&row, tenantID: tenantID)
        return LinkDetail(link: link, issue: issue)
    }
}

extension LinkTarget {
    var sourceID: SourceID? {
        if case .issue(_, let source) = self { source } else { nil }
    }

    var issueID: IssueID? {
        if case .issue(let issue, _) = self { issue } else { nil }
    }

    var url: String? {
        if case .url(let text) = self { text } else { nil }
    }

    /// What makes links to the same target twins.
    var storedText: String {
        switch self {
        case .issue(let id, _): id.rawValue
        case .url(let text): text
        }
    }
}
