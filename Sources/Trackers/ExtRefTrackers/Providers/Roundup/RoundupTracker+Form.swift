// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
public import ExtRefDomain

extension RoundupTracker {
    /// How long lists of priorities, keywords and users are used again.
    private static let formReuse = Duration.seconds(600)
    /// Most values offered for one field; others can be given by their number.
    private static let choicesMax = 100
    /// The account of whoever is not logged in, which no issue is given to.
    private static let nobody = "anonymous"

    public func form(
        project: String, type: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueForm> {
        let createURL = source.source.baseURL + "/issue?@template=item"
        return try choices(of: "priority", showing: "name", sort: "order", in: source)
            .then { (priorities) throws(TrackerError) in
                try choices(of: "user", showing: "username", sort: "username", in: source)
                    .then { (users) throws(TrackerError) in
                        try choices(of: "keyword", showing: "name", sort: "name", in: source)
                            .map { keywords in
                                IssueForm(
                                    fields: Self.fields(priorities, users, keywords), createURL: createURL)
                            }
                    }
            }
    }

    private static func fields(
        _ priorities: [IssueFormChoice], _ users: [IssueFormChoice], _ keywords: [IssueFormChoice]
    ) -> [IssueFormField] {
        var fields = [
            IssueFormField(name: "title", label: "Title", kind: .text, isRequired: true),
            IssueFormField(name: "description", label: "Description", kind: .multiline),
        ]
        if !priorities.isEmpty {
            fields.append(
                IssueFormField(name: "priority", label: "Priority", kind: .choice, choices: priorities))
        }
        let people = users.filter { $0.label != nobody }
        if !people.isEmpty {
            fields.append(
                IssueFormField(name: "assignedto", label: "Assigned to", kind: .person, choices: people))
        }
        if !keywords.isEmpty {
            fields.append(
                IssueFormField(name: "keyword", label: "Keywords", kind: .multiChoice, choices: keywords))
        }
        return fields
    }

    /// The values of a property; none where the tracker has no such class or does not show it.
    private func choices(
        of folder: String, showing label: String, sort: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[IssueFormChoice]> {
        var request = TrackerRequest(
            path: ["data", folder],
            query: [("@fields", label), ("@sort", sort), ("@page_size", String(Self.choicesMax))],
            headers: try headers(for: source))
        request.acceptedStatuses = [400, 403, 404]
        request.reusableFor = Self.formReuse
        return .send(request) { (response) throws(TrackerError) in
            guard (200..<300).contains(response.status) else { return [] }
            return try TrackerJSON.decode(RoundupWire.ListAnswer<RoundupWire.Named>.self, from: response)
                .entries.compactMap { entry in
                    let label = TrackerText.short(entry.name.value ?? entry.username.value ?? "")
                    guard let id = NumberKey.plain(entry.id), !label.isEmpty else { return nil }
                    return IssueFormChoice(id: id, label: label)
                }
        }
    }
}
