// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
public import ExtRefDomain

extension YouTrackTracker: IssueCreating {
    /// How long a project's id and fields are used again.
    private static let formReuse = Duration.seconds(600)
    /// Most fields of a project, and new issues of one page.
    private static let fieldsMax = 100
    private static let newIssuesMax = 50
    /// Pages looked through for a marker.
    private static let searchedPagesMax = 5
    /// How much earlier than our clock the tracker's may have noted the creation.
    private static let clockMargin = Duration.seconds(300)

    public func form(
        project: String, type: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueForm> {
        let createURL = source.source.baseURL.withoutTrailingSlashes + "/newIssue?project=" + project
        return try projectID(project, in: source).then { (id) throws(TrackerError) in
            var request = TrackerRequest(
                path: ["admin", "projects", id, "customFields"],
                query: [("fields", YouTrackWire.ProjectField.fields), ("$top", String(Self.fieldsMax))],
                headers: try headers(for: source))
            request.reusableFor = Self.formReuse
            // Who may create issues need not be told how the project is made.
            request.acceptedStatuses = [403, 404]
            return .send(request) { (response) throws(TrackerError) in
                let fields =
                    (200..<300).contains(response.status)
                    ? try TrackerJSON.decode([Lenient<YouTrackWire.ProjectField>].self, from: response) : []
                return IssueForm(
                    fields: Self.standardFields + fields.compactMap(\.value).compactMap(Self.field),
                    createURL: createURL)
            }
        }
    }

    private static let standardFields = [
        IssueFormField(name: "title", label: "Summary", kind: .text, isRequired: true),
        IssueFormField(name: "description", label: "Description", kind: .multiline),
    ]

    private static func field(_ field: YouTrackWire.ProjectField) -> IssueFormField? {
        guard
            let input = YouTrackFormField(
                type: field.field.fieldType.value?.id.value ?? "", name: field.field.name),
            TrackerText.short(field.field.name) == field.field.name
        else { return nil }
        let values: [YouTrackWire.ProjectField.BundleValue] = field.bundle.value?.values.entries() ?? []
        let choices = values.filter { $0.archived.value != true }.compactMap { $0.name.value }
            .filter {
                !$0.isEmpty && TrackerText.short($0) == $0
                    && !(input.kind == .multiChoice && $0.contains(","))
            }
            .map { IssueFormChoice(id: $0, label: $0) }
        let standards: [YouTrackWire.ProjectField.BundleValue] = field.defaultValues.entries()
        let standard = standards.compactMap { $0.name.value }.filter { name in
            choices.contains { $0.id == name }
        }
        return IssueFormField(
            name: input.text, label: input.name, kind: input.kind,
            isRequired: field.canBeEmpty.value == false,
            choices: choices,
            defaultValue: input.kind == .multiChoice ? standard.joined(separator: ",") : standard.first ?? "")
    }

    public func create(
        _ issue: NewIssue, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> {
        let fields = issue.fields.keys.sorted().compactMap { name -> YouTrackWire.NewField? in
            guard let value = issue.fields[name], !value.isEmpty else { return nil }
            return YouTrackFormField(name)?.value(value)
        }
        return try projectID(issue.project, in: source).then { (id) throws(TrackerError) in
            let body = YouTrackWire.NewIssue(
                project: YouTrackWire.NewIssue.ProjectReference(id: id), summary: issue.title,
                description: issue.markedDescription, customFields: fields.isEmpty ? nil : fields)
            let request = TrackerRequest(
                .post, path: ["issues"], query: [("fields", YouTrackWire.Issue.fields)],
                headers: try writingHeaders(for: source), body: TrackerJSON.encode(body))
            return .send(request) { (response) throws(TrackerError) in
                try readIssue(response, from: source)
            }
        }
    }

    /// The entity id of a project, which a new issue must name.
    private func projectID(
        _ project: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<String> {
        guard Self.isProject(project) else {
            throw TrackerError(.invalidRequest, "This is no short name of a YouTrack project.")
        }
        var request = TrackerRequest(
            path: ["admin", "projects", project], query: [("fields", "id,shortName")],
            headers: try headers(for: source))
        request.reusableFor = Self.formReuse
        return .send(request) { (response) throws(TrackerError) in
            let answer = try TrackerJSON.decode(YouTrackWire.Project.self, from: response)
            guard let id = answer.id.value, Self.isEntityID(id) else {
                throw TrackerError(.badResponse, "The tracker's answer holds no id of a project.")
            }
            return id
        }
    }

    public func findCreated(
        _ issue: NewIssue, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot?> {
        guard Self.isProject(issue.project) else {
            throw TrackerError(.invalidRequest, "This is no short name of a YouTrack project.")
        }
        return try find(issue, page: 0, in: source)
    }

    /// Reads the newest issues' descriptions: the search for words lags behind.
    private func find(
        _ issue: NewIssue, page: Int, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot?> {
        let request = try list(
            "project: \(issue.project) sort by: created desc",
            fields: "description," + YouTrackWire.Issue.fields,
            limit: Self.newIssuesMax, skip: page * Self.newIssuesMax, in: source)
        return .send(request) { (response) throws(TrackerError) in
            let issues = try TrackerJSON.decode([Lenient<YouTrackWire.Issue>].self, from: response)
                .compactMap(\.value)
            if let found = issues.first(where: { $0.description.value?.contains(issue.marker.text) == true })
            {
                return .done(snapshot(found, of: source))
            }
            let oldest = issues.compactMap(\.created.value).min() ?? 0
            guard issues.count >= Self.newIssuesMax, page + 1 < Self.searchedPagesMax,
                oldest >= (issue.startedAt - Self.clockMargin).milliseconds
            else { return .done(nil) }
            return try find(issue, page: page + 1, in: source)
        }
    }
}
