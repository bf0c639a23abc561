// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
public import ExtRefDomain

extension ShortcutTracker: ChangesReading {
    /// Stories of one page. The vendor's list has no pages; ours keep the names to look up few.
    static let changesPageSize = 50

    public var changesNeedProject: Bool { false }

    /// Shortcut answers with all that changed at once, in no order, so each page asks again from where the
    /// one before ended. A story that changes meanwhile moves behind that place and is not missed.
    public func changes(
        since: Timestamp, project: String, page: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<ChangesPage> {
        let place = try Place(page)
        let teams = project.isEmpty ? source.source.allowedExternalProjects : [project]
        guard !teams.isEmpty else {
            return try changes(since: since, behind: place, groups: nil, known: nil, in: source)
        }
        return try directory([.groups], of: source).then { (known) throws(TrackerError) in
            let groups = teams.compactMap { known.group(named: $0)?.id }
            guard !groups.isEmpty else { return .done(ChangesPage(issues: [], next: "")) }
            return try changes(since: since, behind: place, groups: groups, known: known, in: source)
        }
    }

    private func changes(
        since: Timestamp, behind place: Place?, groups: [String]?, known: ShortcutDirectory?,
        in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<ChangesPage> {
        let start = max(since, place?.updatedAt ?? since)
        let filter = ShortcutFilter(updatedAtStart: TrackerDate.text(start), groupIDs: groups)
        var request = try request(.post, ["stories", "search"], body: filter, of: source)
        request.changesNothing = true
        return .send(request) { (response) throws(TrackerError) in
            let stories = try TrackerJSON.decode([Lenient<ShortcutWire.Story>].self, from: response)
                .compactMap(\.value)
            let rest = stories.filter { story in place.map { $0 < Place(of: story) } ?? true }
                .sorted { Place(of: $0) < Place(of: $1) }
            let page = Self.page(of: rest)
            let next = page.count < rest.count ? page.last.map { Place(of: $0).text } ?? "" : ""
            return try shown(page, known: known, of: source).map { ChangesPage(issues: $0, next: next) }
        }
    }

    /// The first stories, as many as have few enough owners to look up.
    private static func page(of stories: [ShortcutWire.Story]) -> [ShortcutWire.Story] {
        var owners = Set<String>()
        return Array(
            stories.prefix(changesPageSize).prefix { story in
                owners.formUnion(story.owners)
                return owners.count <= ShortcutWire.Story.ownersMax
            })
    }

    /// Where a story stands in the order of changes.
    private struct Place: Comparable, Sendable {
        let updatedAt: Timestamp
        let id: Int64

        init(of story: ShortcutWire.Story) {
            updatedAt = story.updatedAt.value.flatMap(TrackerDate.parse) ?? Timestamp(milliseconds: 0)
            id = story.id
        }

        /// Reads what ``text`` wrote; nil when it is empty.
        init?(_ text: String) throws(TrackerError) {
            if text.isEmpty { return nil }
            let parts = text.split(separator: "-", omittingEmptySubsequences: false)
            guard parts.count == 2, let milliseconds = Int64(parts[0]), let id = Int64(parts[1]) else {
                throw TrackerError(.invalidRequest, "This is no place to go on from in a list of changes.")
            }
            updatedAt = Timestamp(milliseconds: milliseconds)
            self.id = id
        }

        var text: String { "\(updatedAt.milliseconds)-\(id)" }

        static func < (left: Self, right: Self) -> Bool {
            (left.updatedAt, left.id) < (right.updatedAt, right.id)
        }
    }
}

/// What a list of stories is limited to; what is nil is not sent.
struct ShortcutFilter: Encodable {
    var updatedAtStart: String?
    var groupIDs: [String]?
    var externalID: String?

    enum CodingKeys: String, CodingKey {
        case updatedAtStart = "updated_at_start"
        case groupIDs = "group_ids"
        case externalID = "external_id"
    }
}
