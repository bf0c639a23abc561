// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain

extension YouTrackTracker {
    static let authenticationMethods = [
        AuthenticationMethod(
            id: .accessToken, label: "Permanent token",
            fields: [
                AuthenticationField(
                    name: "token", label: "Permanent token", isSecret: true,
                    help: "Made under Profile, Account Security, New token, with the scope YouTrack. It "
                        + "starts with perm: or perm- and has its owner's rights.")
            ] + YouTrackFieldNames.settings,
            helpURL: "https://www.jetbrains.com/help/youtrack/server/Manage-Permanent-Token.html"),
        AuthenticationMethod(
            id: .none, label: "What guests may read", fields: YouTrackFieldNames.settings),
    ]

    /// Headers that every call carries.
    func headers(for source: TrackerSource) throws(TrackerError) -> [HTTPField] {
        let accept = HTTPField("Accept", "application/json")
        guard source.source.authenticationMethod == .accessToken else { return [accept] }
        return [accept, HTTPField("Authorization", "Bearer " + (try source.secret("token")))]
    }

    /// Headers of a call with a body.
    func writingHeaders(for source: TrackerSource) throws(TrackerError) -> [HTTPField] {
        try headers(for: source) + [HTTPField("Content-Type", "application/json")]
    }

    /// Reads a 400, whose description names the field or the rule that refuses.
    public func failure(_ response: TrackerResponse) -> TrackerError? {
        guard response.status == 400,
            let answer = try? TrackerJSON.decode(YouTrackWire.ErrorAnswer.self, from: response)
        else { return nil }
        var error = TrackerError(.invalidRequest, "YouTrack refuses what was sent.")
        let text = TrackerText.short(answer.description.value ?? "")
        if !text.isEmpty { error.fieldFaults = [FieldViolation("issue", text)] }
        return error
    }
}
