// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension AzureDevOpsTracker: BatchFetching {
    /// REST description 7.1, `workitemsbatch`.
    public var batchIssuesMax: Int { 200 }

    public var hasImmutableKeys: Bool { true }

    public func fetch(
        _ reference: IssueReference, from source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> {
        let key = try key(of: reference)
        var request = try get(
            ["wit", "workitems", key],
            query: [("fields", AzureDevOpsFields.ofIssue.joined(separator: ","))], in: source)
        request.acceptedStatuses = [404]
        return .send(request) { (response) throws(TrackerError) in
            if response.status == 404 { return try explained(response, key: key, in: source) }
            let item = try TrackerJSON.decode(AzureDevOpsWire.Item.self, from: response)
            return try snapshots(of: [item], in: source).map(Self.single)
        }
    }

    public func fetchBatch(
        _ references: [IssueReference], from source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<BatchAnswer> {
        var ids = [Int]()
        for reference in references {
            // A canonical key is a number; see there.
            if let id = Int(try key(of: reference)) { ids.append(id) }
        }
        return try items(ids, of: AzureDevOpsWire.Item.self, in: source).then {
            (items) throws(TrackerError) in
            // An issue whose states would be one question too many is left out, which makes it be read
            // singly: a wrong category would be worse.
            let types = Set(Self.types(of: items))
            let readable = items.filter { item in item.workItemType.map(types.contains) ?? true }
            return try snapshots(of: readable, in: source).map { BatchAnswer(found: $0) }
        }
    }

    /// Reads many work items. Without `omit` one that is missing would fail the whole call.
    func items<Item: Decodable & Sendable>(
        _ ids: [Int], fields: [String] = AzureDevOpsFields.ofIssue, of type: Item.Type,
        in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[Item]> {
        guard !ids.isEmpty else { return .done([]) }
        let body = BatchRequest(errorPolicy: "omit", fields: fields, ids: ids)
        let request = try post(["wit", "workitemsbatch"], body: body, in: source)
        return .send(request) { (response) throws(TrackerError) in
            try TrackerJSON.decode(AzureDevOpsWire.List<Item>.self, from: response).elements
        }
    }

    private struct BatchRequest: Encodable {
        let errorPolicy: String
        let fields: [String]
        let ids: [Int]
    }

    /// The one issue of an answer about one.
    static func single(_ snapshots: [IssueSnapshot]) throws(TrackerError) -> IssueSnapshot {
        guard let snapshot = snapshots.first else {
            throw TrackerError(.badResponse, "The tracker's answer holds no number of a work item.")
        }
        return snapshot
    }

    /// Asks the recycle bin about an item that cannot be read, so that "deleted" is told from "missing".
    private func explained(
        _ response: TrackerResponse, key: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> {
        let missing = refusal(response)
        guard AzureDevOpsWire.Refusal(response)?.isMissingItem == true else { throw missing }
        var request = try get(["wit", "recyclebin", key], in: source)
        request.acceptedStatuses = [400, 401, 403, 404]
        return .send(request) { (answer) throws(TrackerError) -> TrackerCall<IssueSnapshot> in
            guard answer.status == 200,
                let deleted = try? TrackerJSON.decode(AzureDevOpsWire.DeletedItem.self, from: answer),
                deleted.id.text == key
            else { throw missing }
            throw TrackerError(.gone, "The work item was deleted; it lies in its project's recycle bin.")
        }
    }
}

// MARK: - Snapshots

extension AzureDevOpsTracker {
    /// Items as issues; looks the meaning of their states up first.
    func snapshots(
        of items: [AzureDevOpsWire.Item], in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[IssueSnapshot]> {
        try states(of: Self.types(of: items), in: source).map { (states) throws(TrackerError) in
            items.compactMap { snapshot($0, states, of: source) }
        }
    }

    /// An item as an issue, with what is known of its states; nil when it has no number.
    func snapshot(
        _ item: AzureDevOpsWire.Item, _ states: AzureDevOpsStates, of source: TrackerSource
    ) -> IssueSnapshot? {
        guard let key = canonicalKey(String(item.id)) else { return nil }
        let fields = item.fields
        let title = TrackerText.title(fields.title)
        var snapshot = IssueSnapshot(
            nativeID: key, key: key, webURL: issueURL(of: key, in: source),
            title: title.isEmpty ? displayKey(key) : title, statusName: TrackerText.short(fields.state),
            providerCategory: states.category(of: item))
        snapshot.projectKey = item.project.map(TrackerText.short) ?? ""
        snapshot.type = Self.named(fields.type.value)
        snapshot.priority = Self.named(fields.priority.value?.text)
        snapshot.assignees = Self.assignees(fields.assignedTo.value)
        snapshot.labels = Self.labels(fields.tags.value ?? "")
        snapshot.createdAt = fields.createdDate.value.flatMap(TrackerDate.parse)
        snapshot.updatedAt = fields.changedDate.value.flatMap(TrackerDate.parse)
        if snapshot.providerCategory.isClosed {
            // Only then is the reason one for being done: a new item's is "New".
            snapshot.resolution = Self.named(fields.reason.value)
            snapshot.closedAt = fields.closedDate.value.flatMap(TrackerDate.parse)
        }
        return snapshot
    }

    private static func named(_ text: String?) -> String? {
        guard let name = text.map(TrackerText.short), !name.isEmpty else { return nil }
        return name
    }

    private static func assignees(_ person: AzureDevOpsWire.Person?) -> [ExternalPerson] {
        guard let person, let id = named(person.id) else { return [] }
        return [ExternalPerson(id: id, displayName: named(person.name) ?? id)]
    }

    private static func labels(_ tags: String) -> [String] {
        Array(tags.split(separator: ";").compactMap { named(String($0)) }.prefix(DomainLimits.labelsMax))
    }
}
