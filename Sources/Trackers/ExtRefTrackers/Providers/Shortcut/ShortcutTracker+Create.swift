// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
public import ExtRefDomain

extension ShortcutTracker: IssueCreating {
    public func form(
        project: String, type: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueForm> {
        try directory([.workflows, .groups], of: source).map { (directory) throws(TrackerError) in
            let group = try group(project, of: source, in: directory)
            return IssueForm(
                types: Self.types, fields: Self.fields(of: group, directory),
                createURL: source.source.baseURL + "/stories/new")
        }
    }

    /// The story carries the marker as its external id, which Shortcut can be asked for.
    public func create(
        _ issue: NewIssue, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> {
        try directory([.workflows, .groups], of: source).then { (directory) throws(TrackerError) in
            let group = try group(issue.project, of: source, in: directory)
            let story = try Self.story(issue, group, directory)
            let request = try request(.post, ["stories"], body: story, of: source)
            return .send(request) { (response) throws(TrackerError) in
                try shown(TrackerJSON.decode(ShortcutWire.Story.self, from: response), of: source)
            }
        }
    }

    public func findCreated(
        _ issue: NewIssue, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot?> {
        let marker = issue.marker.text
        let filter = ShortcutFilter(externalID: marker)
        var request = try request(.post, ["stories", "search"], body: filter, of: source)
        request.changesNothing = true
        return .send(request) { (response) throws(TrackerError) in
            let stories = try TrackerJSON.decode([Lenient<ShortcutWire.Story>].self, from: response)
            let created = stories.compactMap(\.value).first { $0.externalID.value == marker }
            guard let created else { return .done(nil) }
            return try shown(created, of: source).map { $0 }
        }
    }

    /// The team a story is for; nil when neither the caller nor the source names one.
    private func group(
        _ project: String, of source: TrackerSource, in directory: ShortcutDirectory
    ) throws(TrackerError) -> ShortcutWire.Group? {
        let name = project.isEmpty ? source.source.defaultExternalProject : project
        if name.isEmpty { return nil }
        if let group = directory.group(named: name) { return group }
        var failure = TrackerError(.invalidRequest, "Shortcut knows no team with this mention name.")
        failure.fieldFaults = [FieldViolation("project", "must be the mention name of a team, without the @")]
        throw failure
    }

    private static func story(
        _ issue: NewIssue, _ group: ShortcutWire.Group?, _ directory: ShortcutDirectory
    ) throws(TrackerError) -> ShortcutNewStory {
        func value(_ name: String) -> String? { issue.fields[name].flatMap { $0.isEmpty ? nil : $0 } }
        let state = value("workflow_state_id").flatMap(Int64.init) ?? defaultState(of: group, directory)
        guard let state else {
            throw TrackerError(.badResponse, "Shortcut names no state that a new story could have.")
        }
        let labels = value("labels")?.split(separator: ",").map { String($0).trimmingBlanks() } ?? []
        return ShortcutNewStory(
            name: issue.title, description: issue.markedDescription, workflowStateID: state,
            storyType: types.contains { $0.id == issue.type } ? issue.type : types[0].id,
            groupID: group?.id, externalID: issue.marker.text,
            labels: labels.isEmpty ? nil : labels.filter { !$0.isEmpty }.map { .init(name: $0) },
            deadline: value("deadline").map { $0 + "T00:00:00Z" },
            estimate: value("estimate").flatMap(Int.init))
    }
}

/// Shortcut's `CreateStoryParams`; what is nil is not sent.
struct ShortcutNewStory: Encodable {
    struct Label: Encodable {
        let name: String
    }

    let name: String
    let description: String
    let workflowStateID: Int64
    let storyType: String
    let groupID: String?
    let externalID: String
    let labels: [Label]?
    let deadline: String?
    let estimate: Int?

    enum CodingKeys: String, CodingKey {
        case name, description, labels, deadline, estimate
        case workflowStateID = "workflow_state_id"
        case storyType = "story_type"
        case groupID = "group_id"
        case externalID = "external_id"
    }
}
