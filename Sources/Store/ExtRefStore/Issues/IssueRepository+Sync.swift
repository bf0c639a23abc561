// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
internal import SQLEngine

/// How many issues of a source wait to be read.
public struct DueIssues: Sendable, Hashable {
    public let count: Int
    /// Since when the first of them waits; nil when none does.
    public let oldest: Timestamp?
}

extension IssueRepository {
    /// The issues of a source that are to be read by now, the longest overdue first.
    /// - Returns: the ones that links point to, and those that none points to any more.
    public func due(
        in source: SourceID, by time: Timestamp, limit: Int
    ) throws(StoreError) -> (linked: [ExternalIssue], unlinked: [ExternalIssue]) {
        let rows = try sql.all(
            IssueStatements.due, [.id(source), .time(time), .integer(Int64(limit))]
        ) { (row: inout SQLRow) throws(SQLError) in
            (issue: try decode(&row), isLinked: row.flag())
        }
        return (rows.filter(\.isLinked).map(\.issue), rows.filter { !$0.isLinked }.map(\.issue))
    }

    /// When the next issue of a source is to be read; nil when none is planned.
    public func nextDue(in source: SourceID) throws(StoreError) -> Timestamp? {
        try sql.first(IssueStatements.nextDue, [.id(source)]) { (row: inout SQLRow) in row.optionalTime() }
            ?? nil
    }

    /// When the issue of a source was read that was read longest ago, of those due after a time only; nil
    /// when there is none.
    public func oldestRead(in source: SourceID, dueAfter time: Timestamp) throws(StoreError) -> Timestamp? {
        try sql.first(IssueStatements.oldestRead, [.id(source), .time(time)]) { (row: inout SQLRow) in
            row.optionalTime()
        } ?? nil
    }

    /// How many issues of a source wait to be read.
    public func countDue(in source: SourceID, by time: Timestamp) throws(StoreError) -> DueIssues {
        try sql.first(IssueStatements.countDue, [.id(source), .time(time)]) { (row: inout SQLRow) in
            DueIssues(count: Int(row.integer()), oldest: row.optionalTime())
        } ?? DueIssues(count: 0, oldest: nil)
    }

    /// The linked issues of a source with any of these native ids or, ignoring case, keys of present or past.
    public func linked(
        in source: SourceID, nativeIDs: some Sequence<String>, keys: some Sequence<String>
    ) throws(StoreError) -> [ExternalIssue] {
        let byID = try sql.all(IssueStatements.linkedByNativeID, [.id(source), .texts(nativeIDs)], decode)
        let folded = keys.map(NameFolding.fold)
        let byKey = try sql.all(IssueStatements.linkedByKey, [.id(source), .texts(folded)], decode)
        var seen = Set<IssueID>()
        return (byID + byKey).filter { seen.insert($0.id).inserted }
    }

    /// The external projects that a source's issues lie in, those with most issues first.
    public func projects(in source: SourceID, limit: Int) throws(StoreError) -> [String] {
        try sql.all(IssueStatements.projects, [.id(source), .integer(Int64(limit))]) {
            (row: inout SQLRow) in row.text()
        }
    }
}

extension IssueRepository where Access == WriteAccess {
    /// Sets when issues of a source are read next; nil = never, until somebody asks.
    public func plan(
        _ ids: some Sequence<IssueID>, in source: SourceID, at time: Timestamp?
    ) throws(StoreError) {
        try sql.run(IssueStatements.plan, [.id(source), .texts(ids.map(\.rawValue)), .time(time)])
    }

    /// Has open issues of a source read no later than a time; those that are not planned stay so.
    public func hastenOpen(in source: SourceID, to time: Timestamp) throws(StoreError) {
        try sql.run(IssueStatements.hastenOpen, [.id(source), .time(time)])
    }

    /// Has all issues of a source read no later than a time; those that are not planned stay so.
    public func hastenAll(in source: SourceID, to time: Timestamp) throws(StoreError) {
        try sql.run(IssueStatements.hastenAll, [.id(source), .time(time)])
    }

    /// Has some issues of a source read no later than a time; those that are not planned stay so.
    public func hasten(
        _ ids: some Sequence<IssueID>, in source: SourceID, to time: Timestamp
    ) throws(StoreError) {
        try sql.run(IssueStatements.hasten, [.id(source), .texts(ids.map(\.rawValue)), .time(time)])
    }

    /// Notes that the tracker says that something happened to issues: they are to be read at once.
    public func hint(
        _ ids: some Sequence<IssueID>, in source: SourceID, at time: Timestamp
    ) throws(StoreError) {
        try sql.run(IssueStatements.hint, [.id(source), .texts(ids.map(\.rawValue)), .time(time)])
    }
}
