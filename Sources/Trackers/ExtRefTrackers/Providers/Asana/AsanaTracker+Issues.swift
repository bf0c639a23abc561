// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
public import ExtRefDomain

extension AsanaTracker: IssueFetching {
    public var hasImmutableKeys: Bool { true }

    public func fetch(
        _ reference: IssueReference, from source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> {
        let request = try request(
            .get, ["tasks", try gid(of: reference)], query: [("opt_fields", AsanaWire.Task.fields)],
            of: source)
        return .send(request) { (response) throws(TrackerError) in try readTask(response, from: source) }
    }

    /// What Asana's own statuses mean, and the fields its refusals speak of: `name: Missing input`.
    public func failure(_ response: TrackerResponse) -> TrackerError? {
        switch response.status {
        case 400: Self.refusal(Self.messages(in: response))
        case 402: TrackerError(.permissionDenied, "The workspace's Asana plan does not include this.")
        case 403: Self.messages(in: response).contains(where: Self.speaksOfScopes) ? Self.scopeMissing : nil
        default: nil
        }
    }

    static let scopeMissing = TrackerError(.scopeMissing, "The token was given out for less than this.")

    /// Whether a refusal is for want of a scope: "Your request requires the following scopes: tasks:read".
    static func speaksOfScopes(_ message: String) -> Bool { message.lowercased().contains("scope") }

    private static func messages(in response: TrackerResponse) -> [String] {
        let refusal = try? TrackerJSON.decode(AsanaWire.Refusal.self, from: response)
        return refusal?.messages ?? []
    }

    private static func refusal(_ messages: [String]) -> TrackerError? {
        let faults = messages.prefix(TrackerLimits.fieldErrorsMax).compactMap { message -> FieldViolation? in
            guard let field = formFieldNames[String(message.prefix { $0 != ":" && $0 != "." })] else {
                return nil
            }
            return FieldViolation(field, TrackerText.short(message))
        }
        guard !faults.isEmpty else { return nil }
        var failure = TrackerError(.invalidRequest, "Asana refuses the request: a value in it is wrong.")
        failure.fieldFaults = faults
        return failure
    }

    func readTask(
        _ response: TrackerResponse, from source: TrackerSource
    ) throws(TrackerError) -> IssueSnapshot {
        let task = try TrackerJSON.decode(AsanaWire.Answer<AsanaWire.Task>.self, from: response).data
        guard let snapshot = snapshot(task, of: source) else {
            throw TrackerError(.badResponse, "Asana's answer holds no task number.")
        }
        return snapshot
    }

    func gid(of reference: IssueReference) throws(TrackerError) -> String {
        let gid = reference.nativeID.isEmpty ? reference.key : reference.nativeID
        guard Self.isGID(gid) else {
            throw TrackerError(.invalidRequest, "This is no number of an Asana task.")
        }
        return gid
    }

    /// The task as it is kept, seen from the project that the source is about.
    /// - Parameter project: the project that was asked; empty = the source's.
    func snapshot(
        _ task: AsanaWire.Task, in project: String = "", of source: TrackerSource
    ) -> IssueSnapshot? {
        guard Self.isGID(task.gid) else { return nil }
        let own = [project, source.source.defaultExternalProject].filter {
            source.source.allows(externalProject: $0)
        }
        let membership = task.membership(wanted: own + source.source.allowedExternalProjects)
        let status = task.status(in: membership)
        let title = TrackerText.title(task.name)
        var snapshot = IssueSnapshot(
            nativeID: task.gid, key: task.gid, webURL: issueURL(of: task.gid, in: source),
            title: title.isEmpty ? task.gid : title, statusName: status.name,
            providerCategory: status.category)
        snapshot.projectKey = membership?.project.value.map(\.gid).flatMap { Self.isGID($0) ? $0 : nil } ?? ""
        snapshot.type = task.typeName
        snapshot.assignees = [task.assignee.value.flatMap(Self.person)].compactMap(\.self)
        snapshot.labels = (task.tags.value ?? []).compactMap { Self.text($0.value?.name.value) }
        snapshot.labels = Array(snapshot.labels.prefix(DomainLimits.labelsMax))
        snapshot.createdAt = task.createdAt.value.flatMap(TrackerDate.parse)
        snapshot.updatedAt = task.modifiedAt.value.flatMap(TrackerDate.parse)
        if task.completed { snapshot.closedAt = task.completedAt.value.flatMap(TrackerDate.parse) }
        return snapshot
    }

    private static func person(_ user: AsanaWire.Reference) -> ExternalPerson? {
        guard isGID(user.gid), let name = text(user.name.value) else { return nil }
        return ExternalPerson(id: user.gid, displayName: name)
    }

    /// A short text, cleaned; nil when nothing is left.
    static func text(_ text: String?) -> String? {
        guard let text = text.map(TrackerText.short), !text.isEmpty else { return nil }
        return text
    }
}
