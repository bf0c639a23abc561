// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension LinearTracker: IssueCreating {
    /// The issue gets the marker's UUID for its id, so that it cannot be created twice.
    public func create(
        _ issue: NewIssue, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> {
        let team = try teamKey(issue.project, in: source)
        let request = try ask(LinearQuery.team, LinearVariables.Team(team: team), of: source)
        return .send(request) { (response) throws(TrackerError) in
            let teams = try read(LinearWire.TeamsAnswer.self, from: response).teams
            guard let id = teams.elements.first?.id.value, Self.isID(id) else { throw Self.unknownTeam }
            let variables = LinearVariables.Create(input: try Self.input(issue, teamID: id))
            return .send(try ask(LinearQuery.create, variables, of: source)) {
                (response) throws(TrackerError) in
                let created = try read(LinearWire.CreateAnswer.self, from: response).issueCreate
                guard created.success else {
                    throw TrackerError(
                        .badResponse, "Linear says that the issue was not created, but not why.")
                }
                return try known(created.issue, of: source)
            }
        }
    }

    public func findCreated(
        _ issue: NewIssue, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot?> {
        let filter = LinearVariables.Filter(id: LinearVariables.Comparator(in: [issue.marker.uuid]))
        let request = try ask(
            LinearQuery.issues, LinearVariables.Issues(filter: filter, first: 1), of: source)
        return .send(request) { (response) throws(TrackerError) in
            try read(LinearWire.IssuesAnswer.self, from: response).issues.elements
                .first { $0.id.lowercased() == issue.marker.uuid.lowercased() }
                .flatMap { snapshot($0, of: source) }
        }
    }

    private static func input(
        _ issue: NewIssue, teamID: String
    ) throws(TrackerError) -> LinearVariables.NewIssue {
        func value(_ name: String) -> String? {
            issue.fields[name].flatMap { $0.isEmpty ? nil : $0 }
        }
        let priority = value("priority")
        guard priority == nil || priority.flatMap(Int.init) != nil else {
            var failure = TrackerError(.invalidRequest, "The priority of a Linear issue is a number.")
            failure.fieldFaults = [FieldViolation("priority", "must be a number, as the form offers them")]
            throw failure
        }
        return LinearVariables.NewIssue(
            id: issue.marker.uuid, teamId: teamID, title: issue.title, description: issue.markedDescription,
            stateId: value("stateId"), assigneeId: value("assigneeId"), priority: priority.flatMap(Int.init),
            labelIds: value("labelIds")?.split(separator: ",").map(String.init), dueDate: value("dueDate"))
    }
}

extension LinearWire {
    struct TeamsAnswer: Decodable {
        struct Team: Decodable {
            let id: Lenient<String>
        }

        let teams: Page<Team>
    }
}
