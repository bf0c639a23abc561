// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

/// Bugzilla numbers its errors; the HTTP status says less, and 401 says two things.
/// Source: Bugzilla::WebService::Constants.
extension BugzillaTracker {
    private enum Number {
        static let unknownBug: Set<Int> = [100, 101]
        static let hiddenBug = 102
        static let unknownProduct = 106
        /// Not the right to edit, to see or make private comments, to change a field, or to use a group.
        static let missingRight: Set<Int> = [109, 110, 113, 115, 120, 130, 304]
        static let seeAlso = 112
        /// Wrong, disabled or outdated log-ins and keys, and none at all.
        static let badCredentials: Set<Int> = [300, 301, 302, 303, 305, 306, 307, 410]
        /// Which of the form's fields a number is about.
        static let fields = [103: "alias", 105: "component", 107: "title", 504: "assigned_to"]
    }

    public func failure(_ response: TrackerResponse) -> TrackerError? {
        guard (400..<500).contains(response.status), response.status != 429,
            let problem = try? TrackerJSON.decode(BugzillaWire.ErrorAnswer.self, from: response),
            let code = problem.code.value
        else { return nil }
        switch code {
        case _ where Number.unknownBug.contains(code):
            return TrackerError(.notFound, "Bugzilla knows no such bug.")
        case Number.hiddenBug:
            return TrackerError(.permissionDenied, "Bugzilla does not show this bug to the source's account.")
        case Number.unknownProduct:
            return TrackerError(
                .permissionDenied, "There is no such product, or the account may not enter bugs in it.")
        case _ where Number.missingRight.contains(code):
            return TrackerError(.permissionDenied, "Bugzilla does not let the source's account change this.")
        case _ where Number.badCredentials.contains(code):
            return TrackerError(.credentialsRejected, "Bugzilla does not accept the credentials.")
        case Number.seeAlso:
            return TrackerError(
                .invalidRequest,
                "This Bugzilla takes only addresses of trackers that it knows under See Also. Ask its "
                    + "administrator to add the kind of address, or switch back-links off for the source.")
        default: return refusal(code, problem.message.value ?? "", response.status)
        }
    }

    /// A value that Bugzilla does not take; its sentence names the value and the field.
    private func refusal(_ code: Int, _ message: String, _ status: Int) -> TrackerError? {
        guard status == 400 || Number.fields[code] != nil else { return nil }
        var error = TrackerError(
            .invalidRequest, "Bugzilla refuses what was sent; it says why for the field.")
        let text = TrackerText.short(message)
        if !text.isEmpty { error.fieldFaults = [FieldViolation(Number.fields[code] ?? "issue", text)] }
        return error
    }
}
