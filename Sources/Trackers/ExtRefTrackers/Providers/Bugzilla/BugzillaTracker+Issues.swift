// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension BugzillaTracker: BatchFetching {
    /// Our own bound, which keeps the address short; the server's is far above.
    public var batchIssuesMax: Int { 100 }

    public func fetch(
        _ reference: IssueReference, from source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> {
        let request = TrackerRequest(
            path: ["bug", try id(of: reference)], query: [("include_fields", BugzillaWire.Bug.fields)],
            headers: try headers(for: source))
        return .send(request) { (response) throws(TrackerError) in
            guard let bug = try readBugs(response, from: source).first else {
                throw TrackerError(.badResponse, "The tracker's answer holds no bug.")
            }
            return bug
        }
    }

    public func fetchBatch(
        _ references: [IssueReference], from source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<BatchAnswer> {
        var ids = [String]()
        for reference in references { ids.append(try id(of: reference)) }
        let request = try list([("id", ids.joined(separator: ","))], limit: batchIssuesMax, in: source)
        return .send(request) { (response) throws(TrackerError) in
            BatchAnswer(found: try readBugs(response, from: source))
        }
    }

    func id(of reference: IssueReference) throws(TrackerError) -> String {
        guard let id = canonicalKey(reference.nativeID.isEmpty ? reference.key : reference.nativeID) else {
            throw TrackerError(.invalidRequest, "This is no number of a bug.")
        }
        return id
    }

    /// Lists bugs; those that the account may not see are left out.
    func list(
        _ query: [(name: String, value: String)], limit: Int, order: String = "", in source: TrackerSource
    ) throws(TrackerError) -> TrackerRequest {
        let order = order.isEmpty ? [] : [(name: "order", value: order)]
        return TrackerRequest(
            path: ["bug"],
            query: query + order + [
                ("limit", String(limit)), ("include_fields", BugzillaWire.Bug.fields),
            ], headers: try headers(for: source))
    }

    func readBugs(
        _ response: TrackerResponse, from source: TrackerSource
    ) throws(TrackerError) -> [IssueSnapshot] {
        try TrackerJSON.decode(BugzillaWire.BugsAnswer.self, from: response).bugs
            .compactMap { $0.value.flatMap { snapshot($0, of: source) } }
    }

    private func snapshot(_ bug: BugzillaWire.Bug, of source: TrackerSource) -> IssueSnapshot? {
        guard let key = NumberKey.plain(String(bug.id)) else { return nil }
        let title = TrackerText.title(bug.summary.value ?? "")
        let resolution = TrackerText.short(bug.resolution.value ?? "")
        var snapshot = IssueSnapshot(
            nativeID: key, key: key, webURL: issueURL(of: key, in: source),
            title: title.isEmpty ? displayKey(key) : title, statusName: TrackerText.short(bug.status),
            providerCategory: BugzillaStatus.category(
                of: bug.status, isOpen: bug.isOpen.value, resolution: resolution))
        snapshot.previousKeys = bug.alias.entries().compactMap(Self.cve)
        snapshot.projectKey = TrackerText.short(bug.product.value ?? "")
        snapshot.resolution = resolution.isEmpty ? nil : resolution
        snapshot.assignees = Self.person(bug.assignee.value).map { [$0] } ?? []
        snapshot.priority = Self.chosen(bug.priority)
        snapshot.type = Self.chosen(bug.type)
        snapshot.labels = bug.keywords.entries().prefix(DomainLimits.labelsMax).map(TrackerText.short)
            .filter { !$0.isEmpty }
        snapshot.createdAt = bug.createdAt.value.flatMap(TrackerDate.parse)
        snapshot.updatedAt = bug.changedAt.value.flatMap(TrackerDate.parse)
        return snapshot
    }

    /// A value that somebody chose; `---` stands for none.
    private static func chosen(_ value: Lenient<String>) -> String? {
        let text = TrackerText.short(value.value ?? "")
        return text.isEmpty || text.allSatisfy { $0 == "-" } ? nil : text
    }

    /// A bug always has an assignee; `nobody@…` is the account that stands for none.
    private static func person(_ person: BugzillaWire.Person?) -> ExternalPerson? {
        guard let person, let login = person.name.value.map(TrackerText.short), !login.isEmpty,
            login != "nobody", !login.hasPrefix("nobody@")
        else { return nil }
        let name = TrackerText.short(person.realName.value ?? "")
        return ExternalPerson(
            id: person.id.value.map { String($0) } ?? login, displayName: name.isEmpty ? login : name)
    }
}

extension BugzillaTracker: IssueSearching {
    /// Most words looked for.
    private static let wordsMax = 10

    public func search(
        _ words: String, limit: Int, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[IssueSnapshot]> {
        let request =
            if let id = canonicalKey(words) {
                try list([("id", id)], limit: 1, in: source)
            } else {
                try list(
                    [("quicksearch", Self.quicksearch(words))], limit: limit, order: "changeddate DESC",
                    in: source)
            }
        return .send(request) { (response) throws(TrackerError) in try readBugs(response, from: source) }
    }

    /// Closed bugs too, and each word as it is: quotes keep its signs from being read as conditions.
    private static func quicksearch(_ words: String) -> String {
        let parts = words.split { $0.isWhitespace || $0 == "\"" }.prefix(wordsMax).map { "\"\($0)\"" }
        return (["ALL"] + parts).joined(separator: " ")
    }
}

extension BugzillaTracker: ChangesReading {
    public var changesNeedProject: Bool { false }

    public func changes(
        since: Timestamp, project: String, page: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<ChangesPage> {
        let cursor = try ChangesCursor(since: since, page: page)
        var query = [(name: "last_change_time", value: TrackerDate.wholeSeconds(cursor.since))]
        if !project.isEmpty { query.append(("product", project)) }
        if cursor.offset > 0 { query.append(("offset", String(cursor.offset))) }
        let request = try list(query, limit: batchIssuesMax, order: "changeddate,bug_id", in: source)
        return .send(request) { (response) throws(TrackerError) in
            let bugs = try TrackerJSON.decode(BugzillaWire.BugsAnswer.self, from: response).bugs
            let times = bugs.map { $0.value?.changedAt.value.flatMap(TrackerDate.parse) }
            return ChangesPage(
                issues: bugs.compactMap { $0.value.flatMap { snapshot($0, of: source) } },
                next: cursor.next(after: times, isLast: bugs.count < batchIssuesMax))
        }
    }
}
