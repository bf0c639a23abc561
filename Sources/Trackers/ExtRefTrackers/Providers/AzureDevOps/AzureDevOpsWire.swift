// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

/// Azure DevOps' JSON, as far as it is read. What a work item can do without is lenient; what it cannot is
/// not.
enum AzureDevOpsWire {
    /// A list. What cannot be read, and the `null` that stands for an item left out, is left out.
    struct List<Element: Decodable & Sendable>: Decodable {
        private let value: [Lenient<Element>]

        /// What could be read, in order.
        var elements: [Element] { value.compactMap(\.value) }
    }

    /// A work item, read with ``AzureDevOpsFields/ofIssue``.
    struct Item: Decodable, Sendable {
        let id: Int64
        let fields: Fields
    }

    /// Its fields.
    struct Fields: Decodable, Sendable {
        let title: String
        let state: String
        /// Why it has this state: `Fixed and verified`.
        let reason: Lenient<String>
        let assignedTo: Lenient<Person>
        let type: Promised<String>
        let project: Promised<String>
        /// `a; b`.
        let tags: Lenient<String>
        let createdDate: Lenient<String>
        let changedDate: Promised<String>
        let priority: Lenient<PlainValue>
        /// Of a type that has it; may stay set when an item is opened again.
        let closedDate: Lenient<String>

        enum CodingKeys: String, CodingKey {
            case title = "System.Title"
            case state = "System.State"
            case reason = "System.Reason"
            case assignedTo = "System.AssignedTo"
            case type = "System.WorkItemType"
            case project = "System.TeamProject"
            case tags = "System.Tags"
            case createdDate = "System.CreatedDate"
            case changedDate = "System.ChangedDate"
            case priority = "Microsoft.VSTS.Common.Priority"
            case closedDate = "Microsoft.VSTS.Common.ClosedDate"
        }
    }

    /// A person: an object, or the text `Name <mail>` of older interfaces.
    struct Person: Decodable, Sendable {
        let id: String
        let name: String

        private enum CodingKeys: String, CodingKey {
            case id, displayName, uniqueName
        }

        init(from decoder: any Decoder) throws {
            if let text = try? decoder.singleValueContainer().decode(String.self) {
                (id, name) = Self.parts(of: text)
                return
            }
            let container = try decoder.container(keyedBy: CodingKeys.self)
            let mail = try container.decode(Lenient<String>.self, forKey: .uniqueName).value ?? ""
            let shown = try container.decode(Lenient<String>.self, forKey: .displayName).value ?? ""
            let id = try container.decode(Lenient<String>.self, forKey: .id).value ?? ""
            self.id = id.isEmpty ? mail : id
            name = shown.isEmpty ? mail : shown
        }

        private static func parts(of text: String) -> (id: String, name: String) {
            guard let open = text.lastIndex(of: "<"), text.hasSuffix(">") else { return (text, text) }
            let mail = String(text[text.index(after: open)...].dropLast())
            let shown = String(text[..<open]).trimmingBlanks()
            return (mail, shown.isEmpty ? mail : shown)
        }
    }

    /// A text, number or truth value, as text.
    struct PlainValue: Decodable, Sendable {
        let text: String

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let truth = try? container.decode(Bool.self) {
                text = truth ? "true" : "false"
            } else if let number = try? container.decode(Int64.self) {
                text = String(number)
            } else if let number = try? container.decode(Double.self) {
                text = String(number)
            } else {
                text = try container.decode(String.self)
            }
        }
    }

    /// What a query finds: numbers only, whatever it selects.
    struct QueryResult: Decodable {
        /// A work item by its number.
        struct Reference: Decodable {
            let id: Int64
        }

        private let workItems: [Lenient<Reference>]

        /// Numbers that can be work items.
        var ids: [Int] {
            workItems.compactMap { $0.value.flatMap { Int(exactly: $0.id) } }
                .filter { (1...AzureDevOpsTracker.idMax).contains($0) }
        }
    }

    /// A state of a type and what it means.
    struct State: Decodable {
        let name: String
        /// Absent on old servers.
        let category: Lenient<Word<Categories>>

        /// Azure DevOps' own five.
        enum Categories: ClosedVocabulary {
            static let words: Set<String> = ["proposed", "inprogress", "resolved", "completed", "removed"]
        }
    }

    /// What lies in the recycle bin; its number is a text in old versions.
    struct DeletedItem: Decodable {
        let id: PlainValue
    }
}
