// SPDX-License-Identifier: Apache-2.0

/// What is sent to Redmine, and what it says of it.
extension RedmineWire {
    struct NewIssueBody: Encodable {
        let issue: NewIssue
    }

    /// Ids go as text, which Redmine reads like numbers.
    struct NewIssue: Encodable {
        struct CustomValue: Encodable, Equatable {
            /// One value, or a list for a field that takes several.
            enum Value: Encodable, Equatable {
                case one(String)
                case many([String])

                func encode(to encoder: any Encoder) throws {
                    var container = encoder.singleValueContainer()
                    switch self {
                    case .one(let value): try container.encode(value)
                    case .many(let values): try container.encode(values)
                    }
                }
            }

            let id: String
            let value: Value
        }

        let projectID: String
        let subject: String
        let description: String
        let trackerID: String?
        let priorityID: String?
        let assignedToID: String?
        let categoryID: String?
        let statusID: String?
        let customFields: [CustomValue]?

        enum CodingKeys: String, CodingKey {
            case subject, description
            case projectID = "project_id"
            case trackerID = "tracker_id"
            case priorityID = "priority_id"
            case assignedToID = "assigned_to_id"
            case categoryID = "category_id"
            case statusID = "status_id"
            case customFields = "custom_fields"
        }
    }

    /// Sentences in the account's language.
    struct Refusal: Decodable {
        let errors: Lenient<[Lenient<String>]>
    }

    /// A change of an issue, with what was said about it.
    struct Journal: Decodable {
        let id: Int64
        let notes: Lenient<String>
    }

    struct NotesBody: Encodable {
        struct Notes: Encodable {
            let notes: String
        }

        /// For a new note on an issue.
        var issue: Notes?
        /// For a new text of a note.
        var journal: Notes?
    }
}
