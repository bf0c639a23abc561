// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
public import ExtRefDomain

extension AsanaTracker: ChangesReading {
    /// Asana's largest page.
    static let pageSize = 100
    /// Pages gathered into one of ours: the vendor's list is in the order of the project, not of the changes.
    static let gatheredPagesMax = 10

    public var changesNeedProject: Bool { true }

    /// Moving a task to another section counts as a change here, though it leaves the task's own time as it
    /// was.
    public func changes(
        since: Timestamp, project: String, page: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<ChangesPage> {
        let query = [("modified_since", TrackerDate.text(since)), ("opt_fields", AsanaWire.Task.fields)]
        return try list(
            query, of: project, offset: page, pagesLeft: Self.gatheredPagesMax, in: source, found: []
        )
        .map { tasks, next in
            let issues = tasks.compactMap { snapshot($0, in: project, of: source) }
            return ChangesPage(issues: issues.sorted(by: Self.isEarlier), next: next)
        }
    }

    private static func isEarlier(_ left: IssueSnapshot, _ right: IssueSnapshot) -> Bool {
        let start = Timestamp(milliseconds: 0)
        return (left.updatedAt ?? start, left.key) < (right.updatedAt ?? start, right.key)
    }

    /// Reads a project's tasks, page by page.
    /// - Returns: the tasks, and what names the page behind them; empty when there is none.
    func list(
        _ query: [(name: String, value: String)], of project: String, offset: String, pagesLeft: Int,
        in source: TrackerSource, found: [AsanaWire.Task]
    ) throws(TrackerError) -> TrackerCall<([AsanaWire.Task], String)> {
        guard Self.isGID(project) else { throw Self.noProject }
        let place = offset.isEmpty ? [] : [(name: "offset", value: offset)]
        let request = try request(
            .get, ["tasks"], query: [("project", project), ("limit", String(Self.pageSize))] + query + place,
            of: source)
        return .send(request) { (response) throws(TrackerError) in
            let page = try TrackerJSON.decode(AsanaWire.Page<AsanaWire.Task>.self, from: response)
            let all = found + page.elements
            let next = try page.next()
            guard !next.isEmpty, pagesLeft > 1 else { return .done((all, next)) }
            return try list(
                query, of: project, offset: next, pagesLeft: pagesLeft - 1, in: source, found: all)
        }
    }

    static var noProject: TrackerError {
        var failure = TrackerError(.invalidRequest, "Asana needs the number of a project here.")
        failure.fieldFaults = [FieldViolation("project", "must be the number of a project")]
        return failure
    }
}
