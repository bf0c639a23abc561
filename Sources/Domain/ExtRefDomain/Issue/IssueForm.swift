// SPDX-License-Identifier: Apache-2.0

/// What a tracker wants to know of a new issue.
public struct IssueForm: Sendable, Hashable {
    /// Issue types to choose from; empty where the tracker has none.
    public var types: [IssueFormChoice]
    /// The fields of the chosen type, in form order. Every form has `title`; most have `description`.
    public var fields: [IssueFormField]
    /// Where a person can create the issue by hand.
    public var createURL: String

    public init(types: [IssueFormChoice] = [], fields: [IssueFormField], createURL: String = "") {
        self.types = types
        self.fields = fields
        self.createURL = createURL
    }
}

/// One field of a form.
public struct IssueFormField: Sendable, Hashable {
    /// What kind of input it takes.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case text, multiline, choice
        case multiChoice = "multi_choice"
        case number
        /// `YYYY-MM-DD`.
        case date
        case person
        /// `true` or `false`.
        case boolean
    }

    /// The name under which its value is sent: `title`, `description`, or the tracker's own id of the field.
    public let name: String
    /// The label for people.
    public let label: String
    public let kind: Kind
    public let isRequired: Bool
    /// What it may take, for choices. Several of a multi-choice are sent separated by commas.
    public let choices: [IssueFormChoice]
    /// What it holds unless changed; empty = nothing.
    public let defaultValue: String

    public init(
        name: String, label: String, kind: Kind, isRequired: Bool = false, choices: [IssueFormChoice] = [],
        defaultValue: String = ""
    ) {
        self.name = name
        self.label = label
        self.kind = kind
        self.isRequired = isRequired
        self.choices = choices
        self.defaultValue = defaultValue
    }
}

/// One value to choose.
public struct IssueFormChoice: Sendable, Hashable {
    /// What is sent.
    public let id: String
    /// What is shown.
    public let label: String

    public init(id: String, label: String) {
        self.id = id
        self.label = label
    }
}

extension IssueForm {
    /// Everything wrong with values that are to be sent, named by field: a required one that is missing, an
    /// unknown one, a value outside the choices.
    public func violations(of values: [String: String], prefix: String = "fields") -> [FieldViolation] {
        var violations = [FieldViolation]()
        for field in fields {
            let value = values[field.name] ?? ""
            if value.allSatisfy(\.isWhitespace) {
                if field.isRequired, field.defaultValue.isEmpty {
                    violations.append(
                        FieldViolation("\(prefix)[\(field.name)]", "is required: \(field.label)"))
                }
            } else if let fault = field.fault(of: value) {
                violations.append(FieldViolation("\(prefix)[\(field.name)]", fault))
            }
        }
        let known = Set(fields.map(\.name))
        for name in values.keys.sorted() where !known.contains(name) {
            violations.append(
                FieldViolation("\(prefix)[\(name)]", "is no field of this form; GetIssueForm names them"))
        }
        return violations
    }
}

extension IssueFormField {
    /// What is wrong with a value, as the end of a sentence; nil = nothing.
    fileprivate func fault(of value: String) -> String? {
        switch kind {
        case .choice where !choices.isEmpty:
            choices.contains { $0.id == value } ? nil : choiceFault
        case .multiChoice where !choices.isEmpty:
            value.split(separator: ",").allSatisfy { part in choices.contains { $0.id == part } }
                ? nil : choiceFault
        case .number: Self.isNumber(value) ? nil : "must be a number"
        case .boolean: value == "true" || value == "false" ? nil : "must be true or false"
        case .date: Self.isDate(value) ? nil : "must be a date, as YYYY-MM-DD"
        default: nil
        }
    }

    private var choiceFault: String {
        let shown = choices.prefix(10).map { "\($0.id) (\($0.label))" }.joined(separator: ", ")
        return "must be one of: " + shown + (choices.count > 10 ? ", …" : "")
    }

    /// A number as JSON and people write it: no hexadecimal one, no infinity.
    private static func isNumber(_ text: String) -> Bool {
        text.allSatisfy { "0123456789+-.eE".contains($0) } && Double(text)?.isFinite == true
    }

    private static func isDate(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.map(\.count) == [4, 2, 2],
            parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }), let month = Int(parts[1]),
            let day = Int(parts[2])
        else { return false }
        return (1...12).contains(month) && (1...31).contains(day)
    }
}
