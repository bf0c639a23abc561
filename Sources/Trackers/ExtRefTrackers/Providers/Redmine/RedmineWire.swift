// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

/// Redmine's JSON, as far as it is read. What an issue can do without is lenient; what it cannot is not.
enum RedmineWire {
    struct IssueAnswer: Decodable {
        let issue: Issue
    }

    struct IssuesAnswer: Decodable {
        /// One that cannot be read is left out: it must not hide the others.
        let issues: [Lenient<Issue>]
        /// How many there are in all pages.
        let totalCount: Lenient<Int>

        enum CodingKeys: String, CodingKey {
            case issues
            case totalCount = "total_count"
        }
    }

    struct UserAnswer: Decodable {
        /// The answer holds the API key too; it is not even decoded.
        struct User: Decodable {
            let login: Lenient<String>
            let firstname: Lenient<String>
            let lastname: Lenient<String>
            let admin: Lenient<Bool>
            /// Only when asked for.
            let memberships: Lenient<[Lenient<Membership>]>
        }

        let user: User
    }

    struct Reference: Decodable {
        let id: Int64
        let name: Lenient<String>
    }

    struct Status: Decodable {
        let id: Lenient<Int64>
        let name: String
        /// Absent before version 5.0.
        let isClosed: Lenient<Bool>

        enum CodingKeys: String, CodingKey {
            case id, name
            case isClosed = "is_closed"
        }
    }

    struct Issue: Decodable {
        let id: Int64
        let subject: String
        let description: Lenient<String>
        let status: Status
        let project: Promised<Reference>
        let tracker: Lenient<Reference>
        let priority: Lenient<Reference>
        /// Absent when nobody is; may be a group.
        let assignedTo: Lenient<Reference>
        let createdOn: Promised<String>
        let updatedOn: Promised<String>
        /// Stays set when an issue is opened again.
        let closedOn: Lenient<String>
        /// Only when asked for.
        let journals: Lenient<[Lenient<Journal>]>

        enum CodingKeys: String, CodingKey {
            case id, subject, description, status, project, tracker, priority, journals
            case assignedTo = "assigned_to"
            case createdOn = "created_on"
            case updatedOn = "updated_on"
            case closedOn = "closed_on"
        }
    }
}

extension RedmineWire.Status {
    private static let canceledNames: Set<String> = [
        "rejected", "canceled", "cancelled", "duplicate", "invalid", "won't fix", "wontfix", "obsolete",
    ]
    private static let startedNames: Set<String> = [
        "in progress", "assigned", "feedback", "resolved", "in review", "testing",
    ]
    /// The id of "New" in every fresh installation.
    private static let newID: Int64 = 1

    /// What it means. Whether it is closed is Redmine's own word; the rest goes by the names it ships with,
    /// and an admin's status map overrides all of it.
    var category: StatusCategory {
        let name = name.lowercased()
        switch isClosed.value {
        case true: return Self.canceledNames.contains(name) ? .canceled : .done
        case false: return name == "new" || id.value == Self.newID ? .todo : .inProgress
        case nil:
            if Self.canceledNames.contains(name) { return .canceled }
            if Self.startedNames.contains(name) { return .inProgress }
            return name == "new" ? .todo : name == "closed" ? .done : .unknown
        }
    }
}
