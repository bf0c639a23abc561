// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

/// Linear's JSON, as far as it is read. What an issue can do without is lenient; what it cannot is not.
enum LinearWire {
    struct IssueAnswer: Decodable {
        let issue: Issue
    }

    struct IssuesAnswer: Decodable {
        let issues: Page<Issue>
    }

    struct SearchAnswer: Decodable {
        let searchIssues: Page<Issue>
    }

    struct CreateAnswer: Decodable {
        struct Payload: Decodable {
            let success: Bool
            let issue: Issue
        }

        let issueCreate: Payload
    }

    /// A list, of which one element that cannot be read must not hide the others.
    struct Page<Element: Decodable & Sendable>: Decodable, Sendable {
        struct Info: Decodable {
            let hasNextPage: Lenient<Bool>
            let endCursor: Lenient<String>
        }

        let nodes: [Lenient<Element>]
        let pageInfo: Lenient<Info>

        var elements: [Element] { nodes.compactMap(\.value) }
    }

    struct Named: Decodable {
        let name: Lenient<String>
    }

    struct State: Decodable {
        /// All there are.
        enum Types: ClosedVocabulary {
            static let words: Set<String> = [
                "triage", "backlog", "unstarted", "started", "completed", "canceled", "duplicate",
            ]
        }

        let name: String
        let type: Promised<Word<Types>>
    }

    struct User: Decodable {
        let id: Lenient<String>
        let name: Lenient<String>
        let displayName: Lenient<String>
    }

    /// An issue; one found by words has fewer fields.
    struct Issue: Decodable {
        let id: String
        let identifier: String
        let title: String
        let state: State
        let previousIdentifiers: Lenient<[Lenient<String>]>
        let priority: Lenient<Double>
        let priorityLabel: Lenient<String>
        let createdAt: Lenient<String>
        let updatedAt: Promised<String>
        let completedAt: Lenient<String>
        let canceledAt: Lenient<String>
        let trashed: Lenient<Bool>
        let assignee: Lenient<User>
        let labels: Lenient<Page<Named>>
    }
}

extension LinearWire.Page {
    /// Longest cursor that is taken for one.
    private static var cursorBytesMax: Int { 512 }

    /// Names the page behind this one; empty when it is the last.
    func next() throws(TrackerError) -> String {
        guard pageInfo.value?.hasNextPage.value == true else { return "" }
        guard let cursor = pageInfo.value?.endCursor.value,
            (1...Self.cursorBytesMax).contains(cursor.utf8.count)
        else {
            throw TrackerError(.badResponse, "Linear has more to tell but does not say where it goes on.")
        }
        return cursor
    }
}

extension LinearWire.State {
    /// Linear's own word for what a state means; teams give the names.
    var category: StatusCategory {
        switch type.value?.text {
        case "triage", "backlog", "unstarted": .todo
        case "started": .inProgress
        case "completed": .done
        case "canceled", "duplicate": .canceled
        default: .unknown
        }
    }
}
