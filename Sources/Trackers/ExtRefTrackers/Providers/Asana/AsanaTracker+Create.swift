// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
public import ExtRefDomain

extension AsanaTracker: IssueCreating {
    /// Types of tasks that can be created everywhere.
    private static let types = [
        IssueFormChoice(id: "default_task", label: "Task"),
        IssueFormChoice(id: "milestone", label: "Milestone"),
        IssueFormChoice(id: "approval", label: "Approval"),
    ]
    /// The form's names of what Asana's refusals speak of.
    static let formFieldNames = [
        "name": "title", "notes": "description", "assignee": "assignee", "due_on": "due_on",
        "projects": "project", "project": "project", "workspace": "project", "resource_subtype": "type",
    ]
    /// People offered for a new task.
    private static let peopleMax = 100
    /// How much earlier than our own start a task counts as new: the vendor's clock is not ours.
    private static let clockMargin = Duration.seconds(300)

    public func form(
        project: String, type: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueForm> {
        let project = try self.project(project, of: source)
        return try workspace(of: source).then { (workspace) throws(TrackerError) in
            let request = try request(
                .get, ["workspaces", workspace, "typeahead"],
                query: [
                    ("resource_type", "user"), ("query", ""), ("count", String(Self.peopleMax)),
                    ("opt_fields", "name"),
                ], of: source)
            return .send(request) { (response) throws(TrackerError) in
                let page = try TrackerJSON.decode(AsanaWire.Page<AsanaWire.Reference>.self, from: response)
                return IssueForm(
                    types: Self.types, fields: Self.fields(people: page.elements),
                    createURL: source.source.baseURL + "/0/" + project)
            }
        }
    }

    public func create(
        _ issue: NewIssue, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> {
        func value(_ name: String) -> String? { issue.fields[name].flatMap { $0.isEmpty ? nil : $0 } }
        let task = AsanaNewTask(
            name: issue.title, notes: issue.markedDescription,
            projects: [try project(issue.project, of: source)],
            subtype: Self.types.contains { $0.id == issue.type } ? issue.type : Self.types[0].id,
            assignee: value("assignee"), dueOn: value("due_on"))
        let request = try request(
            .post, ["tasks"], query: [("opt_fields", AsanaWire.Task.fields)], data: task, of: source)
        return .send(request) { (response) throws(TrackerError) in try readTask(response, from: source) }
    }

    /// Looks through what is new in the project. Asana could keep the marker as an external id, but only for
    /// applications with OAuth.
    public func findCreated(
        _ issue: NewIssue, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot?> {
        let since = TrackerDate.text(issue.startedAt - Self.clockMargin)
        let query = [("modified_since", since), ("opt_fields", "notes," + AsanaWire.Task.fields)]
        let project = try project(issue.project, of: source)
        return try list(
            query, of: project, offset: "", pagesLeft: Self.gatheredPagesMax, in: source, found: []
        ).map { tasks, _ in
            tasks.first { $0.notes.value?.contains(issue.marker.text) == true }
                .flatMap { snapshot($0, in: project, of: source) }
        }
    }

    private func project(_ project: String, of source: TrackerSource) throws(TrackerError) -> String {
        let gid = project.isEmpty ? source.source.defaultExternalProject : project
        guard Self.isGID(gid) else { throw Self.noProject }
        return gid
    }

    private static func fields(people: [AsanaWire.Reference]) -> [IssueFormField] {
        let choices = people.compactMap { user -> IssueFormChoice? in
            guard isGID(user.gid), let name = text(user.name.value) else { return nil }
            return IssueFormChoice(id: user.gid, label: name)
        }
        return [
            IssueFormField(name: "title", label: "Title", kind: .text, isRequired: true),
            IssueFormField(name: "description", label: "Description", kind: .multiline),
            IssueFormField(
                name: "assignee", label: "Assignee", kind: .person,
                choices: Array(choices.prefix(peopleMax))),
            IssueFormField(name: "due_on", label: "Due date", kind: .date),
        ]
    }
}

/// Asana's `TaskCreateRequest`; what is nil is not sent.
struct AsanaNewTask: Encodable {
    let name: String
    let notes: String
    let projects: [String]
    let subtype: String
    let assignee: String?
    let dueOn: String?

    enum CodingKeys: String, CodingKey {
        case name, notes, projects, assignee
        case subtype = "resource_subtype"
        case dueOn = "due_on"
    }
}
