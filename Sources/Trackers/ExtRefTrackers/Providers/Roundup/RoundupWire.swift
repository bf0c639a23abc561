// SPDX-License-Identifier: Apache-2.0

/// Roundup's JSON, as far as it is read. What an issue can do without is lenient; what it cannot is not.
enum RoundupWire {
    /// A list of anything.
    struct ListAnswer<Entry: Decodable & Sendable>: Decodable {
        struct Content: Decodable {
            /// One that cannot be read is left out: it must not hide the others.
            let collection: [Lenient<Entry>]
            let links: Lenient<Links>

            enum CodingKeys: String, CodingKey {
                case collection
                case links = "@links"
            }
        }

        /// Where the list goes on; only there when it was asked for in pages.
        struct Links: Decodable {
            let next: [Lenient<String>]?
        }

        let data: Content

        var entries: [Entry] { data.collection.compactMap(\.value) }
        var hasNext: Bool { data.links.value?.next?.isEmpty == false }
    }

    /// What a property that links elsewhere holds; the label only when asked for.
    struct Link: Decodable {
        let id: String
        let name: Lenient<String>
        let username: Lenient<String>
    }

    struct Issue: Decodable {
        let id: String
        let title: Lenient<String>
        let status: Lenient<Link>
        let priority: Lenient<Link>
        let assignedTo: Lenient<Link>
        let keyword: Lenient<[Lenient<Link>]>
        let creation: Lenient<String>
        let activity: Lenient<String>

        enum CodingKeys: String, CodingKey {
            case id, title, status, priority, keyword, creation, activity
            case assignedTo = "assignedto"
        }
    }

    /// A user, a keyword, a priority: anything with a name.
    struct Named: Decodable {
        let id: String
        let name: Lenient<String>
        let username: Lenient<String>
        let realname: Lenient<String>
        let roles: Lenient<String>
    }

    struct Message: Decodable {
        let id: String
        let messageID: Lenient<String>

        enum CodingKeys: String, CodingKey {
            case id
            case messageID = "messageid"
        }
    }

    /// One item, with the tag that a change of it must name.
    struct ItemAnswer: Decodable {
        struct Item: Decodable {
            let attributes: Lenient<Attributes>
            let tag: Lenient<String>

            enum CodingKeys: String, CodingKey {
                case attributes
                case tag = "@etag"
            }
        }

        struct Attributes: Decodable {
            let messages: Lenient<[Lenient<Link>]>
            let status: Lenient<Link>
        }

        let data: Item
    }

    /// The text of a message.
    struct ContentAnswer: Decodable {
        struct Content: Decodable {
            let text: Lenient<String>
            let tag: Lenient<String>

            enum CodingKeys: String, CodingKey {
                case text = "data"
                case tag = "@etag"
            }
        }

        let data: Content
    }

    struct CreatedAnswer: Decodable {
        struct Created: Decodable {
            let id: String
        }

        let data: Created
    }

    struct ErrorAnswer: Decodable {
        struct Problem: Decodable {
            let message: Lenient<String>

            enum CodingKeys: String, CodingKey {
                case message = "msg"
            }
        }

        let error: Problem
    }
}

// MARK: - What is sent

extension RoundupWire {
    struct NewMessage: Encodable {
        let content: String
        /// The login; nil = nobody is shown as the author.
        let author: String?
        /// A full stop is now.
        let date = "."
        let messageID: String

        enum CodingKeys: String, CodingKey {
            case content, author, date
            case messageID = "messageid"
        }
    }

    struct NewIssue: Encodable {
        let title: String
        let messages: [String]
        let priority: String?
        let assignedTo: String?
        let keyword: [String]?

        enum CodingKeys: String, CodingKey {
            case title, messages, priority, keyword
            case assignedTo = "assignedto"
        }
    }

    /// Replaces an issue's list of messages.
    struct Attachment: Encodable {
        let messages: [String]
        /// Said again because trackers open an issue that gets a message, unless a status comes with it.
        let status: String?
    }

    struct NewContent: Encodable {
        let content: String
    }
}
