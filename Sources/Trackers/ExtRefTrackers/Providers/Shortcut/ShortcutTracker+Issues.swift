// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
public import ExtRefDomain

extension ShortcutTracker: IssueFetching {
    public var hasImmutableKeys: Bool { true }

    public func fetch(
        _ reference: IssueReference, from source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> {
        let request = try request(.get, ["stories", try id(of: reference)], of: source)
        return .send(request) { (response) throws(TrackerError) in
            try shown(TrackerJSON.decode(ShortcutWire.Story.self, from: response), of: source)
        }
    }

    /// The faults that Shortcut finds in single fields.
    public func failure(_ response: TrackerResponse) -> TrackerError? {
        guard [400, 422].contains(response.status),
            let answer = try? TrackerJSON.decode(ShortcutWire.Refusal.self, from: response)
        else { return nil }
        let faults = (answer.errors.value ?? [:]).compactMap { name, fault -> FieldViolation? in
            guard let field = Self.formFieldNames[name] else { return nil }
            let text = TrackerText.short(fault.value ?? "")
            return FieldViolation(field, text.isEmpty ? "is refused by Shortcut" : text)
        }
        guard !faults.isEmpty else { return nil }
        var failure = TrackerError(.invalidRequest, "Shortcut refuses the request: a value in it is wrong.")
        failure.fieldFaults = faults.sorted { $0.field < $1.field }
        return failure
    }

    func id(of reference: IssueReference) throws(TrackerError) -> String {
        guard let id = canonicalKey(reference.nativeID.isEmpty ? reference.key : reference.nativeID) else {
            throw TrackerError(.invalidRequest, "This is no number of a Shortcut story.")
        }
        return id
    }

    /// One story with all that it names.
    func shown(
        _ story: ShortcutWire.Story, of source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> {
        try shown([story], of: source).map { (issues) throws(TrackerError) in
            guard let issue = issues.first else {
                throw TrackerError(.badResponse, "Shortcut's answer holds no story number.")
            }
            return issue
        }
    }

    /// Stories with all that they name.
    func shown(
        _ stories: [ShortcutWire.Story], known: ShortcutDirectory? = nil, of source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[IssueSnapshot]> {
        try directory(
            lookups(for: stories, knowsGroups: known != nil), known: known ?? ShortcutDirectory(), of: source
        ).map { directory in stories.compactMap { snapshot($0, directory, of: source) } }
    }

    private func snapshot(
        _ story: ShortcutWire.Story, _ directory: ShortcutDirectory, of source: TrackerSource
    ) -> IssueSnapshot? {
        guard let key = canonicalKey(String(story.id)) else { return nil }
        let state = directory.state(story.workflowStateID)
        let status = state.map { (name: $0.name, category: $0.category) } ?? story.ownStatus
        let title = TrackerText.title(story.name)
        var snapshot = IssueSnapshot(
            nativeID: key, key: key, webURL: issueURL(of: key, in: source),
            title: title.isEmpty ? displayKey(key) : title, statusName: TrackerText.short(status.name),
            providerCategory: status.category)
        snapshot.projectKey = directory.name(ofGroup: story.group)
        snapshot.type = Self.text(story.storyType.value)
        snapshot.assignees = story.owners.compactMap { directory.people[$0] }
        snapshot.labels = (story.labels.value ?? []).compactMap { Self.text($0.value?.name.value) }
        snapshot.labels = Array(snapshot.labels.prefix(DomainLimits.labelsMax))
        snapshot.createdAt = story.createdAt.value.flatMap(TrackerDate.parse)
        snapshot.updatedAt = story.updatedAt.value.flatMap(TrackerDate.parse)
        if status.category.isClosed { snapshot.closedAt = story.completedAt.value.flatMap(TrackerDate.parse) }
        return snapshot
    }

    /// A short text, cleaned; nil when nothing is left.
    static func text(_ text: String?) -> String? {
        guard let text = text.map(TrackerText.short), !text.isEmpty else { return nil }
        return text
    }
}

extension ShortcutTracker: IssueSearching {
    /// A number means that story; if there is none, it is a word like any other.
    public func search(
        _ words: String, limit: Int, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[IssueSnapshot]> {
        guard let key = canonicalKey(words) else { return try find(words, limit: limit, in: source) }
        var request = try request(.get, ["stories", key], of: source)
        request.acceptedStatuses = [404]
        return .send(request) { (response) throws(TrackerError) in
            guard response.status != 404 else { return try find(words, limit: limit, in: source) }
            return try shown(TrackerJSON.decode(ShortcutWire.Story.self, from: response), of: source).map {
                [$0]
            }
        }
    }

    private func find(
        _ words: String, limit: Int, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[IssueSnapshot]> {
        let request = try request(
            .get, ["search", "stories"],
            query: [("query", words), ("page_size", String(limit)), ("detail", "slim")], of: source)
        return .send(request) { (response) throws(TrackerError) in
            let answer = try TrackerJSON.decode(ShortcutWire.SearchAnswer.self, from: response)
            return try shown(Array(answer.data.compactMap(\.value).prefix(limit)), of: source)
        }
    }
}

extension ShortcutWire {
    /// What is wrong with a request, by the names of its fields.
    struct Refusal: Decodable {
        let errors: Lenient<[String: Lenient<String>]>
    }
}
