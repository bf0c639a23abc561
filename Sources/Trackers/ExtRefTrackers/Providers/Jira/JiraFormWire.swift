// SPDX-License-Identifier: Apache-2.0

/// Jira's JSON about what a new issue takes.
enum JiraFormWire {
    /// A page of types or fields. Cloud names its list after what is in it, Data Center calls it `values`.
    struct Page<Entry: Decodable & Sendable>: Decodable, Sendable {
        let issueTypes: Lenient<[Lenient<Entry>]>
        let fields: Lenient<[Lenient<Entry>]>
        let values: Lenient<[Lenient<Entry>]>
        let total: Lenient<Int>

        var entries: [Lenient<Entry>]? { issueTypes.value ?? fields.value ?? values.value }
    }

    /// A type that may be created in the project.
    struct IssueType: Decodable, Sendable {
        let id: String
        let name: String
        let subtask: Lenient<Bool>
    }

    /// A field on the screen for new issues.
    struct Field: Decodable, Sendable {
        let fieldId: String
        let name: Lenient<String>
        let required: Lenient<Bool>
        let hasDefaultValue: Lenient<Bool>
        let schema: Schema
        let allowedValues: Lenient<[Lenient<Value>]>
        let defaultValue: Lenient<Value>
    }

    /// What a field holds.
    struct Schema: Decodable, Sendable {
        let type: String
        /// What an array holds.
        let items: Lenient<String>
        /// A system field's name.
        let system: Lenient<String>
        /// A custom field's kind, as an address that ends in `:textarea` and the like.
        let custom: Lenient<String>
    }

    /// A value that may be chosen: an option has a `value`, a version or priority a `name`.
    struct Value: Decodable, Sendable {
        let id: String
        let name: Lenient<String>
        let value: Lenient<String>
        /// Second choices of a cascading field.
        let children: Lenient<[Lenient<Value>]>

        var label: String { TrackerText.short(value.value ?? name.value ?? "") }
    }
}
