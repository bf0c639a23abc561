// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension JiraTracker {
    public func form(
        project: String, type: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueForm> {
        let project = try Self.creationProject(project, of: source)
        return try types(of: project, in: source).then { (types) throws(TrackerError) in
            guard let first = types.first else { throw JiraForm.noTypes }
            let chosen = type.isEmpty ? first.id : type
            guard types.contains(where: { $0.id == chosen }) else { throw JiraForm.unknownType }
            return try fields(of: project, type: chosen, in: source).map { fields in
                IssueForm(
                    types: types, fields: JiraForm.inOrder(fields), createURL: createURL(in: source.source))
            }
        }
    }

    /// The project to create in, by its key.
    static func creationProject(_ project: String, of source: TrackerSource) throws(TrackerError) -> String {
        let asked = project.isEmpty ? source.source.defaultExternalProject : project
        guard let key = JiraKey.project(asked) else {
            throw TrackerError(.invalidRequest, "Name the Jira project to create the issue in by its key.")
        }
        return key
    }

    /// The types of a project, those of sub-tasks last: they need a parent.
    func types(
        of project: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[IssueFormChoice]> {
        let path = ["issue", "createmeta", project, "issuetypes"]
        return try entries(JiraFormWire.IssueType.self, at: path, of: source).map { types in
            let sound = types.filter { JiraKey.number($0.id) != nil && !TrackerText.short($0.name).isEmpty }
            let isSubtask = { (type: JiraFormWire.IssueType) in type.subtask.value == true }
            return (sound.filter { !isSubtask($0) } + sound.filter(isSubtask)).map {
                IssueFormChoice(id: $0.id, label: TrackerText.short($0.name))
            }
        }
    }

    /// The fields on the screen for a new issue of a type.
    func fields(
        of project: String, type: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[JiraField]> {
        guard JiraKey.number(type) != nil else { throw JiraForm.unknownType }
        let path = ["issue", "createmeta", project, "issuetypes", type]
        return try entries(JiraFormWire.Field.self, at: path, of: source).map {
            $0.compactMap(JiraField.init)
        }
    }

    /// All entries of a list that comes in pages.
    private func entries<Entry: Decodable & Sendable>(
        _ kind: Entry.Type, at path: [String], from start: Int = 0, page: Int = 1, of source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[Entry]> {
        var request = try get(
            path, query: [("startAt", String(start)), ("maxResults", String(JiraLimits.formPageMax))],
            of: source)
        request.reusableFor = JiraLimits.formLife
        return send(request, of: source) { (response) throws(TrackerError) in
            let answer = try TrackerJSON.decode(JiraFormWire.Page<Entry>.self, from: response)
            guard let entries = answer.entries else {
                throw TrackerError(.badResponse, "Jira's answer holds no list of what a new issue takes.")
            }
            let read = entries.compactMap(\.value)
            let next = start + entries.count
            guard !entries.isEmpty, next < answer.total.value ?? 0, page < JiraLimits.formPagesMax else {
                return .done(read)
            }
            return try self.entries(kind, at: path, from: next, page: page + 1, of: source).map { read + $0 }
        }
    }

    private func createURL(in source: IntegrationSource) -> String {
        let own = source.createURLTemplate
        let template = try? URLTemplate(own.isEmpty ? description.createURLTemplate : own, requiresKey: false)
        return template?.expand(baseURL: source.baseURL, key: "") ?? source.baseURL
    }
}

/// What forms are put together by.
enum JiraForm {
    /// The account may create nothing in the project.
    static let noTypes = TrackerError(
        .permissionDenied,
        "Jira offers no issue type here. Give the account the permission Create Issues in the project.")

    /// The type is none of the project's.
    static var unknownType: TrackerError {
        var error = TrackerError(.invalidRequest, "The project has no such issue type.")
        error.fieldFaults = [FieldViolation("type", "must be one of the types that GetIssueForm names")]
        return error
    }

    /// Title and description first, as people think of them; the rest as Jira orders it.
    static func inOrder(_ fields: [JiraField]) -> [IssueFormField] {
        let heads = [JiraField.summaryID, JiraField.descriptionID]
        let ahead = heads.compactMap { id in fields.first { $0.id == id } }
        return (ahead + fields.filter { !heads.contains($0.id) }).map(\.input)
    }
}
