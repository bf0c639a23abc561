// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension RedmineTracker: ChangesReading {
    public var changesNeedProject: Bool { false }

    public func changes(
        since: Timestamp, project: String, page: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<ChangesPage> {
        let cursor = try ChangesCursor(since: since, page: page)
        var query = [(name: "updated_on", value: ">=" + TrackerDate.wholeSeconds(cursor.since))]
        if !project.isEmpty { query.append(("project_id", try Self.project(project))) }
        if cursor.offset > 0 { query.append(("offset", String(cursor.offset))) }
        let request = try list(query, limit: batchIssuesMax, sort: "updated_on:asc,id:asc", of: source)
        return .send(request) { (response) throws(TrackerError) in
            let answer = try TrackerJSON.decode(RedmineWire.IssuesAnswer.self, from: response)
            let seen = cursor.offset + answer.issues.count
            let times = answer.issues.map { $0.value?.updatedOn.value.flatMap(TrackerDate.parse) }
            return ChangesPage(
                issues: answer.issues.compactMap { $0.value.flatMap { snapshot($0, of: source) } },
                next: cursor.next(after: times, isLast: answer.totalCount.value.map { seen >= $0 } ?? true))
        }
    }

    /// A project's number or identifier.
    static func project(_ text: String) throws(TrackerError) -> String {
        let isSound =
            (1...projectScalarsMax).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || "-_".utf8.contains($0)
            }
        guard isSound else {
            throw TrackerError(.invalidRequest, "This is no number or identifier of a Redmine project.")
        }
        return text
    }

    /// Redmine's own bound of a project's identifier.
    private static let projectScalarsMax = 100
}
