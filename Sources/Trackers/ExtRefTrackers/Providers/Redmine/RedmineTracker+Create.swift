// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
public import ExtRefDomain

extension RedmineTracker: IssueCreating {
    /// How much earlier than our clock the tracker's may have noted the creation.
    private static let clockMargin = Duration.seconds(300)
    /// Pages looked through for a marker; so many issues are not created while one call is lost.
    private static let searchedPagesMax = 5

    public func form(
        project: String, type: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueForm> {
        let project = try Self.project(project)
        let createURL = source.source.baseURL + "/projects/\(project)/issues/new"
        return try formParts(of: project, in: source).map { (parts) throws(TrackerError) in
            parts.form(type: type, createURL: createURL)
        }
    }

    public func create(
        _ issue: NewIssue, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> {
        let request = TrackerRequest(
            .post, path: ["issues.json"],
            headers: try headers(for: source) + [HTTPField("Content-Type", "application/json")],
            body: TrackerJSON.encode(RedmineWire.NewIssueBody(issue: try body(of: issue))))
        return .send(request) { (response) throws(TrackerError) in try readIssue(response, from: source) }
    }

    private func body(of issue: NewIssue) throws(TrackerError) -> RedmineWire.NewIssue {
        func field(_ name: String) -> String? { issue.fields[name].flatMap { $0.isEmpty ? nil : $0 } }
        let custom = issue.fields.keys.sorted().compactMap { name in
            field(name).flatMap { value in RedmineCustomFieldName(name)?.value(value) }
        }
        return RedmineWire.NewIssue(
            projectID: try Self.project(issue.project), subject: issue.title,
            description: issue.markedDescription, trackerID: issue.type.isEmpty ? nil : issue.type,
            priorityID: field("priority_id"), assignedToID: field("assigned_to_id"),
            categoryID: field("category_id"), statusID: field("status_id"),
            customFields: custom.isEmpty ? nil : custom)
    }

    public func findCreated(
        _ issue: NewIssue, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot?> {
        try find(issue, offset: 0, in: source)
    }

    private func find(
        _ issue: NewIssue, offset: Int, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot?> {
        let since = TrackerDate.wholeSeconds(issue.startedAt - Self.clockMargin)
        var query = [
            (name: "project_id", value: try Self.project(issue.project)), ("created_on", ">=" + since),
        ]
        if offset > 0 { query.append(("offset", String(offset))) }
        let request = try list(query, limit: batchIssuesMax, sort: "created_on:desc", of: source)
        return .send(request) { (response) throws(TrackerError) in
            let answer = try TrackerJSON.decode(RedmineWire.IssuesAnswer.self, from: response)
            let found = answer.issues.compactMap(\.value).first {
                $0.description.value?.contains(issue.marker.text) == true
            }
            if let found { return .done(snapshot(found, of: source)) }
            let next = offset + answer.issues.count
            guard !answer.issues.isEmpty, next < answer.totalCount.value ?? 0,
                next < Self.searchedPagesMax * batchIssuesMax
            else { return .done(nil) }
            return try find(issue, offset: next, in: source)
        }
    }
}

// MARK: - Refusals

extension RedmineTracker {
    /// How Redmine's English sentences begin, and the fields they are about.
    private static let sentenceStarts = [
        ("Subject ", "title"), ("Description ", "description"), ("Priority ", "priority_id"),
        ("Assignee ", "assigned_to_id"), ("Category ", "category_id"), ("Status ", "status_id"),
    ]
    /// Stands for a field where a sentence names none that the form has.
    private static let wholeIssue = "issue"

    /// Only writes are answered with 422.
    public func failure(_ response: TrackerResponse) -> TrackerError? {
        response.status == 422 ? Self.refusal(response) : nil
    }

    /// Reads a 422: sentences in the account's language.
    private static func refusal(_ response: TrackerResponse) -> TrackerError {
        let sentences =
            (try? TrackerJSON.decode(RedmineWire.Refusal.self, from: response))?.errors.entries() ?? []
        // A project that one may not use is not refused but taken for absent.
        if sentences.contains(where: { $0.hasPrefix("Project ") }) {
            return TrackerError(
                .permissionDenied, "Redmine does not let this account create issues in that project.")
        }
        var error = TrackerError(
            .invalidRequest, "Redmine refuses the issue; what is wrong is said field by field.")
        error.fieldFaults = sentences.prefix(TrackerLimits.fieldErrorsMax).compactMap { sentence in
            let text = TrackerText.short(sentence)
            let field = sentenceStarts.first { text.hasPrefix($0.0) }?.1 ?? wholeIssue
            return text.isEmpty ? nil : FieldViolation(field, text)
        }
        return error
    }
}
