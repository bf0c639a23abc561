// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

/// Forgejo's and Gitea's JSON (REST v1), as far as it is read. What an issue can do without is lenient; what
/// it cannot is not.
enum ForgejoWire {
    struct User: Decodable {
        let id: Lenient<Int64>
        let login: Lenient<String>
        let fullName: Lenient<String>

        enum CodingKeys: String, CodingKey {
            case id, login
            case fullName = "full_name"
        }
    }

    struct Label: Decodable {
        let id: Lenient<Int64>
        let name: Lenient<String>
    }

    struct RepositoryName: Decodable {
        let fullName: Lenient<String>

        enum CodingKeys: String, CodingKey { case fullName = "full_name" }
    }

    struct PullRequest: Decodable {
        let isMerged: Lenient<Bool>
        /// Absent in Gitea before 1.22.
        let isDraft: Lenient<Bool>

        enum CodingKeys: String, CodingKey {
            case isMerged = "merged"
            case isDraft = "draft"
        }
    }

    enum States: ClosedVocabulary {
        static let words: Set<String> = ["open", "closed"]
    }

    struct Issue: Decodable {
        /// Holds in the whole installation.
        let id: Int64
        let number: Int64
        let title: String
        let state: Word<States>
        let body: Lenient<String>
        let labels: Lenient<[Lenient<Label>]>
        /// Null when nobody is.
        let assignees: Lenient<[Lenient<User>]>
        let assignee: Lenient<User>
        let htmlURL: Promised<String>
        let repository: Lenient<RepositoryName>
        /// Of pull requests only.
        let pullRequest: Lenient<PullRequest>
        let createdAt: Promised<String>
        let updatedAt: Promised<String>
        let closedAt: Lenient<String>

        enum CodingKeys: String, CodingKey {
            case id, number, title, state, body, labels, assignees, assignee, repository
            case htmlURL = "html_url"
            case pullRequest = "pull_request"
            case createdAt = "created_at"
            case updatedAt = "updated_at"
            case closedAt = "closed_at"
        }
    }

    struct Comment: Decodable {
        let id: Int64
        let body: Lenient<String>
    }

    struct Repository: Decodable {
        let hasIssues: Lenient<Bool>
        let isArchived: Lenient<Bool>

        enum CodingKeys: String, CodingKey {
            case hasIssues = "has_issues"
            case isArchived = "archived"
        }
    }

    struct Version: Decodable {
        let version: Lenient<String>
    }
}

extension ForgejoWire.Issue {
    /// The tracker's own word; of pull requests a closer one.
    var statusName: String {
        guard let pull = pullRequest.value else { return TrackerText.short(state.text) }
        if pull.isMerged.value == true { return "merged" }
        return state.text == "open" && pull.isDraft.value == true ? "draft" : TrackerText.short(state.text)
    }

    /// What it means. An open pull request is work under way; one that is closed without being merged was
    /// given up.
    var category: StatusCategory {
        switch (state.text, pullRequest.value) {
        case ("open", nil): .todo
        case ("open", _): .inProgress
        case ("closed", nil): .done
        case ("closed", let pull?): pull.isMerged.value == true ? .done : .canceled
        default: .unknown
        }
    }
}

extension ForgejoWire.User {
    /// The person, by the id where there is one.
    var person: ExternalPerson? {
        let login = TrackerText.short(self.login.value ?? "")
        let name = TrackerText.short(fullName.value ?? "")
        let id = self.id.value.map { String($0) } ?? login
        guard !id.isEmpty else { return nil }
        return ExternalPerson(id: id, displayName: name.isEmpty ? login.isEmpty ? "#" + id : login : name)
    }
}
