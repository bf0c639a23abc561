// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

/// GitLab's JSON (REST v4), as far as it is read. What an issue can do without is lenient; what it cannot is
/// not.
enum GitLabWire {
    struct User: Decodable {
        let id: Lenient<Int64>
        let username: Lenient<String>
        let name: Lenient<String>
    }

    struct References: Decodable {
        /// Such as `team/app#23`, in the place where the issue is now.
        let full: Lenient<String>
    }

    /// Of issues. Version 9 and before had `reopened`; `locked` is seen for a moment only.
    enum States: ClosedVocabulary {
        static let words: Set<String> = ["opened", "closed", "reopened", "locked"]
    }

    struct Issue: Decodable {
        /// Holds in the whole installation; a move changes it.
        let id: Int64
        /// The number in the project.
        let iid: Int64
        let title: String
        let state: Word<States>
        let description: Lenient<String>
        let labels: Lenient<[Lenient<String>]>
        let assignees: Lenient<[Lenient<User>]>
        /// Before version 9.2 the only one; deprecated since.
        let assignee: Lenient<User>
        let issueType: Lenient<String>
        let type: Lenient<String>
        let webURL: Promised<String>
        /// Absent before version 12.6.
        let references: Lenient<References>
        /// The id of the issue that a move made of this one, if the credentials may see that one.
        let movedToID: Lenient<Int64>
        let createdAt: Promised<String>
        let updatedAt: Promised<String>
        let closedAt: Lenient<String>

        enum CodingKeys: String, CodingKey {
            case id, iid, title, state, description, labels, assignees, assignee, type, references
            case issueType = "issue_type"
            case webURL = "web_url"
            case movedToID = "moved_to_id"
            case createdAt = "created_at"
            case updatedAt = "updated_at"
            case closedAt = "closed_at"
        }
    }

    struct Note: Decodable {
        let id: Int64
        let body: Lenient<String>
    }

    /// What a token says of itself: `/personal_access_tokens/self`, and `/oauth/token/info` with `scope`.
    struct Token: Decodable {
        let scopes: Lenient<[Lenient<String>]>
        let scope: Lenient<[Lenient<String>]>
        let isActive: Lenient<Bool>
        let isRevoked: Lenient<Bool>
        /// A day; the token ends at its first moment, UTC.
        let expiresAt: Lenient<String>

        enum CodingKeys: String, CodingKey {
            case scopes, scope
            case isActive = "active"
            case isRevoked = "revoked"
            case expiresAt = "expires_at"
        }
    }
}

extension GitLabWire.Issue {
    /// The issue that this one became by a move; nil when it did not move.
    var successorID: Int64? {
        guard state.text == "closed", let id = movedToID.value, id > 0, id != self.id else { return nil }
        return id
    }

    /// What it means. An issue that was closed by being moved is not done: it goes on elsewhere.
    var category: StatusCategory {
        switch state.text {
        case "opened", "reopened": .todo
        case "closed": successorID == nil ? .done : .unknown
        default: .unknown
        }
    }
}

extension GitLabWire.User {
    /// The person, by the id where there is one.
    var person: ExternalPerson? {
        let login = TrackerText.short(username.value ?? "")
        let name = TrackerText.short(name.value ?? "")
        let id = self.id.value.map { String($0) } ?? login
        guard !id.isEmpty else { return nil }
        return ExternalPerson(id: id, displayName: name.isEmpty ? login.isEmpty ? "#" + id : login : name)
    }
}

extension GitLabWire.Token {
    /// What it may do; nil when GitLab did not say.
    var scopeNames: [String]? {
        (scopes.value ?? scope.value)?.compactMap { $0.value.map(TrackerText.short) }
    }
}
