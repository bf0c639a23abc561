// SPDX-License-Identifier: Apache-2.0

extension GitHubTracker {
    /// How long to wait when GitHub limits without saying how long: its own rule for secondary limits.
    static let secondaryPause = Duration.seconds(60)

    /// Limits without headers, missing permissions, single sign-on, places that moved and repositories
    /// without issues. Limits with headers (`retry-after`, or `x-ratelimit-remaining: 0` with
    /// `x-ratelimit-reset`) are in the common reading.
    public func failure(_ response: TrackerResponse) -> TrackerError? {
        switch response.status {
        case 200: exhaustion(response)
        case 307, 308: Self.moved
        case 403, 429: refusal(response)
        case 410: Self.gone(message(of: response))
        case 451: Self.blocked
        default: nil
        }
    }

    private func refusal(_ response: TrackerResponse) -> TrackerError? {
        if response.header("retry-after") != nil || response.header("x-ratelimit-remaining") == "0" {
            return nil
        }
        if response.header("x-github-sso") != nil { return Self.ssoRequired }
        let message = message(of: response)
        if response.status == 429 || message.contains("rate limit") || message.contains("abuse detection") {
            return Self.secondaryLimit
        }
        return Self.permissionFailures.first { message.contains($0.words) }?.failure
    }

    /// What GitHub writes, in lower case, and what it means here.
    private static let permissionFailures: [(words: String, failure: TrackerError)] = [
        (
            "resource not accessible by",
            TrackerError(
                .scopeMissing,
                "The credentials lack a permission. Give them Issues read and write, and Metadata read, for this "
                    + "repository.")
        ),
        (
            "suspended",
            TrackerError(.credentialsRejected, "GitHub has suspended this account or installation.")
        ),
        (
            "ip allow list",
            TrackerError(
                .permissionDenied,
                "The organisation lets only listed addresses in. Add this service's address to its IP allow list."
            )
        ),
    ]

    static let secondaryLimit = TrackerError(
        .rateLimited, "GitHub asks to slow down (its secondary rate limit).", retryAfter: secondaryPause)
    private static let ssoRequired = TrackerError(
        .permissionDenied,
        "The organisation demands single sign-on. Authorise the token for it: Settings, Developer settings, "
            + "Personal access tokens, Configure SSO.")
    private static let moved = TrackerError(
        .notFound, "The repository or issue has moved. Name it as GitHub names it now.")
    private static let issuesDisabled = TrackerError(
        .permissionDenied, "Issues are switched off in this repository.")
    private static let blocked = TrackerError(
        .permissionDenied, "GitHub has blocked this repository for legal reasons.")

    private static let deleted = TrackerError(.gone, "GitHub says that it was deleted.")

    /// Whether an answer whose failing statuses are accepted is about something that is there.
    /// - Throws: ``TrackerError/Code/apiGone`` when it is the call that is not.
    func isThere(_ response: TrackerResponse) throws(TrackerError) -> Bool {
        if response.status == 410, failure(response) == nil { throw TrackerResponse.apiGone }
        return response.status < 400
    }

    /// `This issue was deleted`, `Issues has been disabled in this repository.`; anything else is said of the
    /// call, as of every call in a version of the API that has ended.
    private static func gone(_ message: String) -> TrackerError? {
        if message.contains("disabled") { return issuesDisabled }
        return message.contains("deleted") ? deleted : nil
    }

    /// GraphQL answers 200 to a question that its budget does not allow. The wait stands in the headers.
    private func exhaustion(_ response: TrackerResponse) -> TrackerError? {
        guard response.header("x-ratelimit-remaining") == "0",
            let answer = try? TrackerJSON.decode(GitHubGraphQL.Refusals.self, from: response),
            answer.errors.rows().contains(where: \.isRateLimit)
        else { return nil }
        return TrackerError(.rateLimited, "The hour's budget of GitHub's GraphQL API is used up.")
    }

    /// The tracker's own sentence in lower case, to be looked at and never shown.
    private func message(of response: TrackerResponse) -> String {
        let refusal = try? TrackerJSON.decode(GitHubWire.Refusal.self, from: response)
        return refusal?.message.value?.lowercased() ?? ""
    }
}
