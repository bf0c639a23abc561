// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

/// A query in Azure DevOps' work item query language (Microsoft Learn, "WIQL syntax reference").
struct AzureDevOpsWIQL: Encodable, Sendable {
    /// Most projects named in one query: names of 64 letters keep it within the 32,000 letters of the
    /// language.
    static let projectsMax = 300

    /// The text of the query; also its name in the request's body.
    let query: String

    /// Finds the numbers of work items that fulfil all conditions.
    init(where conditions: [String], orderBy order: String) {
        query =
            "SELECT [System.Id] FROM WorkItems"
            + (conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")) + " ORDER BY "
            + order
    }

    /// A text as it stands in a query: a quote is doubled, and nothing else has a meaning.
    static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }

    /// A time as it stands in a query that is run with `timePrecision`: ISO 8601 in UTC with milliseconds.
    static func quoted(_ time: Timestamp) -> String { "'\(TrackerDate.text(time))'" }

    /// Keeps a query to projects; none, and more than ``projectsMax``, are no condition.
    static func projects(_ names: [String]) -> [String] {
        let names = names.filter(AzureDevOpsTracker.isProjectName)
        guard !names.isEmpty, names.count <= projectsMax else { return [] }
        return names.count == 1
            ? ["[System.TeamProject] = \(quoted(names[0]))"]
            : ["[System.TeamProject] IN (\(names.map(quoted).joined(separator: ", ")))"]
    }
}

extension AzureDevOpsTracker {
    /// Runs a query.
    /// - Parameter limit: most numbers it brings; without one, more than 20,000 would be an error.
    func query(
        _ query: AzureDevOpsWIQL, limit: Int, withTime: Bool = false, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[Int]> {
        var items = [("$top", String(limit))]
        if withTime { items.append(("timePrecision", "true")) }
        let request = try post(["wit", "wiql"], query: items, body: query, in: source)
        return .send(request) { (response) throws(TrackerError) in
            let found = try TrackerJSON.decode(AzureDevOpsWire.QueryResult.self, from: response).ids
            return Array(found.prefix(limit))
        }
    }
}
