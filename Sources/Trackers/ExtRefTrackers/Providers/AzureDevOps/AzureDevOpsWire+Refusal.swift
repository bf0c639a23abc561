// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

extension AzureDevOpsWire {
    /// Why a request was refused. Its text is written in the account's language, so that only its number and
    /// the name of the exception can be relied on.
    struct Refusal {
        let typeKey: String
        /// What is wrong with single fields.
        let rules: [Rule]
        private let message: String

        private static let expiryWords = "Personal Access Token used has expired"

        /// Reads an answer; nil when it is none of Azure DevOps.
        init?(_ response: TrackerResponse) {
            guard let body = try? TrackerJSON.decode(Body.self, from: response),
                body.typeKey.value != nil || body.message.value != nil
            else { return nil }
            typeKey = body.typeKey.value ?? ""
            message = body.message.value ?? ""
            rules = (body.customProperties.value?.rules.value ?? []).compactMap(\.value)
        }

        /// Whether the message has a number, such as `TF401232`, at its start.
        func names(_ number: String) -> Bool { message.trimmingBlanks().hasPrefix(number + ":") }

        /// Whether it says so of a token; in another language it is a bad token like any other.
        var saysExpired: Bool { message.contains(Self.expiryWords) }

        /// Whether it is a work item that is missing, or hidden from the account.
        var isMissingItem: Bool {
            typeKey == "WorkItemUnauthorizedAccessException" || typeKey == "WorkItemNotFoundException"
                || names("TF401232")
        }
    }

    private struct Body: Decodable {
        let typeKey: Lenient<String>
        let message: Lenient<String>
        let customProperties: Lenient<Properties>
    }

    private struct Properties: Decodable {
        let rules: Lenient<[Lenient<Rule>]>

        enum CodingKeys: String, CodingKey {
            case rules = "RuleValidationErrors"
        }
    }

    /// A field whose value a rule refuses.
    struct Rule: Decodable {
        let fieldReferenceName: String
        /// Words such as `required, hasValues, invalidEmpty`.
        let fieldStatusFlags: Lenient<String>
        let errorMessage: Lenient<String>
    }
}

extension AzureDevOpsWire.Rule {
    private static let sentences: [(flag: String, sentence: String)] = [
        ("invalidEmpty", "is required"),
        ("invalidListValue", "must be one of the values that Azure DevOps offers"),
        ("invalidPath", "must be a path that exists in the project"), ("invalidTooLong", "is too long"),
        ("invalidDate", "must be a date"),
        ("invalidType", "is of the wrong kind, such as a word for a number"),
        ("invalidPermission", "may not be set by this account"), ("readOnly", "cannot be set"),
    ]

    /// The fault under the name that the form gives the field.
    var violation: FieldViolation {
        let flags = Set((fieldStatusFlags.value ?? "").split(separator: ",").map { $0.filter { $0 != " " } })
        let known = Self.sentences.first { flags.contains($0.flag) }?.sentence
        let cleaned = TrackerText.short(errorMessage.value ?? "")
        return FieldViolation(
            AzureDevOpsFields.formName(of: TrackerText.short(fieldReferenceName)),
            known ?? (cleaned.isEmpty ? "is refused by a rule of the project" : cleaned))
    }
}
