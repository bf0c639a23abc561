// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

/// What GitHub says of an issue or pull request, whichever of its interfaces said it: both must come down to
/// the same snapshot, or every other read would look like a change.
struct GitHubIssue: Sendable {
    var nodeID: String
    var key: GitHubKey
    var title: String
    var status: GitHubStatus
    var assignees: [GitHubWire.Person] = []
    var labels: [String] = []
    var type: String?
    var priority: String?
    var createdAt: String?
    var updatedAt: String?
    var closedAt: String?

    /// What pull requests are called in ``IssueSnapshot/type``; GitHub gives them none.
    static let pullRequestType = "Pull request"
    /// The organisation's issue field that tells the priority. GitHub creates it under this name.
    static let priorityField = "priority"

    /// The state of this issue, cleaned.
    func snapshot(webURL: String) -> IssueSnapshot {
        let title = TrackerText.title(title)
        var snapshot = IssueSnapshot(
            nativeID: nodeID, key: key.text, webURL: webURL, title: title.isEmpty ? key.text : title,
            statusName: status.name, providerCategory: status.category)
        snapshot.projectKey = key.repository.text
        snapshot.resolution = status.resolution
        snapshot.assignees = assignees.prefix(DomainLimits.assigneesMax).compactMap(Self.person)
        snapshot.labels = Array(labels.compactMap(Self.text).prefix(DomainLimits.labelsMax))
        snapshot.type = type.flatMap(Self.text)
        snapshot.priority = priority.flatMap(Self.text)
        snapshot.createdAt = createdAt.flatMap(TrackerDate.parse)
        snapshot.updatedAt = updatedAt.flatMap(TrackerDate.parse)
        if status.category.isClosed { snapshot.closedAt = closedAt.flatMap(TrackerDate.parse) }
        return snapshot
    }

    private static func person(_ person: GitHubWire.Person) -> ExternalPerson? {
        guard let login = text(person.login) else { return nil }
        return ExternalPerson(id: person.id.value.map { String($0) } ?? login, displayName: login)
    }

    private static func text(_ text: String) -> String? {
        let text = TrackerText.short(text)
        return text.isEmpty ? nil : text
    }
}

/// The states of issues and, the last one, of pull requests in GraphQL.
enum GitHubState: ClosedVocabulary {
    static let words: Set<String> = ["open", "closed", "merged"]
}

/// Why an issue has its state.
enum GitHubReason: ClosedVocabulary {
    static let words: Set<String> = ["completed", "not_planned", "duplicate", "reopened"]
}

/// What a state means.
struct GitHubStatus: Sendable, Hashable {
    /// GitHub's word, in lower case; of pull requests also `draft` and `merged`.
    let name: String
    let category: StatusCategory
    /// Why it was closed, as `state_reason` says; nil while it is open.
    let resolution: String?

    private static let canceledReasons: Set<String> = ["not_planned", "duplicate"]

    /// The state of an issue; `reason` is GitHub's `state_reason`.
    static func issue(state: String, reason: String?) -> GitHubStatus {
        let reason = reason.map { TrackerText.short($0.lowercased()) } ?? ""
        switch state.lowercased() {
        case "open": return GitHubStatus(name: "open", category: .todo, resolution: nil)
        case "closed":
            return GitHubStatus(
                name: "closed", category: canceledReasons.contains(reason) ? .canceled : .done,
                resolution: reason.isEmpty ? nil : reason)
        default: return unknown(state)
        }
    }

    /// The state of a pull request.
    static func pullRequest(state: String, isDraft: Bool, isMerged: Bool) -> GitHubStatus {
        switch state.lowercased() {
        case _ where isMerged: GitHubStatus(name: "merged", category: .done, resolution: nil)
        case "open":
            GitHubStatus(name: isDraft ? "draft" : "open", category: .inProgress, resolution: nil)
        case "closed": GitHubStatus(name: "closed", category: .canceled, resolution: nil)
        default: unknown(state)
        }
    }

    private static func unknown(_ state: String) -> GitHubStatus {
        GitHubStatus(name: TrackerText.short(state.lowercased()), category: .unknown, resolution: nil)
    }
}

extension GitHubIssue {
    /// Reads what the REST API says; nil when it holds no key or id that can be one.
    init?(_ issue: GitHubWire.Issue) {
        guard let key = Self.key(of: issue), GitHubNodeID.isSound(issue.nodeID) else { return nil }
        let pullRequest = issue.pullRequest.value
        let status =
            if let pullRequest {
                GitHubStatus.pullRequest(
                    state: issue.state.text, isDraft: issue.draft.value == true,
                    isMerged: pullRequest.mergedAt.value != nil)
            } else {
                GitHubStatus.issue(state: issue.state.text, reason: issue.stateReason.value?.text)
            }
        self.init(nodeID: issue.nodeID, key: key, title: issue.title, status: status)
        assignees = issue.assignees.rows()
        labels = issue.labels.rows().map(\.name)
        type = pullRequest == nil ? issue.type.value?.name : Self.pullRequestType
        priority = issue.fieldValues.rows().first { $0.name.value?.lowercased() == Self.priorityField }
            .flatMap { $0.option.value?.name ?? $0.text.value }
        createdAt = issue.createdAt.value
        updatedAt = issue.updatedAt.value
        closedAt = issue.closedAt.value
    }

    /// The repository is named by the ends of addresses only, which are judged as a key and never called.
    private static func key(of issue: GitHubWire.Issue) -> GitHubKey? {
        let api = (issue.repositoryURL.value ?? "").split(separator: "/").suffix(3).map(String.init)
        let web = (issue.webURL.value ?? "").split(separator: "/").suffix(4).map(String.init)
        let names = api.count == 3 && api[0] == "repos" ? Array(api[1...]) : web.count == 4 ? web : []
        guard names.count >= 2 else { return nil }
        return GitHubKey(owner: names[0], name: names[1], number: String(issue.number))
    }
}
