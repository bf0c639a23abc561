// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

extension ForgejoTracker {
    public func failure(_ response: TrackerResponse) -> TrackerError? {
        switch response.status {
        case 403 where isScopeFault(response):
            TrackerError(
                .scopeMissing,
                "The token lacks a scope: read:issue lets it read, write:issue lets it create and comment.")
        case 422: faults(in: response)
        case 423: TrackerError(.permissionDenied, "The repository is archived; nothing in it can be changed.")
        default: nil
        }
    }

    /// Every error has the same form; the text is for people.
    private struct Refusal: Decodable {
        let message: Lenient<String>
    }

    private func message(in response: TrackerResponse) -> String {
        (try? TrackerJSON.decode(Refusal.self, from: response))?.message.value ?? ""
    }

    /// "token does not have at least one of required scope(s): [read:user]"
    func isScopeFault(_ response: TrackerResponse) -> Bool {
        message(in: response).lowercased().contains("required scope")
    }

    /// Forgejo's names of what a form calls otherwise.
    private static let fieldNames = [
        "Title": "title", "Body": "description", "Labels": "labels", "Assignees": "assignees",
        "Milestone": "milestone", "Deadline": "due_date",
    ]

    /// Reads "[Title]: Required".
    private func faults(in response: TrackerResponse) -> TrackerError? {
        let text = message(in: response)
        guard text.hasPrefix("["), let end = text.firstIndex(of: "]"),
            let field = Self.fieldNames[String(text[..<end].dropFirst())]
        else { return nil }
        let fault = TrackerText.short(String(text[text.index(after: end)...].drop { ": ".contains($0) }))
        guard !fault.isEmpty else { return nil }
        var error = TrackerError(.invalidRequest, "The tracker does not accept these values.")
        error.fieldFaults = [FieldViolation(field, fault)]
        return error
    }
}
