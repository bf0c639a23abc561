// SPDX-License-Identifier: Apache-2.0

/// One GraphQL question about many issues, grouped by repository.
///
/// Repositories travel as variables; numbers are part of the text, which they can be because they are
/// numbers. `state` has two names in it: issues and pull requests have different types of state, and GraphQL
/// refuses to merge them.
struct GitHubBatchQuery: Sendable {
    /// What github.com tells and Enterprise Server's versions may refuse to be asked: a single field that a
    /// server does not know makes it refuse the whole question.
    enum Extra: String, Sendable, CaseIterable {
        /// Tells duplicates from issues that are not planned.
        case duplicateReason = "enableduplicate"
        case issueType = "issuetype"
        /// The organisation's own fields, such as "Priority".
        case issueFields = "issuefield"
        case pullRequestCreation = "createdat"
    }

    /// A repository and the numbers asked for, in order.
    struct Group: Sendable {
        let repository: GitHubRepository
        var numbers: [Int] = []
    }

    private struct Body: Encodable {
        let query: String
        let variables: [String: String]
    }

    /// Most assignees that GitHub lets an issue have; labels, and fields of an organisation.
    private static let assigneesMax = 10
    private static let labelsMax = 100
    private static let fieldsMax = 25

    let groups: [Group]
    let extras: Set<Extra>

    /// Groups keys; each issue is asked for once.
    init(_ keys: [GitHubKey], on site: GitHubSite) {
        var groups = [Group]()
        var places = [String: Int]()
        var seen = Set<String>()
        for key in keys where seen.insert(key.text.lowercased()).inserted {
            let name = key.repository.text.lowercased()
            let place = places[name, default: groups.count]
            if place == groups.count { groups.append(Group(repository: key.repository)) }
            places[name] = place
            groups[place].numbers.append(key.number)
        }
        self.init(groups: groups, extras: site == .server ? [] : Set(Extra.allCases))
    }

    private init(groups: [Group], extras: Set<Extra>) {
        self.groups = groups
        self.extras = extras
    }

    /// The same question without what a server refuses by name; nil when it names nothing that was asked for.
    func without(_ refused: [String]) -> GitHubBatchQuery? {
        let rest = extras.filter { extra in !refused.contains { $0.lowercased().contains(extra.rawValue) } }
        return rest == extras ? nil : GitHubBatchQuery(groups: groups, extras: rest)
    }

    /// The body to post.
    var body: [UInt8] {
        var variables = [String: String]()
        for (index, group) in groups.enumerated() {
            variables["o\(index)"] = group.repository.owner
            variables["n\(index)"] = group.repository.name
        }
        return TrackerJSON.encode(Body(query: text, variables: variables))
    }

    private var text: String {
        let variables = groups.indices.map { "$o\($0):String!,$n\($0):String!" }.joined(separator: ",")
        let repositories = groups.enumerated().map { index, group in
            let issues = group.numbers.map { "i\($0):issueOrPullRequest(number:\($0)){...F}" }
            return "r\(index):repository(owner:$o\(index),name:$n\(index)){nameWithOwner "
                + issues.joined(separator: " ") + "}"
        }
        return "query(\(variables)){\(repositories.joined(separator: " "))}" + fragment
    }

    private var fragment: String {
        "fragment F on IssueOrPullRequest{...on Issue{\(issueFields)}...on PullRequest{\(pullRequestFields)}}"
    }

    private var issueFields: String {
        let reason = extras.contains(.duplicateReason) ? "stateReason(enableDuplicate:true)" : "stateReason"
        var fields = ["id number title issueState:state", reason, "createdAt updatedAt closedAt", people]
        if extras.contains(.issueType) { fields.append("issueType{name}") }
        if extras.contains(.issueFields) {
            fields.append(
                "issueFieldValues(first:\(Self.fieldsMax)){nodes{...on IssueFieldSingleSelectValue{name "
                    + "field{...on IssueFieldSingleSelect{name}}}}}")
        }
        return fields.joined(separator: " ")
    }

    private var pullRequestFields: String {
        let creation = extras.contains(.pullRequestCreation) ? "createdAt " : ""
        return "id number title pullState:state isDraft \(creation)updatedAt closedAt \(people)"
    }

    private var people: String {
        "assignees(first:\(Self.assigneesMax)){nodes{login databaseId}} "
            + "labels(first:\(Self.labelsMax)){nodes{name}}"
    }
}
