// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

/// The form's name of a custom field, which tells how its value is written: `cf_12`, `cf_12_list`,
/// `cf_12_flag`.
struct RedmineCustomFieldName: Sendable, Hashable {
    /// How Redmine wants the value.
    enum Kind: Sendable, Hashable {
        case line, text, number, date
        case choice
        /// Several values, as a list.
        case list
        /// `1` or `0`.
        case flag

        /// Nil for what no form can take, such as a file.
        init?(format: String, isMultiple: Bool) {
            switch format {
            case "bool": self = .flag
            case "list", "enumeration": self = isMultiple ? .list : .choice
            case "string", "link": self = .line
            case "text": self = .text
            case "int", "float": self = .number
            case "date": self = .date
            default: return nil
            }
        }

        func formKind(hasChoices: Bool) -> IssueFormField.Kind {
            switch self {
            case .line: .text
            case .text: .multiline
            case .number: .number
            case .date: .date
            case .choice: .choice
            case .list: .multiChoice
            case .flag: .boolean
            }
        }
    }

    let id: String
    let kind: Kind

    init(id: String, kind: Kind) {
        self.id = id
        self.kind = kind
    }

    /// Reads a name; nil when it is none.
    init?(_ text: String) {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), parts[0] == "cf", let id = NumberKey.plain(String(parts[1]))
        else {
            return nil
        }
        switch parts.count == 3 ? parts[2] : "" {
        case "": kind = .line
        case "list": kind = .list
        case "flag": kind = .flag
        default: return nil
        }
        self.id = id
    }

    var text: String {
        switch kind {
        case .list: "cf_\(id)_list"
        case .flag: "cf_\(id)_flag"
        default: "cf_\(id)"
        }
    }

    /// A form's value as Redmine takes it.
    func value(_ text: String) -> RedmineWire.NewIssue.CustomValue {
        switch kind {
        case .list:
            RedmineWire.NewIssue.CustomValue(
                id: id, value: .many(text.split(separator: ",").map(String.init)))
        case .flag: RedmineWire.NewIssue.CustomValue(id: id, value: .one(text == "true" ? "1" : "0"))
        default: RedmineWire.NewIssue.CustomValue(id: id, value: .one(text))
        }
    }
}
