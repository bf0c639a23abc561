// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension JiraTracker {
    public var changesNeedProject: Bool { false }

    /// Tells more than was asked for: the search index lags behind writes, on Cloud and between the nodes of
    /// a Data Center, so a while before `since` is told again. The caller drops what it knows.
    public func changes(
        since: Timestamp, project: String, page: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<ChangesPage> {
        let start = since - .seconds(JiraChanges.indexLagSeconds)
        var query = JiraQuery(
            clauses: [JQL.since(start, "updated")], projects: try Self.projects(project, of: source),
            order: "updated ASC, key ASC")
        switch deployment {
        case .cloud:
            guard page.utf8.count <= JiraLimits.pageTokenBytesMax else { throw JiraChanges.unknownPage }
            query.token = page
            return try ask(query, of: source).map { ChangesPage(issues: $0.snapshots, next: $0.token) }
        case .dataCenter:
            let place = try JiraChanges.Place(page, start: start)
            query.clauses = [JQL.since(Timestamp(seconds: place.second), "updated")]
            query.offset = place.offset
            return try ask(query, of: source).map {
                ChangesPage(issues: $0.snapshots, next: $0.isLast ? "" : place.next(after: $0).text)
            }
        }
    }

    private static func projects(_ project: String, of source: TrackerSource) throws(TrackerError) -> [String]
    {
        guard !project.isEmpty else { return allowedProjects(of: source) }
        guard let key = JiraKey.project(project) else {
            throw TrackerError(.invalidRequest, "This is no key of a Jira project.")
        }
        return [key]
    }
}

/// How a list of changes goes on.
enum JiraChanges {
    /// How far the search index may lag behind, in seconds.
    static let indexLagSeconds: Int64 = 300

    /// The caller made the page's name up.
    static let unknownPage = TrackerError(.invalidRequest, "This names no page of changes.")

    /// A place in the list of a Data Center: a second, and how many issues of that second are known.
    ///
    /// A bare offset into the whole list would skip issues: one that changes meanwhile moves to the end, and
    /// all behind it move up.
    struct Place: Sendable, Hashable {
        private static let offsetMax = 1_000_000

        var second: Int64
        var offset: Int

        /// Reads what ``text`` wrote; an empty text is the start.
        init(_ text: String, start: Timestamp) throws(TrackerError) {
            second = start.seconds
            offset = 0
            if text.isEmpty { return }
            let parts = text.split(separator: ",")
            guard parts.count == 2, let second = JiraKey.number(String(parts[0])), second < 1 << 40,
                let offset = Int(parts[1]), (0...Self.offsetMax).contains(offset)
            else { throw unknownPage }
            self.second = second
            self.offset = offset
        }

        var text: String { "\(second),\(offset)" }

        func next(after page: JiraPage) -> Place {
            var next = self
            let seconds = page.snapshots.map { $0.updatedAt?.seconds }
            guard seconds.count == page.size, let last = seconds.last ?? nil, last > second else {
                // All of one second, or some cannot be read: go on behind them.
                next.offset += page.size
                return next
            }
            next.second = last
            next.offset = seconds.reversed().prefix { $0 == last }.count
            return next
        }
    }
}
