// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

extension TracTracker {
    /// Columns that every Trac has, in the order in which they are asked for and come back.
    private static let certainColumns = ["id", "summary", "status", "owner", "keywords", "changetime"]
    /// Columns that Trac leaves out without a word where an administrator took all their values away.
    private static let optionalColumns = ["resolution", "type", "priority"]

    /// Asks for a table of tickets.
    func query(
        _ conditions: [(name: String, value: String)], limit: Int,
        order: [(name: String, value: String)] = [("order", "id")], in source: TrackerSource
    ) throws(TrackerError) -> TrackerRequest {
        let columns = (Self.certainColumns + Self.optionalColumns).map { (name: "col", value: $0) }
        return TrackerRequest(
            path: ["query"],
            query: conditions + columns + order + [("format", "tab"), ("max", String(limit))],
            headers: try headers(for: source))
    }

    /// Reads a table of tickets; a row that is none is left out.
    func readTickets(
        _ response: TrackerResponse, from source: TrackerSource
    ) throws(TrackerError) -> [IssueSnapshot] {
        let table = try TracTable(response)
        guard !table.head.isEmpty else { return [] }
        guard table.head.count >= Self.certainColumns.count else {
            response.notes?.note(DriftSign(.missingField, "columns of the table"))
            throw TrackerError(.badResponse, "The tracker's table has other columns than were asked for.")
        }
        let columns = Self.columns(of: table.head)
        return table.rows.compactMap { row in
            snapshot(TracRow(columns: columns, values: row), of: source)
        }
    }

    /// Where each column stands. The head is in some language, so the order tells; only when some are
    /// missing do the English names tell which.
    private static func columns(of head: [String]) -> [String: Int] {
        let isWhole = head.count == certainColumns.count + optionalColumns.count
        var places = [String: Int]()
        for (index, name) in certainColumns.enumerated() { places[name] = index }
        for (index, name) in optionalColumns.enumerated() {
            places[name] =
                isWhole
                ? certainColumns.count + index
                : head.indices.dropFirst(certainColumns.count).first { head[$0].lowercased() == name }
        }
        return places
    }

    private func snapshot(_ row: TracRow, of source: TrackerSource) -> IssueSnapshot? {
        guard let key = NumberKey.plain(row["id"]) else { return nil }
        let title = TrackerText.title(row["summary"])
        let status = TrackerText.short(row["status"])
        let resolution = row.text("resolution")
        var snapshot = IssueSnapshot(
            nativeID: key, key: key, webURL: issueURL(of: key, in: source),
            title: title.isEmpty ? displayKey(key) : title, statusName: status,
            providerCategory: TracStatus.category(of: status, resolution: resolution))
        snapshot.resolution = resolution
        snapshot.type = row.text("type")
        snapshot.priority = row.text("priority")
        if let owner = row.text("owner") {
            snapshot.assignees = [ExternalPerson(id: owner, displayName: owner)]
        }
        let keywords = row["keywords"].split { $0.isWhitespace || $0 == "," || $0 == ";" }
        snapshot.labels = keywords.prefix(DomainLimits.labelsMax).map { TrackerText.short(String($0)) }
            .filter { !$0.isEmpty }
        snapshot.updatedAt = Self.time(row["changetime"])
        return snapshot
    }

    /// Times come in the format and zone of whoever asks; only one that names its zone is certain.
    private static func time(_ text: String) -> Timestamp? {
        let text = text.trimmingBlanks()
        let isCertain =
            text.hasSuffix("Z") || text.dropFirst("2026-11-22T".count).contains { "+-".contains($0) }
        return isCertain ? TrackerDate.parse(text) : nil
    }
}

/// One ticket's values by the columns' names.
struct TracRow: Sendable {
    let columns: [String: Int]
    let values: [String]

    /// A value; empty when there is none.
    subscript(name: String) -> String {
        guard let index = columns[name], values.indices.contains(index) else { return "" }
        return values[index]
    }

    /// A value, cleaned; nil when it is empty.
    func text(_ name: String) -> String? {
        let text = TrackerText.short(self[name])
        return text.isEmpty ? nil : text
    }
}
