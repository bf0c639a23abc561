// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension JiraTracker {
    public func create(
        _ issue: NewIssue, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> {
        let project = try Self.creationProject(issue.project, of: source)
        return try creationType(issue.type, in: project, of: source).then { (type) throws(TrackerError) in
            // The form was just asked for the same, so this rarely costs a request.
            try fields(of: project, type: type, in: source).then { (fields) throws(TrackerError) in
                var values = try JiraDraft(issue, fields, deployment).values()
                values["project"] = ["key": .text(project)]
                values["issuetype"] = ["id": .text(type)]
                return try post(values, title: issue.title, to: source)
            }
        }
    }

    private func creationType(
        _ type: String, in project: String, of source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<String> {
        guard type.isEmpty else { return .done(type) }
        return try types(of: project, in: source).map { (types) throws(TrackerError) in
            guard let first = types.first else { throw JiraForm.noTypes }
            return first.id
        }
    }

    /// Sends the issue, and reads it again: the answer names only its key.
    private func post(
        _ values: [String: JiraValue], title: String, to source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> {
        let request = try post(["issue"], ["fields": .object(values)], of: source)
        return send(request, of: source) { (response) throws(TrackerError) in
            let created = try TrackerJSON.decode(JiraWire.Created.self, from: response)
            guard let key = JiraKey(created.key), JiraKey.number(created.id) != nil else {
                throw TrackerError(.badResponse, "Jira created the issue, but does not say under which key.")
            }
            return try reread(key, id: created.id, title: title, of: source)
        }
    }

    /// An account may create what it may not see; then the little that is known has to do.
    private func reread(
        _ key: JiraKey, id: String, title: String, of source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> {
        var request = try issueRequest(id, of: source)
        request.acceptedStatuses = [403, 404]
        return read(request, of: source) { (response) throws(TrackerError) in
            if (200..<300).contains(response.status) { return try readIssue(response, of: source) }
            let shown = TrackerText.title(title)
            var snapshot = IssueSnapshot(
                nativeID: id, key: key.text, webURL: issueURL(of: key.text, in: source),
                title: shown.isEmpty ? key.text : shown, statusName: "", providerCategory: .unknown)
            snapshot.projectKey = key.project
            return snapshot
        }
    }
}

/// An issue to create, fitted to the fields that its type has.
struct JiraDraft {
    private let issue: NewIssue
    private let fields: [JiraField]
    private let deployment: JiraDeployment

    /// Takes what is wished for and what the type has.
    init(_ issue: NewIssue, _ fields: [JiraField], _ deployment: JiraDeployment) {
        self.issue = issue
        self.fields = fields
        self.deployment = deployment
    }

    /// Values by Jira's own field ids.
    /// - Throws: all fields that cannot be sent.
    func values() throws(TrackerError) -> [String: JiraValue] {
        var values: [String: JiraValue] = [JiraField.summaryID: .text(TrackerText.title(issue.title))]
        var faults = [FieldViolation]()
        for (name, text) in issue.fields.sorted(by: { $0.key < $1.key })
        where !text.isEmpty && name != "title" {
            guard let field = fields.first(where: { $0.input.name == name }) else {
                faults.append(FieldViolation(name, "is no field of new issues of this type"))
                continue
            }
            values[field.id] = field.shape.value(of: text, for: deployment)
            if values[field.id] == nil {
                faults.append(FieldViolation(name, "is no value that the field takes"))
            }
        }
        guard faults.isEmpty else {
            var error = TrackerError(.invalidRequest, "Some fields cannot be sent to Jira.")
            error.fieldFaults = faults
            throw error
        }
        try mark(&values)
        return values
    }

    /// Puts the marker where it will be found again: at the end of the description, or where the type has
    /// none among the labels.
    private func mark(_ values: inout [String: JiraValue]) throws(TrackerError) {
        if has(JiraField.descriptionID) {
            values[JiraField.descriptionID] = deployment.longText(issue.markedDescription)
        } else if has(JiraField.labelsID) {
            var labels = [JiraValue]()
            if case .list(let typed)? = values[JiraField.labelsID] { labels = typed }
            values[JiraField.labelsID] = .list(labels + [.text(issue.marker.text)])
        } else {
            throw TrackerError(
                .invalidRequest,
                "New issues of this type have neither description nor labels, so a lost one could not be found again. "
                    + "Add the description to the screen for new issues in Jira.")
        }
    }

    private func has(_ id: String) -> Bool { fields.contains { $0.id == id } }
}
