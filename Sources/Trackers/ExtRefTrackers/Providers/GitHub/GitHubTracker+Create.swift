// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
public import ExtRefDomain

extension GitHubTracker: IssueCreating {
    /// How much earlier than our first try an issue may have been created by GitHub's clock.
    private static let creationMargin = Duration.seconds(300)
    /// Pages of new issues looked through for a marker: a thousand within minutes.
    private static let creationPagesMax = 10

    private struct Draft: Encodable, Sendable {
        let title: String
        let body: String
        let labels: [String]?
        let assignees: [String]?
        let type: String?
    }

    public func create(
        _ issue: NewIssue, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> {
        let repository = try repository(named: issue.project)
        let draft = Draft(
            title: issue.title, body: issue.markedDescription, labels: Self.values(issue.fields["labels"]),
            assignees: Self.values(issue.fields["assignees"]), type: issue.type.isEmpty ? nil : issue.type)
        var request = try write(.post, repository.path("issues"), TrackerJSON.encode(draft), to: source)
        request.acceptedStatuses = [422]
        return .send(request) { (response) throws(TrackerError) in
            guard response.status != 422 else { throw Self.refusal(response) }
            let answer = try TrackerJSON.decode(GitHubWire.Issue.self, from: response)
            guard let made = GitHubIssue(answer) else { throw Self.unnamed }
            let snapshot = snapshot(of: made, in: source)
            // GitHub drops what the account may not set, without a word. Whether it did, or only was not done
            // yet, a second look tells; what it shows is what the issue is.
            return Self.isComplete(made, draft)
                ? .done(snapshot)
                : try fetch(IssueReference(key: snapshot.key, nativeID: snapshot.nativeID), from: source)
        }
    }

    /// Values of a multi-choice; nil when there are none.
    private static func values(_ text: String?) -> [String]? {
        let values = (text ?? "").split(separator: ",").map { String($0).trimmingBlanks() }
            .filter { !$0.isEmpty }
        return values.isEmpty ? nil : values
    }

    private static func isComplete(_ issue: GitHubIssue, _ draft: Draft) -> Bool {
        func holds(_ found: [String], _ wanted: [String]?) -> Bool {
            Set((wanted ?? []).map { $0.lowercased() }).isSubset(of: Set(found.map { $0.lowercased() }))
        }
        return holds(issue.labels, draft.labels) && holds(issue.assignees.map(\.login), draft.assignees)
            && holds([issue.type].compactMap(\.self), [draft.type].compactMap(\.self))
    }

    /// Lists what is new, which shows an issue the moment it exists; the search index is minutes late.
    public func findCreated(
        _ issue: NewIssue, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot?> {
        let start = issue.startedAt - Self.creationMargin
        var request = try get(
            try repository(named: issue.project).path("issues"),
            query: [
                (name: "state", value: "all"), (name: "sort", value: "created"),
                (name: "direction", value: "desc"), (name: "per_page", value: String(Self.pageRowsMax)),
                (name: "since", value: Self.text(start)),
            ], from: source)
        request.followsMoves = true
        let marker = issue.marker.text
        let call: TrackerCall<GitHubRows<GitHubWire.Issue>> = list(request, pagesMax: Self.creationPagesMax) {
            Self.isMarked($0, marker) || Self.isOlder($0, than: start)
        }
        return try call.map { (found) throws(TrackerError) in
            if let row = found.rows.first(where: { Self.isMarked($0, marker) }) {
                guard let made = GitHubIssue(row) else { throw Self.unnamed }
                return snapshot(of: made, in: source)
            }
            guard found.isWhole else {
                throw TrackerError(.unavailable, "Too many issues are new for one of them to be found.")
            }
            return nil
        }
    }

    private static func isMarked(_ row: GitHubWire.Issue, _ marker: String) -> Bool {
        row.body.value?.contains(marker) == true
    }

    /// From the first older one on, nothing in a list by creation can be the one that is looked for.
    private static func isOlder(_ row: GitHubWire.Issue, than start: Timestamp) -> Bool {
        row.createdAt.value.flatMap(TrackerDate.parse).map { $0 < start } ?? false
    }
}

// MARK: - What GitHub refuses

extension GitHubTracker {
    /// GitHub's names for fields, where the form's differ.
    private static let formNames = [
        "title": "title", "body": "description", "labels": "labels", "label": "labels",
        "assignees": "assignees", "assignee": "assignees", "type": "type",
    ]

    static func refusal(_ response: TrackerResponse) -> TrackerError {
        var error = TrackerError(.invalidRequest, "GitHub does not accept the new issue as it is.")
        let refusal = try? TrackerJSON.decode(GitHubWire.Refusal.self, from: response)
        let faults: [GitHubWire.Refusal.Fault] = refusal?.errors.rows() ?? []
        error.fieldFaults = faults.compactMap { fault in
            guard let name = fault.field.value.flatMap({ formNames[$0] }) else { return nil }
            return FieldViolation(name, sentence(for: fault))
        }
        error.fieldFaults = Array(error.fieldFaults.prefix(TrackerLimits.fieldErrorsMax))
        return error
    }

    private static func sentence(for fault: GitHubWire.Refusal.Fault) -> String {
        switch fault.code.value {
        case "missing", "missing_field": return "is required, or names what does not exist"
        case "invalid": return "is not accepted by GitHub"
        case "already_exists": return "is taken already"
        default:
            let message = TrackerText.short(fault.message.value ?? "")
            return message.isEmpty ? "is not accepted by GitHub" : message
        }
    }
}
