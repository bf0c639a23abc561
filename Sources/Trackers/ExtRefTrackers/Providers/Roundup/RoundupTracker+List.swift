// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

extension RoundupTracker {
    /// A page of issues.
    struct Page: Sendable {
        var issues: [IssueSnapshot]
        var hasNext: Bool
    }

    /// What a tracker may have taken out of its schema; a list that asks for one it does not have fails
    /// whole.
    private static let optionalFields = ["status", "priority", "assignedto", "keyword"]
    private static let certainFields = ["title", "creation", "activity"]

    /// Lists issues; retired ones, and those the account may not see, are left out.
    func list(
        _ query: [(name: String, value: String)], limit: Int, sort: String = "id", in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<Page> {
        try list(query, limit: limit, sort: sort, fields: Self.optionalFields, in: source)
    }

    private func list(
        _ query: [(name: String, value: String)], limit: Int, sort: String, fields: [String],
        in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<Page> {
        let items = [
            ("@fields", (Self.certainFields + fields).joined(separator: ",")), ("@verbose", "2"),
            ("@sort", sort), ("@page_size", String(limit)),
        ]
        var request = TrackerRequest(
            path: ["data", "issue"], query: query + items, headers: try headers(for: source))
        request.acceptedStatuses = [400]
        return .send(request) { (response) throws(TrackerError) in
            if response.status == 400 {
                let rest = try Self.without(response, of: fields)
                guard rest.count < fields.count else {
                    throw failure(response) ?? TrackerError(.invalidRequest, "Roundup refuses the question.")
                }
                return try list(query, limit: limit, sort: sort, fields: rest, in: source)
            }
            return .done(try page(response, from: source))
        }
    }

    /// The fields without the one that Roundup says it does not know, as in `'Unknown property: keyword'`.
    private static func without(
        _ response: TrackerResponse, of fields: [String]
    ) throws(TrackerError) -> [String] {
        let answer = try TrackerJSON.decode(RoundupWire.ErrorAnswer.self, from: response)
        let message = answer.error.message.value ?? ""
        guard let start = message.firstRange(of: "Unknown property: ") else { return fields }
        let name = message[start.upperBound...].prefix { $0.isLetter || $0 == "_" }
        return fields.filter { $0 != name }
    }

    private func page(_ response: TrackerResponse, from source: TrackerSource) throws(TrackerError) -> Page {
        let answer = try TrackerJSON.decode(RoundupWire.ListAnswer<RoundupWire.Issue>.self, from: response)
        return Page(
            issues: answer.entries.compactMap { snapshot($0, of: source) }, hasNext: answer.hasNext)
    }

    private func snapshot(_ issue: RoundupWire.Issue, of source: TrackerSource) -> IssueSnapshot? {
        guard let key = NumberKey.plain(issue.id) else { return nil }
        let title = TrackerText.title(issue.title.value ?? "")
        let status = Self.label(issue.status) ?? ""
        var snapshot = IssueSnapshot(
            nativeID: key, key: key, webURL: issueURL(of: key, in: source),
            title: title.isEmpty ? displayKey(key) : title, statusName: status,
            providerCategory: RoundupStatus.category(of: status))
        snapshot.priority = Self.label(issue.priority)
        if let person = issue.assignedTo.value, let id = NumberKey.plain(person.id) {
            snapshot.assignees = [
                ExternalPerson(id: id, displayName: Self.label(issue.assignedTo) ?? "user" + id)
            ]
        }
        let keywords: [RoundupWire.Link] = issue.keyword.entries()
        snapshot.labels = keywords.prefix(DomainLimits.labelsMax).compactMap { Self.label(Lenient($0)) }
        snapshot.createdAt = issue.creation.value.flatMap(TrackerDate.parse)
        snapshot.updatedAt = issue.activity.value.flatMap(TrackerDate.parse)
        return snapshot
    }

    private static func label(_ link: Lenient<RoundupWire.Link>) -> String? {
        let name = link.value.flatMap { $0.name.value ?? $0.username.value }.map(TrackerText.short)
        return name?.isEmpty == false ? name : nil
    }
}
