// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension LinearTracker {
    /// The fields of a form beside title and description, named as Linear's own input names them.
    static let formFieldNames = [
        "title", "description", "stateId", "assigneeId", "priority", "labelIds", "dueDate",
    ]
    /// Choices offered in one field.
    static let choicesMax = 500

    /// Linear has no issue types; labels take their place.
    public func form(
        project: String, type: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueForm> {
        let team = try teamKey(project, in: source)
        let request = try ask(LinearQuery.form, LinearVariables.Team(team: team), of: source)
        return .send(request) { (response) throws(TrackerError) in
            let answer = try read(LinearWire.FormAnswer.self, from: response)
            guard let content = answer.teams.elements.first else { throw Self.unknownTeam }
            return IssueForm(
                fields: Self.fields(of: content, answer),
                createURL: source.source.baseURL + "/team/" + team + "/new")
        }
    }

    /// A team's key as Linear spells it; of an empty one the source's default.
    func teamKey(_ project: String, in source: TrackerSource) throws(TrackerError) -> String {
        let key = (project.isEmpty ? source.source.defaultExternalProject : project).uppercased()
        guard Self.isTeamKey(key) else {
            var failure = TrackerError(.invalidRequest, "A new issue needs the key of a team, such as ENG.")
            failure.fieldFaults = [FieldViolation("project", "must be a team's key, such as ENG")]
            throw failure
        }
        return key
    }

    static var unknownTeam: TrackerError {
        var failure = TrackerError(
            .invalidRequest, "Linear knows no team with this key, or hides it from these credentials.")
        failure.fieldFaults = [
            FieldViolation("project", "must be the key of a team that the account can see")
        ]
        return failure
    }

    private static func fields(of team: LinearWire.Team, _ answer: LinearWire.FormAnswer) -> [IssueFormField]
    {
        let states = (team.states.value?.elements ?? []).sorted {
            ($0.position.value ?? 0) < ($1.position.value ?? 0)
        }
        let labels =
            (team.labels.value?.elements ?? []) + (answer.issueLabels.value?.elements ?? [])
        let users = (answer.users.value?.elements ?? []).filter { $0.active.value != false }
        let defaultState = team.defaultIssueState.value?.id.value ?? ""
        let stateChoices = choices(states.map { ($0.id.value, $0.name.value) })
        return [
            IssueFormField(name: "title", label: "Title", kind: .text, isRequired: true),
            IssueFormField(name: "description", label: "Description", kind: .multiline),
            IssueFormField(
                name: "stateId", label: "Status", kind: .choice, choices: stateChoices,
                defaultValue: stateChoices.contains { $0.id == defaultState } ? defaultState : ""),
            IssueFormField(
                name: "assigneeId", label: "Assignee", kind: .person,
                choices: choices(users.map { ($0.id.value, text($0.name.value) ?? $0.displayName.value) })),
            IssueFormField(
                name: "priority", label: "Priority", kind: .choice, choices: priorities(answer),
                defaultValue: ""),
            IssueFormField(
                name: "labelIds", label: "Labels", kind: .multiChoice,
                choices: choices(
                    labels.filter { $0.isGroup.value != true }.map { ($0.id.value, $0.name.value) })),
            IssueFormField(name: "dueDate", label: "Due date", kind: .date),
        ]
    }

    private static func choices(_ pairs: [(id: String?, label: String?)]) -> [IssueFormChoice] {
        let choices = pairs.compactMap { pair -> IssueFormChoice? in
            guard let id = pair.id, isID(id), let label = text(pair.label) else { return nil }
            return IssueFormChoice(id: id, label: label)
        }
        return Array(choices.prefix(choicesMax))
    }

    private static func priorities(_ answer: LinearWire.FormAnswer) -> [IssueFormChoice] {
        (answer.issuePriorityValues.value ?? []).compactMap { value in
            guard let value = value.value, (0...9).contains(value.priority),
                let label = text(value.label.value)
            else { return nil }
            return IssueFormChoice(id: String(value.priority), label: label)
        }
    }
}

extension LinearWire {
    struct FormAnswer: Decodable {
        struct Priority: Decodable {
            let priority: Int
            let label: Lenient<String>
        }

        let teams: Page<Team>
        let issueLabels: Lenient<Page<Choice>>
        let users: Lenient<Page<Choice>>
        let issuePriorityValues: Lenient<[Lenient<Priority>]>
    }

    struct Team: Decodable {
        let id: String
        let defaultIssueState: Lenient<Choice>
        let states: Lenient<Page<Choice>>
        let labels: Lenient<Page<Choice>>
    }

    /// A state, label or user to choose.
    struct Choice: Decodable {
        let id: Lenient<String>
        let name: Lenient<String>
        let displayName: Lenient<String>
        let position: Lenient<Double>
        let isGroup: Lenient<Bool>
        let active: Lenient<Bool>
    }
}
