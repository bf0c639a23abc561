// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension AzureDevOpsTracker: ChangesReading {
    /// A query is kept to projects, not asked project by project.
    public var changesNeedProject: Bool { false }

    /// Most changes of a page: what one batch call can hold.
    private static let pageItemsMax = 200

    /// Asks by query for the numbers, then by batch for the items.
    ///
    /// The reporting interface (`reporting/workitemrevisions`) would bring both in one request, but it tells
    /// of every project of an organisation, of which a source may use two, and its page cannot be cut where
    /// the next type would be one question too many. A query can: the next page begins behind the last item
    /// by its time of change and number, in which an item that changes meanwhile only moves towards the end.
    public func changes(
        since: Timestamp, project: String, page: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<ChangesPage> {
        let projects = project.isEmpty ? source.source.allowedExternalProjects : [project]
        let query = AzureDevOpsWIQL(
            where: AzureDevOpsWIQL.projects(projects) + [try Self.condition(since: since, page: page)],
            orderBy: "[System.ChangedDate] ASC, [System.Id] ASC")
        return try self.query(query, limit: Self.pageItemsMax, withTime: true, in: source)
            .then { (ids) throws(TrackerError) in
                try items(ids, of: AzureDevOpsWire.Item.self, in: source).then {
                    (items) throws(TrackerError) in
                    try self.page(items, isFull: ids.count == Self.pageItemsMax, in: source)
                }
            }
    }

    private static func condition(since: Timestamp, page: String) throws(TrackerError) -> String {
        guard !page.isEmpty else { return "[System.ChangedDate] >= \(AzureDevOpsWIQL.quoted(since))" }
        guard let cursor = ChangeCursor(page) else {
            throw TrackerError(.invalidRequest, "This names no page of changes.")
        }
        let time = AzureDevOpsWIQL.quoted(cursor.time)
        let sameTime = "[System.ChangedDate] = \(time) AND [System.Id] > \(cursor.id)"
        return "([System.ChangedDate] > \(time) OR (\(sameTime)))"
    }

    private func page(
        _ items: [AzureDevOpsWire.Item], isFull: Bool, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<ChangesPage> {
        let sorted = items.compactMap { item in ChangeCursor(item).map { (cursor: $0, item: item) } }
            .sorted { $0.cursor < $1.cursor }
        let usable = { (item: AzureDevOpsWire.Item) in
            source.source.allows(externalProject: item.project ?? "")
        }
        let types = Set(Self.types(of: sorted.map(\.item).filter(usable)))
        let part = sorted.prefix { entry in
            !usable(entry.item) || (entry.item.workItemType.map(types.contains) ?? true)
        }
        let isCut = part.count < sorted.count
        if isFull, part.isEmpty {
            throw TrackerError(.badResponse, "The tracker names changed items but shows none of them.")
        }
        let next = isFull || isCut ? part.last.map(\.cursor.text) ?? "" : ""
        return try snapshots(of: part.map(\.item).filter(usable), in: source).map {
            ChangesPage(issues: $0, next: next)
        }
    }
}

/// A place in the order of changes.
private struct ChangeCursor: Comparable {
    let time: Timestamp
    let id: Int64

    private static let separator: Character = ","

    init?(_ item: AzureDevOpsWire.Item) {
        guard let time = item.fields.changedDate.value.flatMap(TrackerDate.parse) else { return nil }
        (self.time, id) = (time, item.id)
    }

    /// Reads what ``text`` wrote.
    init?(_ text: String) {
        let parts = text.split(separator: Self.separator, omittingEmptySubsequences: false)
        guard parts.count == 2, let time = TrackerDate.parse(String(parts[0])), let id = Int64(parts[1]),
            (1...Int64(AzureDevOpsTracker.idMax)).contains(id)
        else { return nil }
        (self.time, self.id) = (time, id)
    }

    var text: String { TrackerDate.text(time) + String(Self.separator) + String(id) }

    static func < (left: Self, right: Self) -> Bool { (left.time, left.id) < (right.time, right.id) }
}
