// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
public import ExtRefDomain

extension ForgejoTracker {
    /// Pages of labels offered; of a repository with more, labels are typed.
    static var labelPagesMax: Int { 4 }
    /// Most people offered; of a repository with more, logins are typed.
    static var assigneesOfferedMax: Int { 200 }
    /// How long labels and people of a repository may be old in a form.
    private static let formReuse = Duration.seconds(300)

    public func form(
        project: String, type: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueForm> {
        let repository = try self.repository(project)
        let address = "\(source.source.baseURL.withoutTrailingSlashes)/\(repository.text)/issues/new"
        return try labels(of: repository, page: 1, found: [], in: source).then {
            (labels) throws(TrackerError) in
            try assignees(of: repository, in: source).map { people in
                IssueForm(fields: Self.fields(labels: labels, people: people), createURL: address)
            }
        }
    }

    /// - Parameters:
    ///   - labels: nil = too many to offer.
    ///   - people: nil = unknown or too many.
    private static func fields(labels: [IssueFormChoice]?, people: [IssueFormChoice]?) -> [IssueFormField] {
        let plain = [
            IssueFormField(name: "title", label: "Title", kind: .text, isRequired: true),
            IssueFormField(name: "description", label: "Description (Markdown)", kind: .multiline),
        ]
        let labelField =
            labels.map { IssueFormField(name: "labels", label: "Labels", kind: .multiChoice, choices: $0) }
            ?? IssueFormField(name: "labels", label: "Labels: their ids, separated by commas", kind: .text)
        let peopleField =
            people.map {
                IssueFormField(name: "assignees", label: "Assignees", kind: .multiChoice, choices: $0)
            }
            ?? IssueFormField(
                name: "assignees", label: "Assignees: their logins, separated by commas", kind: .text)
        let rest = [
            IssueFormField(
                name: "milestone", label: "Milestone: the number in its address", kind: .number),
            IssueFormField(name: "due_date", label: "Due date", kind: .date),
        ]
        // A choice without choices is no choice.
        return plain + (labels?.isEmpty == true ? [] : [labelField])
            + (people?.isEmpty == true ? [] : [peopleField]) + rest
    }

    private func labels(
        of repository: ForgejoRepository, page: Int, found: [IssueFormChoice], in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[IssueFormChoice]?> {
        var request = TrackerRequest(
            path: repository.apiPath + ["labels"],
            query: [("limit", String(Self.pageIssuesMax)), ("page", String(page))],
            headers: try headers(for: source))
        request.followsMoves = true
        request.reusableFor = Self.formReuse
        return .send(request) { (response) throws(TrackerError) in
            let labels = try TrackerJSON.decode([Lenient<ForgejoWire.Label>].self, from: response)
            let found = found + labels.compactMap { $0.value.flatMap(Self.choice) }
            guard try hasNextPage(response) else { return .done(found) }
            guard page < Self.labelPagesMax else { return .done(nil) }
            return try self.labels(of: repository, page: page + 1, found: found, in: source)
        }
    }

    private static func choice(_ label: ForgejoWire.Label) -> IssueFormChoice? {
        let name = TrackerText.short(label.name.value ?? "")
        guard let id = label.id.value, id > 0, !name.isEmpty else { return nil }
        return IssueFormChoice(id: String(id), label: name)
    }

    /// Who may be assigned. A token without read:repository does not learn it.
    private func assignees(
        of repository: ForgejoRepository, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[IssueFormChoice]?> {
        var request = TrackerRequest(
            path: repository.apiPath + ["assignees"], headers: try headers(for: source))
        request.followsMoves = true
        request.reusableFor = Self.formReuse
        request.acceptedStatuses = [401, 403, 404]
        return .send(request) { (response) throws(TrackerError) in
            guard response.status < 400 else { return .done(nil) }
            let people = try TrackerJSON.decode([Lenient<ForgejoWire.User>].self, from: response)
                .compactMap { $0.value.flatMap(Self.choice) }
            return .done(people.count > Self.assigneesOfferedMax ? nil : people)
        }
    }

    /// A comma parts choices from each other, so that a login with one could not be sent.
    private static func choice(_ user: ForgejoWire.User) -> IssueFormChoice? {
        guard let login = user.login.value, !login.isEmpty, login == TrackerText.short(login),
            !login.contains(",")
        else { return nil }
        let name = TrackerText.short(user.fullName.value ?? "")
        return IssueFormChoice(id: login, label: name.isEmpty ? login : "\(name) (\(login))")
    }
}
