// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

/// Shortcut's JSON, as far as it is read. What a story can do without is lenient; what it cannot is not.
enum ShortcutWire {
    /// A story; a list's stories have fewer fields.
    struct Story: Decodable {
        let id: Int64
        let name: String
        let workflowStateID: Int64
        let completed: Lenient<Bool>
        let started: Lenient<Bool>
        let storyType: Lenient<String>
        let ownerIDs: Lenient<[Lenient<String>]>
        let groupID: Lenient<String>
        let labels: Lenient<[Lenient<Named>]>
        let externalID: Lenient<String>
        let createdAt: Lenient<String>
        let updatedAt: Lenient<String>
        let completedAt: Lenient<String>

        enum CodingKeys: String, CodingKey {
            case id, name, completed, started, labels
            case workflowStateID = "workflow_state_id"
            case storyType = "story_type"
            case ownerIDs = "owner_ids"
            case groupID = "group_id"
            case externalID = "external_id"
            case createdAt = "created_at"
            case updatedAt = "updated_at"
            case completedAt = "completed_at"
        }
    }

    struct SearchAnswer: Decodable {
        /// One that cannot be read is left out: it must not hide the others.
        let data: [Lenient<Story>]
    }

    struct Named: Decodable {
        let name: Lenient<String>
    }

    struct Workflow: Decodable {
        let id: Int64
        let name: Lenient<String>
        let defaultStateID: Lenient<Int64>
        let states: Lenient<[Lenient<State>]>

        enum CodingKeys: String, CodingKey {
            case id, name, states
            case defaultStateID = "default_state_id"
        }
    }

    struct State: Decodable {
        /// The vendor's documents know three types; two more are seen.
        enum Types: ClosedVocabulary {
            static let words: Set<String> = ["unstarted", "backlog", "started", "finished", "done"]
        }

        let id: Int64
        let name: String
        let type: Promised<Word<Types>>
        let position: Lenient<Int64>
    }

    struct Group: Decodable {
        let id: String
        let mentionName: String
        let defaultWorkflowID: Lenient<Int64>
        let workflowIDs: Lenient<[Lenient<Int64>]>

        enum CodingKeys: String, CodingKey {
            case id
            case mentionName = "mention_name"
            case defaultWorkflowID = "default_workflow_id"
            case workflowIDs = "workflow_ids"
        }
    }

    struct Member: Decodable {
        struct Profile: Decodable {
            let name: Lenient<String>
            let mentionName: Lenient<String>

            enum CodingKeys: String, CodingKey {
                case name
                case mentionName = "mention_name"
            }
        }

        let id: String
        let profile: Profile
    }
}

extension ShortcutWire.Story {
    /// Owners read of one story. Each is a call of its own, though a rare one.
    static let ownersMax = 12

    var owners: [String] {
        Array((ownerIDs.value ?? []).compactMap { $0.value }.filter(\.isUUID).prefix(Self.ownersMax))
    }

    var group: String? { groupID.value.flatMap { $0.isUUID ? $0 : nil } }

    /// What the story itself says of its state, for one whose state is not known yet.
    var ownStatus: (name: String, category: StatusCategory) {
        if completed.value == true { return ("Completed", .done) }
        return started.value == true ? ("Started", .inProgress) : ("Unstarted", .todo)
    }
}

extension ShortcutWire.State {
    /// What a state means.
    var category: StatusCategory {
        switch type.value?.text.lowercased() {
        case "unstarted", "backlog": .todo
        case "started": .inProgress
        case "finished", "done": .done
        default: .unknown
        }
    }
}
