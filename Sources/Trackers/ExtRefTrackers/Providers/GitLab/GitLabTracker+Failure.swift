// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

extension GitLabTracker {
    public func failure(_ response: TrackerResponse) -> TrackerError? {
        switch response.status {
        case 300..<400 where response.header("location")?.contains("sign_in") == true:
            TrackerError(
                .credentialsRejected, "GitLab leads to its sign-in page, as when nobody is signed in.")
        case 400, 422: faults(in: response)
        case 401: tokenFault(in: response)
        case 403: scopeFault(in: response)
        default: nil
        }
    }

    /// GitLab's two forms of an error: its own `message`, a text or a list of faults by field, and OAuth's
    /// `error` with a description. Parameters that it cannot even read are an `error` too.
    private struct Refusal: Decodable {
        let message: Lenient<[String: Lenient<[Lenient<String>]>]>
        let error: Lenient<String>
        let errorDescription: Lenient<String>

        enum CodingKeys: String, CodingKey {
            case message, error
            case errorDescription = "error_description"
        }
    }

    private func refusal(_ response: TrackerResponse) -> Refusal? {
        try? TrackerJSON.decode(Refusal.self, from: response)
    }

    private func tokenFault(in response: TrackerResponse) -> TrackerError? {
        guard let refusal = refusal(response), refusal.error.value == "invalid_token" else { return nil }
        let reason = refusal.errorDescription.value?.lowercased() ?? ""
        if reason.contains("expired") {
            return TrackerError(.credentialsExpired, "The GitLab token has expired. Enter a new one.")
        }
        return reason.contains("revoked")
            ? TrackerError(.credentialsRejected, "The GitLab token was revoked. Enter a new one.") : nil
    }

    private func scopeFault(in response: TrackerResponse) -> TrackerError? {
        guard refusal(response)?.error.value == "insufficient_scope" else { return nil }
        return TrackerError(
            .scopeMissing,
            "The GitLab token lacks a scope: read_api lets it read, api lets it create and comment.")
    }

    /// GitLab's names of what a form calls otherwise.
    private static let fieldNames = [
        "title": "title", "description": "description", "labels": "labels", "label_ids": "labels",
        "assignees": "assignee_ids", "assignee_ids": "assignee_ids", "milestone": "milestone_id",
        "milestone_id": "milestone_id", "due_date": "due_date", "confidential": "confidential",
        "issue_type": "type",
    ]

    private func faults(in response: TrackerResponse) -> TrackerError? {
        guard let refusal = refusal(response) else { return nil }
        var faults = [FieldViolation]()
        for (name, sentences) in (refusal.message.value ?? [:]).sorted(by: { $0.key < $1.key }) {
            guard let field = Self.fieldNames[name] else { continue }
            faults += (sentences.value ?? []).compactMap { $0.value.map(TrackerText.short) }
                .filter { !$0.isEmpty }.map { FieldViolation(field, $0) }
        }
        // "title is missing, title is empty"
        for sentence in (refusal.error.value ?? "").split(separator: ",") {
            let words = String(sentence).trimmingBlanks()
            let name = words.prefix { $0 != " " }
            guard let field = Self.fieldNames[String(name)], name.endIndex < words.endIndex else { continue }
            faults.append(FieldViolation(field, TrackerText.short(String(words[name.endIndex...]))))
        }
        guard !faults.isEmpty else { return nil }
        var error = TrackerError(.invalidRequest, "GitLab does not accept these values.")
        error.fieldFaults = Array(faults.prefix(TrackerLimits.fieldErrorsMax))
        return error
    }
}
