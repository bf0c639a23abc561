// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
public import ExtRefDomain

extension GitLabTracker: IssueCreating {
    /// How much earlier than our first try an issue may have been created by the tracker's clock.
    static var creationMargin: Duration { .seconds(300) }
    /// Pages looked through for an issue that an earlier try created, and issues on each; descriptions may
    /// be long.
    static var creationPagesMax: Int { 10 }
    static var creationPageIssuesMax: Int { 50 }

    /// Issue types of every edition; others need a licence.
    private static let types = [
        IssueFormChoice(id: "issue", label: "Issue"), IssueFormChoice(id: "incident", label: "Incident"),
        IssueFormChoice(id: "task", label: "Task"),
    ]

    /// The same for every project: what GitLab takes. It asks for nothing but a title.
    public func form(
        project: String, type: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueForm> {
        let place = try self.project(project, "creates issues")
        let fields = [
            IssueFormField(name: "title", label: "Title", kind: .text, isRequired: true),
            IssueFormField(name: "description", label: "Description (Markdown)", kind: .multiline),
            IssueFormField(name: "labels", label: "Labels, separated by commas", kind: .text),
            IssueFormField(
                name: "assignee_ids", label: "Assignees: their user ids, separated by commas", kind: .text),
            IssueFormField(
                name: "milestone_id", label: "Milestone: its id, which the API shows", kind: .number),
            IssueFormField(name: "due_date", label: "Due date", kind: .date),
            IssueFormField(
                name: "confidential", label: "Confidential", kind: .boolean, defaultValue: "false"),
        ]
        let base = source.source.baseURL.withoutTrailingSlashes
        return .done(
            IssueForm(types: Self.types, fields: fields, createURL: "\(base)/\(place.text)/-/issues/new"))
    }

    public func create(
        _ issue: NewIssue, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> {
        let place = try project(issue.project, "creates issues")
        let request = TrackerRequest(
            .post, path: ["projects", place.path, "issues"], headers: try writingHeaders(for: source),
            body: TrackerJSON.encode(try GitLabDraft(issue)))
        return .send(request) { (response) throws(TrackerError) in
            let issue = try TrackerJSON.decode(GitLabWire.Issue.self, from: response)
            guard let snapshot = snapshot(issue, at: place, of: source.source) else {
                throw TrackerError(.badResponse, "GitLab's answer does not say which issue was created.")
            }
            return snapshot
        }
    }

    public func findCreated(
        _ issue: NewIssue, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot?> {
        let place = try project(issue.project, "creates issues")
        return try findCreated(issue, in: place, page: 1, of: source)
    }

    private func findCreated(
        _ issue: NewIssue, in place: GitLabPlace, page: Int, of source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot?> {
        let request = try listRequest(
            place,
            [
                ("created_after", TrackerDate.text(issue.startedAt - Self.creationMargin)),
                ("order_by", "created_at"), ("sort", "asc"),
                ("per_page", String(Self.creationPageIssuesMax)), ("page", String(page)),
            ], of: source)
        return .send(request) { (response) throws(TrackerError) in
            let issues = try decodeIssues(response)
            let own = issues.first { $0.description.value?.contains(issue.marker.text) == true }
            if let own { return .done(snapshot(own, at: place, of: source.source)) }
            guard issues.count >= Self.creationPageIssuesMax, page < Self.creationPagesMax else {
                return .done(nil)
            }
            return try findCreated(issue, in: place, page: page + 1, of: source)
        }
    }
}
