// SPDX-License-Identifier: Apache-2.0

internal import ExtRefDomain
internal import SQLEngine

/// An issue's row: how it is read and written.
enum IssueRow {
    static let columns = """
        i.issue_id, i.source_id, i.native_id, i.issue_key, i.web_url, i.title, i.status_name,
        i.provider_category, i.previous_keys, i.project_key, i.resolution, i.assignees, i.priority,
        i.issue_type, i.labels, i.created_at, i.updated_at, i.closed_at, i.status_category, i.reachability,
        i.fetched_at, i.next_fetch_at, i.hinted_at, i.validator, i.last_error_reason, i.last_error_message,
        i.revision
        """

    static func decode(_ row: inout SQLRow, tenantID: TenantID) throws(SQLError) -> ExternalIssue {
        let id: IssueID = row.id()
        let sourceID: SourceID = row.id()
        let snapshot = try decodeSnapshot(&row)
        return ExternalIssue(
            id: id, tenantID: tenantID, sourceID: sourceID, snapshot: snapshot,
            statusCategory: try row.word(),
            reachability: try row.word(), fetchedAt: row.optionalTime(), nextFetchAt: row.optionalTime(),
            hintedAt: row.optionalTime(), validator: row.text(), lastErrorReason: row.text(),
            lastErrorMessage: row.text(),
            revision: row.integer())
    }

    private static func decodeSnapshot(_ row: inout SQLRow) throws(SQLError) -> IssueSnapshot {
        var snapshot = IssueSnapshot(
            nativeID: row.text(), key: row.text(), webURL: row.text(), title: row.text(),
            statusName: row.text(),
            providerCategory: try row.word())
        snapshot.previousKeys = try row.texts()
        snapshot.projectKey = row.text()
        snapshot.resolution = row.optionalText()
        snapshot.assignees = try row.pairs().map { ExternalPerson(id: $0.0, displayName: $0.1) }
        snapshot.priority = row.optionalText()
        snapshot.type = row.optionalText()
        snapshot.labels = try row.texts()
        snapshot.createdAt = row.optionalTime()
        snapshot.updatedAt = row.optionalTime()
        snapshot.closedAt = row.optionalTime()
        return snapshot
    }

    /// The values of `$2` to `$28`, which insert and update share.
    static func values(_ issue: ExternalIssue) -> [SQLValue] {
        let snapshot = issue.snapshot
        return [
            .id(issue.id), .id(issue.sourceID), snapshot.nativeID.isEmpty ? .null : .text(snapshot.nativeID),
            .text(snapshot.key), .texts(snapshot.previousKeys), .text(snapshot.projectKey),
            .text(snapshot.webURL),
            .text(snapshot.title), .text(snapshot.statusName), .word(snapshot.providerCategory),
            .word(issue.statusCategory), SQLValue(snapshot.resolution),
            .texts(snapshot.assignees.flatMap { [$0.id, $0.displayName] }), SQLValue(snapshot.priority),
            SQLValue(snapshot.type), .texts(snapshot.labels), .time(snapshot.createdAt),
            .time(snapshot.updatedAt),
            .time(snapshot.closedAt), .word(issue.reachability), .time(issue.fetchedAt),
            .time(issue.nextFetchAt),
            .text(issue.validator), .text(issue.lastErrorReason), .text(issue.lastErrorMessage),
            .integer(issue.revision), .time(issue.hintedAt),
        ]
    }
}
