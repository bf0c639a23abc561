// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

extension JiraTracker {
    public func failure(_ response: TrackerResponse) -> TrackerError? {
        JiraRefusal.ofLogin(response) ?? JiraRefusal.ofRequest(response)
    }
}

/// How Jira refuses, where it does so in its own way.
enum JiraRefusal {
    /// How much of a refusal is searched for the few words that tell two cases apart.
    private static let searchedBytesMax = 4_096
    private static let createdStatus = 201

    /// Jira answered as it answers anybody.
    static let ignored = TrackerError(
        .credentialsRejected,
        "Jira answers as if nobody were logged in. Check the credentials, and whether this Jira accepts their kind."
    )
    /// There is no such issue, project or type, or it is hidden.
    static let notFound = TrackerError(
        .notFound, "Jira does not know it, or hides it from these credentials.")

    private static let rejected = TrackerError(.credentialsRejected, "Jira does not accept the credentials.")
    private static let captcha = TrackerError(
        .credentialsRejected,
        "Jira demands a captcha after failed log-ins. Log in once with a browser, then correct the credentials here."
    )
    private static let passwordsOff = TrackerError(
        .credentialsRejected, "This Jira takes no passwords from programs. Use a token instead.")
    private static let scope = TrackerError(
        .scopeMissing, "The token is good, but was given out with fewer scopes than this needs.")
    private static let removed = TrackerError(
        .apiGone,
        "This Jira has removed the call. If the site is one of Atlassian's cloud, choose the provider Jira Cloud."
    )

    /// Whether the log-in failed, whatever the status says.
    static func ofLogin(_ response: TrackerResponse) -> TrackerError? {
        // What was created is there, whoever Jira took us for.
        guard response.status != createdStatus else { return nil }
        let denial = response.header("x-authentication-denied-reason") ?? ""
        let login = response.header("x-seraph-loginreason") ?? ""
        if denial.contains("CAPTCHA") || login.contains("AUTHENTICATION_DENIED") { return captcha }
        // Cloud sends it beside a 200 or 404 when a token has ended.
        if login.contains("AUTHENTICATED_FAILED") { return rejected }
        guard response.status == 401 || response.status == 403 else { return nil }
        let words = searched(response)
        // The gateway answers 401 for a good token without the scope.
        if words.contains("scope does not match") { return scope }
        return words.contains("basic auth") && ["disabled", "deprecated"].contains(where: words.contains)
            ? passwordsOff : nil
    }

    /// Whether Jira did not apply the credentials that were sent; Data Center tells.
    static func isIgnoring(_ response: TrackerResponse) -> Bool {
        response.status != createdStatus && response.header("x-ausername") == "anonymous"
    }

    /// What Jira says of the request itself; nil = the common reading.
    static func ofRequest(_ response: TrackerResponse) -> TrackerError? {
        switch response.status {
        case 400, 422: refused(response)
        // Never said of an issue: only calls are gone.
        case 410: removed
        default: nil
        }
    }

    private static func refused(_ response: TrackerResponse) -> TrackerError {
        var error = TrackerError(.invalidRequest, "Jira refuses the request (HTTP \(response.status)).")
        error.fieldFaults = faults(in: response)
        return error
    }

    /// What Jira says of single fields, named as in the form; of the whole request under ``wholeRequest``.
    static func faults(in response: TrackerResponse) -> [FieldViolation] {
        guard let refusal = try? TrackerJSON.decode(JiraWire.Refusal.self, from: response) else { return [] }
        let fields = (refusal.errors.value ?? [:]).sorted { $0.key < $1.key }.map { name, text in
            (JiraField.formName(of: name) ?? wholeRequest, text.value ?? "")
        }
        let others = (refusal.errorMessages.value ?? []).map { (wholeRequest, $0.value ?? "") }
        let faults = (fields + others).map { FieldViolation($0.0, TrackerText.short($0.1)) }
        return Array(faults.filter { !$0.description.isEmpty }.prefix(TrackerLimits.fieldErrorsMax))
    }

    /// Stands for all fields where Jira names none.
    static let wholeRequest = "fields"

    private static func searched(_ response: TrackerResponse) -> String {
        String(decoding: response.body.prefix(searchedBytesMax), as: UTF8.self).lowercased()
    }
}
