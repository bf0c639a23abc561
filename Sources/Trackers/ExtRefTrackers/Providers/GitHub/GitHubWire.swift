// SPDX-License-Identifier: Apache-2.0

/// GitHub's REST answers, as far as they are read. What an issue can do without is lenient; what it cannot is
/// not. Fields of API version 2026-03-10; of `assignee`, which it dropped, nothing is read.
enum GitHubWire {
    /// An issue or pull request as every endpoint of issues shows it.
    struct Issue: Decodable {
        let nodeID: String
        let number: Int
        let state: Word<GitHubState>
        let title: String
        /// Ends in `/repos/O/R`.
        let repositoryURL: Lenient<String>
        /// Ends in `/O/R/issues/N` or `/O/R/pull/N`.
        let webURL: Promised<String>
        let stateReason: Lenient<Word<GitHubReason>>
        let assignees: Lenient<[Lenient<Person>]>
        let labels: Lenient<[Lenient<Label>]>
        let type: Lenient<Named>
        /// Only pull requests have it.
        let pullRequest: Lenient<PullRequest>
        let draft: Lenient<Bool>
        let fieldValues: Lenient<[Lenient<FieldValue>]>
        let createdAt: Promised<String>
        let updatedAt: Promised<String>
        let closedAt: Lenient<String>
        let body: Lenient<String>

        enum CodingKeys: String, CodingKey {
            case number, state, title, assignees, labels, type, draft, body
            case nodeID = "node_id"
            case repositoryURL = "repository_url"
            case webURL = "html_url"
            case stateReason = "state_reason"
            case pullRequest = "pull_request"
            case fieldValues = "issue_field_values"
            case createdAt = "created_at"
            case updatedAt = "updated_at"
            case closedAt = "closed_at"
        }
    }

    /// What the issues endpoints tell of a pull request beside its addresses.
    struct PullRequest: Decodable {
        let mergedAt: Lenient<String>

        enum CodingKeys: String, CodingKey {
            case mergedAt = "merged_at"
        }
    }

    struct Person: Decodable {
        let login: String
        let id: Lenient<Int64>
    }

    struct Named: Decodable {
        let name: String
    }

    /// An object, or its name alone: the description allows both.
    struct Label: Decodable {
        let name: String

        init(from decoder: any Decoder) throws {
            if let name = try? decoder.singleValueContainer().decode(String.self) {
                self.name = name
            } else {
                name = try Named(from: decoder).name
            }
        }
    }

    /// The value of an organisation's own field, such as "Priority".
    struct FieldValue: Decodable {
        let name: Lenient<String>
        let option: Lenient<Named>
        let text: Lenient<String>

        enum CodingKeys: String, CodingKey {
            case name = "issue_field_name"
            case option = "single_select_option"
            case text = "value"
        }
    }

    struct SearchAnswer: Decodable {
        let items: [Lenient<Issue>]
    }

    struct Repository: Decodable {
        struct Owner: Decodable {
            let login: String
            /// `User`, `Organization` or `Enterprise`.
            let type: Lenient<String>
        }

        /// What the asking account may do; absent for nobody's calls.
        struct Permissions: Decodable {
            let admin: Lenient<Bool>
            let maintain: Lenient<Bool>
            let push: Lenient<Bool>
            let triage: Lenient<Bool>
            let pull: Lenient<Bool>
        }

        let fullName: String
        let owner: Lenient<Owner>
        let permissions: Lenient<Permissions>
        let hasIssues: Lenient<Bool>
        let archived: Lenient<Bool>

        enum CodingKeys: String, CodingKey {
            case owner, permissions, archived
            case fullName = "full_name"
            case hasIssues = "has_issues"
        }
    }

    /// GitHub's refusals: `{message, documentation_url, errors}`.
    struct Refusal: Decodable {
        struct Fault: Decodable {
            let field: Lenient<String>
            let code: Lenient<String>
            let message: Lenient<String>
        }

        let message: Lenient<String>
        let errors: Lenient<[Lenient<Fault>]>
    }
}

extension Lenient {
    /// The rows of a list that can be read; none when there is no list.
    func rows<Row>() -> [Row] where Value == [Lenient<Row>] { (value ?? []).compactMap(\.value) }
}
