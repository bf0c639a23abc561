// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

/// Jira's JSON, as far as it is read. What an issue can do without is lenient; what it cannot is not.
enum JiraWire {
    /// An issue as all calls show it.
    struct Issue: Decodable {
        let id: String
        let key: String
        let fields: Fields
    }

    /// The fields that are asked for.
    struct Fields: Decodable {
        /// Asked for by name: a search shows only the id otherwise, and a single read everything.
        static let names = [
            "summary", "status", "assignee", "priority", "issuetype", "labels", "created", "updated",
            "resolution", "resolutiondate",
        ]

        let summary: Promised<String>
        let status: Status
        let assignee: Lenient<User>
        let priority: Lenient<Named>
        let issuetype: Lenient<Named>
        let labels: Lenient<[Lenient<String>]>
        let created: Promised<String>
        let updated: Promised<String>
        let resolution: Lenient<Named>
        /// Stays set where a workflow opens an issue again without clearing it.
        let resolutiondate: Lenient<String>
        /// Only where asked for: a document on Cloud, a text on Data Center.
        let description: Lenient<JiraDocument>
    }

    /// A priority, type or resolution.
    struct Named: Decodable {
        let name: String
    }

    /// A workflow's status; its name is what people here chose to call it.
    struct Status: Decodable {
        let name: String
        let statusCategory: Promised<Category>
    }

    /// What Jira sorts statuses into.
    struct Category: Decodable {
        /// All there are; the last one is of statuses that nobody sorted.
        enum Keys: ClosedVocabulary {
            static let words: Set<String> = ["new", "indeterminate", "done", "undefined"]
        }

        /// The same in every language and installation, unlike the name.
        let key: Word<Keys>
    }

    /// A person: by `accountId` on Cloud, by `key` and `name` on Data Center; old servers send all.
    struct User: Decodable {
        let accountId: Lenient<String>
        let key: Lenient<String>
        let name: Lenient<String>
        let displayName: Lenient<String>
        let emailAddress: Lenient<String>
        let active: Lenient<Bool>
    }

    /// Answer of `issue/bulkfetch`. Its `issueErrors` speak of faults that pass, so they are not read.
    struct IssuesAnswer: Decodable {
        /// One that cannot be read is left out: it must not hide the others.
        let issues: [Lenient<Issue>]
    }

    /// Answer of a search: Cloud's names a token, Data Center's a total.
    struct SearchAnswer: Decodable {
        let issues: [Lenient<Issue>]
        let nextPageToken: Lenient<String>
        let isLast: Lenient<Bool>
        let total: Lenient<Int>
    }

    /// Answer to a new issue.
    struct Created: Decodable {
        let id: String
        let key: String
    }

    /// Answer of `remotelink`.
    struct RemoteLink: Decodable {
        let id: Int64
    }

    /// Answer of `serverInfo`, which needs no log-in.
    struct ServerInfo: Decodable {
        let deploymentType: Lenient<String>
        let baseUrl: Lenient<String>
        let displayUrl: Lenient<String>
    }

    /// Answer of `mypermissions`.
    struct Permissions: Decodable {
        struct Permission: Decodable {
            let havePermission: Bool
        }

        let permissions: [String: Lenient<Permission>]
    }

    /// One site an OAuth grant is good for.
    struct Site: Decodable {
        let id: String
        let scopes: Lenient<[Lenient<String>]>
    }

    /// What Jira says of a request it refuses.
    struct Refusal: Decodable {
        let errorMessages: Lenient<[Lenient<String>]>
        let errors: Lenient<[String: Lenient<String>]>
    }
}

extension JiraWire.Fields {
    /// Resolutions that Jira ships with, or that are common, for work nobody is going to do.
    private static let canceledResolutions: Set<String> = [
        "won't do", "won't fix", "wont do", "wont fix", "duplicate", "declined", "rejected", "canceled",
        "cancelled", "cannot reproduce", "invalid", "obsolete", "not a bug", "abandoned",
    ]

    /// What the status means: Jira's own category, with the resolution telling done from given up. An admin's
    /// status map overrides it.
    var category: StatusCategory {
        switch status.statusCategory.value?.key.text {
        case "new": .todo
        case "indeterminate": .inProgress
        case "done":
            Self.canceledResolutions.contains(resolution.value?.name.lowercased() ?? "") ? .canceled : .done
        default: .unknown
        }
    }
}

extension JiraWire.User {
    /// Nil when nothing identifies them.
    var person: ExternalPerson? {
        let id = TrackerText.short(
            [accountId, key, name].lazy.compactMap(\.value).first { !$0.isEmpty } ?? "")
        guard !id.isEmpty else { return nil }
        let shown = TrackerText.short(displayName.value ?? "")
        return ExternalPerson(id: id, displayName: shown.isEmpty ? id : shown)
    }
}
