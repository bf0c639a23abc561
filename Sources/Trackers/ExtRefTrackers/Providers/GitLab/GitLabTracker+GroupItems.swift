// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain

/// Items that belong to a group, such as epics: REST has none of them, so GraphQL is asked.
extension GitLabTracker {
    func fetchGroupItem(
        _ key: GitLabKey, from source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> {
        try groupItems([key.iid], of: key.place, from: source).map { (items) throws(TrackerError) in
            guard let items else { throw Self.noGroupItems }
            guard let item = items.first(where: { $0.iid == key.iid }),
                var snapshot = snapshot(item, at: key.place, of: source.source)
            else {
                throw TrackerError(
                    .notFound, "The tracker does not know it, or hides it from these credentials.")
            }
            let here = snapshot.key
            snapshot.previousKeys = [key.text].filter { $0 != here }
            return snapshot
        }
    }

    /// Where the installation cannot tell, nobody's state changes, and the batches of projects go on.
    func fetchGroupBatch(
        _ references: [IssueReference], _ iids: [String], _ place: GitLabPlace, from source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<BatchAnswer> {
        try groupItems(iids, of: place, from: source).map { (items) throws(TrackerError) in
            guard let items else {
                return BatchAnswer(found: [], refused: Self.all(references, .unsupported))
            }
            let found = items.compactMap { item in
                snapshot(item, at: place, of: source.source).map {
                    Self.naming($0, iid: item.iid, references)
                }
            }
            return BatchAnswer(found: found)
        }
    }

    static var noGroupItems: TrackerError {
        TrackerError(
            .unsupported,
            "This GitLab does not show items of groups to other programs; link an issue of a project instead."
        )
    }

    private struct NamespaceAnswer: Decodable {
        /// Null for a group that is missing or hidden.
        let namespace: Lenient<[String: Lenient<GitLabWire.WorkItem>]>
    }

    /// Asks for items of one group.
    ///
    /// The status is asked for first and left out when it is not known: editions and versions without custom
    /// statuses refuse the whole question.
    /// - Returns: those there are; nil when this installation has no such question.
    func groupItems(
        _ iids: [String], of place: GitLabPlace, from source: TrackerSource, withStatus: Bool = true
    ) throws(TrackerError) -> TrackerCall<[GitLabWire.WorkItem]?> {
        var variables = ["path": place.path]
        for (index, iid) in iids.enumerated() { variables["iid\(index)"] = iid }
        let document = Self.itemsDocument(count: iids.count, withStatus: withStatus)
        var request = try graphQLRequest(document, variables, of: source)
        request.acceptedStatuses = [404]
        return .send(request) { (response) throws(TrackerError) in
            guard response.status != 404 else { return .done(nil) }
            let answer = try TrackerJSON.decode(
                GitLabWire.GraphQLAnswer<NamespaceAnswer>.self, from: response)
            guard let data = answer.data.value else {
                return withStatus
                    ? try groupItems(iids, of: place, from: source, withStatus: false) : .done(nil)
            }
            let items = (data.namespace.value ?? [:]).values.compactMap(\.value)
            return .done(items.sorted { $0.iid < $1.iid })
        }
    }

    func snapshot(
        _ item: GitLabWire.WorkItem, at place: GitLabPlace, of source: IntegrationSource
    ) -> IssueSnapshot? {
        guard let id = GitLabWire.number(ofGlobalID: item.id), let key = key(of: item, at: place, in: source)
        else { return nil }
        let title = TrackerText.title(item.title)
        var snapshot = IssueSnapshot(
            nativeID: id, key: key.text, webURL: issueURL(of: key.text, in: source),
            title: title.isEmpty ? key.text : title, statusName: item.statusName,
            providerCategory: item.category)
        snapshot.projectKey = key.place.text
        let type = TrackerText.short(item.workItemType.value?.name.value ?? "")
        snapshot.type = type.isEmpty ? nil : type
        snapshot.assignees = item.people
        snapshot.labels = Self.names(item.labelNames)
        snapshot.createdAt = item.createdAt.value.flatMap(TrackerDate.parse)
        if item.isClosed { snapshot.closedAt = item.closedAt.value.flatMap(TrackerDate.parse) }
        return snapshot
    }

    private func key(
        of item: GitLabWire.WorkItem, at place: GitLabPlace, in source: IntegrationSource
    ) -> GitLabKey? {
        if let address = item.webUrl.value, let key = key(inAddress: address, of: source),
            key.iid == item.iid
        {
            return key
        }
        return GitLabKey(place, iid: item.iid)
    }
}

extension GitLabWire.WorkItem {
    var labelNames: [String] {
        widgets.entries().flatMap { $0.labels.value?.nodes.entries() ?? [] }.compactMap(\.title.value)
    }

    var isClosed: Bool { state.text.lowercased() == "closed" }

    private var status: Status? { widgets.entries().lazy.compactMap(\.status.value).first }

    /// The custom status, else REST's words for the state.
    var statusName: String {
        let name = TrackerText.short(status?.name.value ?? "")
        guard name.isEmpty else { return name }
        let state = state.text.lowercased()
        return state == "open" ? "opened" : TrackerText.short(state)
    }

    /// What it means: by the status where there is one. Its case is not documented.
    var category: StatusCategory {
        switch status?.category.value?.text.lowercased() {
        case "triage", "to_do": return .todo
        case "in_progress": return .inProgress
        case "done": return .done
        case "canceled": return .canceled
        default: break
        }
        return switch state.text.lowercased() {
        case "open", "opened": .todo
        case "closed": .done
        default: .unknown
        }
    }

    var people: [ExternalPerson] {
        let nodes = widgets.entries().flatMap { $0.assignees.value?.nodes.entries() ?? [] }
        let people = nodes.compactMap { person -> ExternalPerson? in
            let login = TrackerText.short(person.username.value ?? "")
            let name = TrackerText.short(person.name.value ?? "")
            let id = person.id.value.flatMap(GitLabWire.number) ?? login
            guard !id.isEmpty else { return nil }
            return ExternalPerson(id: id, displayName: name.isEmpty ? login.isEmpty ? "#" + id : login : name)
        }
        return Array(people.prefix(DomainLimits.assigneesMax))
    }
}
