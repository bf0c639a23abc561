// SPDX-License-Identifier: Apache-2.0

/// GitHub's GraphQL answers, as far as they are read.
enum GitHubGraphQL {
    /// The answer to a ``GitHubBatchQuery``.
    struct Answer: Decodable {
        /// By the query's own names for repositories; null when the whole question was refused.
        let data: Lenient<[String: Lenient<Repository>]>
        let errors: Lenient<[Lenient<Fault>]>
    }

    /// An answer's refusals alone.
    struct Refusals: Decodable {
        let errors: Lenient<[Lenient<Fault>]>
    }

    /// One refusal: of a part of the answer, or of the question.
    struct Fault: Decodable {
        struct Extensions: Decodable {
            let code: Lenient<String>
        }

        let type: Lenient<String>
        /// Which part is missing; its numbers are read as nil.
        let path: Lenient<[Lenient<String>]>
        let message: Lenient<String>
        /// Only refusals of the question itself have a code.
        let extensions: Lenient<Extensions>

        var isRateLimit: Bool { type.value == "RATE_LIMITED" || type.value == "RATE_LIMIT" }
        var isMissingScope: Bool { type.value == "INSUFFICIENT_SCOPES" }
        var isForbidden: Bool { type.value == "FORBIDDEN" || isMissingScope }
        var names: [String] { path.rows() }
    }

    /// A repository and, by the query's own names, its issues.
    struct Repository: Decodable {
        let nameWithOwner: String
        let issues: [String: Lenient<Issue>]

        private struct Name: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init?(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Name.self)
            var issues = [String: Lenient<Issue>]()
            var name: String?
            for key in container.allKeys {
                if key.stringValue == "nameWithOwner" {
                    name = try container.decode(String.self, forKey: key)
                } else {
                    issues[key.stringValue] = try container.decode(Lenient<Issue>.self, forKey: key)
                }
            }
            nameWithOwner = name ?? ""
            self.issues = issues
        }
    }

    struct Nodes<Row: Decodable & Sendable>: Decodable, Sendable {
        let nodes: Lenient<[Lenient<Row>]>
    }

    /// An issue or a pull request.
    struct Issue: Decodable {
        let id: String
        let number: Int
        let title: String
        /// The state of an issue; nil of a pull request.
        let issueState: Lenient<Word<GitHubState>>
        /// The state of a pull request; nil of an issue.
        let pullState: Lenient<Word<GitHubState>>
        let stateReason: Lenient<Word<GitHubReason>>
        let isDraft: Lenient<Bool>
        let createdAt: Lenient<String>
        let updatedAt: Promised<String>
        let closedAt: Lenient<String>
        let assignees: Lenient<Nodes<Person>>
        let labels: Lenient<Nodes<GitHubWire.Named>>
        let issueType: Lenient<GitHubWire.Named>
        let issueFieldValues: Lenient<Nodes<FieldValue>>
    }

    struct Person: Decodable {
        let login: String
        let databaseId: Lenient<Int64>
    }

    struct FieldValue: Decodable {
        let name: Lenient<String>
        let field: Lenient<GitHubWire.Named>
    }
}

extension GitHubIssue {
    /// Reads what GraphQL says; nil when it holds no id, number or state that can be one.
    init?(_ issue: GitHubGraphQL.Issue, in repository: GitHubRepository) {
        guard GitHubNodeID.isSound(issue.id), GitHubKey.isNumber(issue.number) else { return nil }
        let pullState = issue.pullState.value?.text
        let status: GitHubStatus
        if let pullState {
            status = .pullRequest(
                state: pullState, isDraft: issue.isDraft.value == true,
                isMerged: pullState.lowercased() == "merged")
        } else if let state = issue.issueState.value {
            status = .issue(state: state.text, reason: issue.stateReason.value?.text)
        } else {
            return nil
        }
        self.init(
            nodeID: issue.id, key: GitHubKey(repository, issue.number), title: issue.title, status: status)
        assignees = (issue.assignees.value?.nodes.rows() ?? []).map {
            GitHubWire.Person(login: $0.login, id: $0.databaseId)
        }
        labels = (issue.labels.value?.nodes.rows() ?? []).map(\.name)
        type = pullState == nil ? issue.issueType.value?.name : Self.pullRequestType
        priority =
            (issue.issueFieldValues.value?.nodes.rows() ?? [])
            .first { $0.field.value?.name.lowercased() == Self.priorityField }?.name.value
        createdAt = issue.createdAt.value
        updatedAt = issue.updatedAt.value
        closedAt = issue.closedAt.value
    }
}
