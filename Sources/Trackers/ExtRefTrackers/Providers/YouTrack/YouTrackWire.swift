// SPDX-License-Identifier: Apache-2.0

/// YouTrack's JSON, as far as it is read. What an issue can do without is lenient; what it cannot is not.
enum YouTrackWire {
    struct Issue: Decodable {
        let id: String
        let key: String
        let summary: Lenient<String>
        /// Only when asked for.
        let description: Lenient<String>
        let project: Promised<Project>
        /// Milliseconds since 1970, as all times.
        let created: Promised<Int64>
        let updated: Promised<Int64>
        let resolved: Lenient<Int64>
        let customFields: Lenient<[Lenient<CustomField>]>
        let tags: Lenient<[Lenient<Value>]>

        enum CodingKeys: String, CodingKey {
            case id, summary, description, project, created, updated, resolved, customFields, tags
            case key = "idReadable"
        }

        /// What has to be asked for: by itself only the id comes.
        static let fields =
            "id,idReadable,summary,created,updated,resolved,project(id,shortName),tags(name),"
            + "customFields(name,value(id,name,login,fullName))"
    }

    struct Project: Decodable {
        let id: Lenient<String>
        let shortName: Lenient<String>
    }

    struct CustomField: Decodable {
        let name: String
        let value: Lenient<Content>
    }

    /// One value, or several in a list.
    struct Content: Decodable {
        let values: [Value]

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let list = try? container.decode([Lenient<Value>].self) {
                values = list.compactMap(\.value)
            } else {
                values = [try container.decode(Value.self)]
            }
        }
    }

    /// A state, a priority, a person, a tag.
    struct Value: Decodable {
        let id: Lenient<String>
        let name: Lenient<String>
        let login: Lenient<String>
        let fullName: Lenient<String>
    }

    struct User: Decodable {
        let login: Lenient<String>
        let fullName: Lenient<String>
        let guest: Lenient<Bool>
    }

    struct Comment: Decodable {
        let id: String
        let text: Lenient<String>
        /// Deleted ones stay in the list for a while.
        let deleted: Lenient<Bool>
    }

    struct ErrorAnswer: Decodable {
        let description: Lenient<String>

        enum CodingKeys: String, CodingKey {
            case description = "error_description"
        }
    }

    /// What a project says of one of its fields.
    struct ProjectField: Decodable {
        struct Field: Decodable {
            struct FieldType: Decodable {
                let id: Lenient<String>
            }

            let name: String
            let fieldType: Lenient<FieldType>
        }

        struct Bundle: Decodable {
            let values: Lenient<[Lenient<BundleValue>]>
        }

        struct BundleValue: Decodable {
            let name: Lenient<String>
            let archived: Lenient<Bool>
        }

        let field: Field
        let canBeEmpty: Lenient<Bool>
        let bundle: Lenient<Bundle>
        let defaultValues: Lenient<[Lenient<BundleValue>]>

        static let fields =
            "field(name,fieldType(id)),canBeEmpty,bundle(values(name,archived)),defaultValues(name)"
    }
}

// MARK: - What is sent

extension YouTrackWire {
    struct NewIssue: Encodable {
        struct ProjectReference: Encodable {
            let id: String
        }

        let project: ProjectReference
        let summary: String
        let description: String
        let customFields: [NewField]?
    }

    struct NewField: Encodable {
        /// What each kind of field takes.
        enum Value: Encodable {
            case named(String)
            case severalNamed([String])
            case login(String)
            case text(String)
            case plain(String)
            case number(Double)
            case integer(Int64)

            private struct Named: Encodable {
                let name: String
            }

            private struct Person: Encodable {
                let login: String
            }

            private struct Text: Encodable {
                let text: String
            }

            func encode(to encoder: any Encoder) throws {
                var container = encoder.singleValueContainer()
                switch self {
                case .named(let name): try container.encode(Named(name: name))
                case .severalNamed(let names): try container.encode(names.map(Named.init))
                case .login(let login): try container.encode(Person(login: login))
                case .text(let text): try container.encode(Text(text: text))
                case .plain(let text): try container.encode(text)
                case .number(let number): try container.encode(number)
                case .integer(let number): try container.encode(number)
                }
            }
        }

        let type: String
        let name: String
        let value: Value

        enum CodingKeys: String, CodingKey {
            case name, value
            case type = "$type"
        }
    }

    struct NewComment: Encodable {
        let text: String
    }
}
