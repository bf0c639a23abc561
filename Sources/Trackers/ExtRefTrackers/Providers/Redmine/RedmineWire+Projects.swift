// SPDX-License-Identifier: Apache-2.0

/// What Redmine says of projects, members and fields.
extension RedmineWire {
    /// Somebody's place in a project.
    struct Membership: Decodable {
        let project: Lenient<Reference>
        /// Nil for a group.
        let user: Lenient<Reference>
        let roles: Lenient<[Lenient<Reference>]>
    }

    struct MembershipsAnswer: Decodable {
        let memberships: Lenient<[Lenient<Membership>]>
    }

    struct RoleAnswer: Decodable {
        struct Role: Decodable {
            let permissions: Lenient<[Lenient<String>]>
        }

        let role: Role
    }

    struct ProjectAnswer: Decodable {
        struct Project: Decodable {
            let id: Int64
            let trackers: Lenient<[Lenient<Reference>]>
            let issueCategories: Lenient<[Lenient<Reference>]>
            /// Those that the project uses; absent before version 4.2.
            let issueCustomFields: Lenient<[Lenient<Reference>]>

            enum CodingKeys: String, CodingKey {
                case id, trackers
                case issueCategories = "issue_categories"
                case issueCustomFields = "issue_custom_fields"
            }
        }

        let project: Project
    }

    struct PrioritiesAnswer: Decodable {
        struct Priority: Decodable {
            let id: Int64
            let name: Lenient<String>
            let isDefault: Lenient<Bool>
            /// Absent before version 5.0, when none was ever inactive.
            let active: Lenient<Bool>

            enum CodingKeys: String, CodingKey {
                case id, name, active
                case isDefault = "is_default"
            }
        }

        let priorities: Lenient<[Lenient<Priority>]>

        enum CodingKeys: String, CodingKey {
            case priorities = "issue_priorities"
        }
    }

    struct StatusesAnswer: Decodable {
        let statuses: Lenient<[Lenient<Status>]>

        enum CodingKeys: String, CodingKey {
            case statuses = "issue_statuses"
        }
    }

    /// A custom field. Only administrators are told of them.
    struct CustomField: Decodable {
        struct Choice: Decodable {
            let value: String
            let label: Lenient<String>
        }

        let id: Int64
        let name: Lenient<String>
        /// `issue`, `project`, `user` and so on.
        let customizedType: Lenient<String>
        let format: Lenient<String>
        let isRequired: Lenient<Bool>
        let isMultiple: Lenient<Bool>
        let defaultValue: Lenient<String>
        let possibleValues: Lenient<[Lenient<Choice>]>
        /// The issue types that have it.
        let trackers: Lenient<[Lenient<Reference>]>

        enum CodingKeys: String, CodingKey {
            case id, name, trackers
            case customizedType = "customized_type"
            case format = "field_format"
            case isRequired = "is_required"
            case isMultiple = "multiple"
            case defaultValue = "default_value"
            case possibleValues = "possible_values"
        }
    }

    struct CustomFieldsAnswer: Decodable {
        let fields: Lenient<[Lenient<CustomField>]>

        enum CodingKeys: String, CodingKey {
            case fields = "custom_fields"
        }
    }
}
