// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

extension AzureDevOpsTracker {
    public func failure(_ response: TrackerResponse) -> TrackerError? {
        switch response.status {
        // "Non-authoritative" is how Azure DevOps serves its log-in page to who is not logged in.
        case 203: return Self.loggedOut
        case 300..<400: return Self.signInRedirect(response)
        case 400..<500: break
        default: return nil
        }
        guard let refusal = AzureDevOpsWire.Refusal(response) else { return nil }
        if refusal.names("TF400733"), response.status != 429 { return Self.throttled(response) }
        return switch response.status {
        case 400: badRequest(refusal)
        case 401: Self.unauthorised(refusal)
        case 404: Self.missing(refusal)
        case 408:
            TrackerError(.unavailable, "Azure DevOps gave the query up because it took too long.")
        case 409, 412:
            TrackerError(.unavailable, "Somebody changed the work item at the same moment. Try again.")
        default: nil
        }
    }

    /// What an answer means that the adapter read itself.
    func refusal(_ response: TrackerResponse) -> TrackerError {
        // The time only matters for waits that end at a date; those come with 429 and are never read here.
        failure(response) ?? response.failure(at: Timestamp(milliseconds: 0))
            ?? TrackerError(.badResponse, "Azure DevOps answers something else than was asked for.")
    }

    private static let loggedOut = TrackerError(
        .credentialsRejected,
        "Azure DevOps shows its log-in page instead of data: the token is wrong, withdrawn or expired.")

    /// Every redirect to a page is one to the log-in, except that of a whole address that moved: it keeps the
    /// interface's path.
    private static func signInRedirect(_ response: TrackerResponse) -> TrackerError? {
        guard response.status == 302 else { return nil }
        let location = response.header("location") ?? ""
        let isSignIn = location.lowercased().contains("_signin")
        let keepsPath = location.prefix { $0 != "?" }.contains("/_apis/")
        return isSignIn || response.mediaType == "text/html" && !keepsPath ? loggedOut : nil
    }

    private static func throttled(_ response: TrackerResponse) -> TrackerError {
        TrackerError(
            .rateLimited, "Azure DevOps asks to wait: the account has used up its share of the organisation.",
            retryAfter: response.header("retry-after").flatMap {
                RetryAfter.duration($0, now: Timestamp(milliseconds: 0))
            })
    }

    private static func unauthorised(_ refusal: AzureDevOpsWire.Refusal) -> TrackerError? {
        if refusal.saysExpired {
            return TrackerError(
                .credentialsExpired, "The personal access token has expired. Enter a new one.")
        }
        // Refused to an account that is known, as when its access level is Stakeholder.
        guard
            ["ReadAllowedValuesNotAuthorizedException", "ReadRulesPermissionException"].contains(
                refusal.typeKey)
        else { return nil }
        return TrackerError(
            .permissionDenied, "The account may not read which values the fields of new work items take.")
    }

    private static func missing(_ refusal: AzureDevOpsWire.Refusal) -> TrackerError? {
        if refusal.isMissingItem {
            return TrackerError(
                .notFound, "The work item does not exist, or these credentials may not read it.")
        }
        guard refusal.typeKey.hasPrefix("ProjectDoesNotExist") || refusal.names("TF200016") else {
            return nil
        }
        return TrackerError(.notFound, "The project does not exist, or these credentials may not see it.")
    }

    private func badRequest(_ refusal: AzureDevOpsWire.Refusal) -> TrackerError? {
        if ["VssVersionOutOfRangeException", "VssInvalidPreviewVersionException"].contains(refusal.typeKey) {
            return TrackerError(
                .unsupported,
                "This server is too old: version 7.1 of the interface came with Azure DevOps Server 2022.1.")
        }
        if refusal.names("TF237111") {
            return TrackerError(.permissionDenied, "The account may not save work items in this area.")
        }
        guard !refusal.rules.isEmpty else { return nil }
        var error = TrackerError(.invalidRequest, "The project's rules refuse values of the work item.")
        error.fieldFaults = refusal.rules.prefix(TrackerLimits.fieldErrorsMax).map(\.violation)
        return error
    }
}
