// SPDX-License-Identifier: Apache-2.0

/// Bugzilla's JSON, as far as it is read. What a bug can do without is lenient; what it cannot is not.
enum BugzillaWire {
    struct BugsAnswer: Decodable {
        /// One that cannot be read is left out: it must not hide the others.
        let bugs: [Lenient<Bug>]
    }

    struct Person: Decodable {
        let id: Lenient<Int64>
        let name: Lenient<String>
        let realName: Lenient<String>

        enum CodingKeys: String, CodingKey {
            case id, name
            case realName = "real_name"
        }
    }

    struct Bug: Decodable {
        let id: Int64
        let summary: Promised<String>
        let status: String
        let isOpen: Lenient<Bool>
        let resolution: Lenient<String>
        let product: Lenient<String>
        let assignee: Lenient<Person>
        let priority: Lenient<String>
        /// Only on servers that have types, such as Mozilla's.
        let type: Lenient<String>
        let keywords: Lenient<[Lenient<String>]>
        let alias: Lenient<[Lenient<String>]>
        let createdAt: Lenient<String>
        let changedAt: Promised<String>

        enum CodingKeys: String, CodingKey {
            case id, summary, status, resolution, product, priority, type, keywords, alias
            case isOpen = "is_open"
            case assignee = "assigned_to_detail"
            case createdAt = "creation_time"
            case changedAt = "last_change_time"
        }

        /// What is asked for, so that nothing else comes.
        static let fields = [
            "id", "summary", "status", "is_open", "resolution", "product", "assigned_to",
            "assigned_to_detail",
            "priority", "type", "keywords", "alias", "creation_time", "last_change_time",
        ].joined(separator: ",")
    }

    struct ErrorAnswer: Decodable {
        let code: Lenient<Int>
        let message: Lenient<String>
    }

    struct WhoAmI: Decodable {
        let name: Lenient<String>
        let realName: Lenient<String>

        enum CodingKeys: String, CodingKey {
            case name
            case realName = "real_name"
        }
    }

    /// Numbers of products; as numbers or as text.
    struct ProductNumbers: Decodable {
        struct Anything: Decodable {
            init(from decoder: any Decoder) throws {}
        }

        let ids: [Anything]
    }

    /// Comments by bug number; the first one is the description.
    struct CommentsAnswer: Decodable {
        struct Comments: Decodable {
            let comments: Lenient<[Lenient<Comment>]>
        }

        struct Comment: Decodable {
            let text: Lenient<String>
        }

        let bugs: [String: Comments]
    }

    struct CreatedAnswer: Decodable {
        let id: Int64
    }

    /// What a change did, by field.
    struct ChangeAnswer: Decodable {
        struct Changed: Decodable {
            let changes: Lenient<[String: Change]>
        }

        struct Change: Decodable {
            let added: Lenient<String>
        }

        let bugs: Lenient<[Lenient<Changed>]>
    }
}

// MARK: - Forms

extension BugzillaWire {
    struct ProductsAnswer: Decodable {
        struct Product: Decodable {
            let name: Lenient<String>
            let components: Lenient<[Lenient<Value>]>
            let versions: Lenient<[Lenient<Value>]>
        }

        let products: Lenient<[Lenient<Product>]>
    }

    struct Value: Decodable {
        let name: Lenient<String>
        let isActive: Lenient<Bool>

        enum CodingKeys: String, CodingKey {
            case name
            case isActive = "is_active"
        }
    }

    struct FieldsAnswer: Decodable {
        struct Field: Decodable {
            let name: String
            let displayName: Lenient<String>
            let values: Lenient<[Lenient<Value>]>

            enum CodingKeys: String, CodingKey {
                case name, values
                case displayName = "display_name"
            }
        }

        let fields: Lenient<[Lenient<Field>]>
    }

    struct NewBug: Encodable {
        let product: String
        let component: String?
        let version: String?
        let summary: String
        let description: String
        let priority: String?
        let severity: String?
        let platform: String?
        let opSys: String?
        let assignedTo: String?

        enum CodingKeys: String, CodingKey {
            case product, component, version, summary, description, priority, severity, platform
            case opSys = "op_sys"
            case assignedTo = "assigned_to"
        }
    }

    struct SeeAlsoBody: Encodable {
        struct Change: Encodable {
            var add: [String]?
            var remove: [String]?
        }

        let seeAlso: Change

        enum CodingKeys: String, CodingKey {
            case seeAlso = "see_also"
        }
    }
}
