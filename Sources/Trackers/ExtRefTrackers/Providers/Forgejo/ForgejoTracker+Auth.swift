// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain

extension ForgejoTracker {
    static let authenticationMethods = [
        AuthenticationMethod(
            id: .accessToken, label: "Access token",
            fields: [
                AuthenticationField(
                    name: tokenField, label: "Token", isSecret: true,
                    help: "Made under Settings, Applications of the account. Give it read:user, "
                        + "read:repository and read:issue; creating issues and commenting need write:issue.")
            ],
            helpURL: "https://forgejo.org/docs/latest/user/token-scope/"),
        AuthenticationMethod(id: .none, label: "Public repositories only", fields: []),
    ]

    private static let tokenField = "token"

    /// Headers that every call carries. Never the token in the URL, which servers log.
    func headers(for source: TrackerSource) throws(TrackerError) -> [HTTPField] {
        let accept = HTTPField("Accept", "application/json")
        guard source.source.authenticationMethod == .accessToken else { return [accept] }
        return [accept, HTTPField("Authorization", "token " + (try source.secret(Self.tokenField)))]
    }

    /// The same for a request with a body.
    func writingHeaders(for source: TrackerSource) throws(TrackerError) -> [HTTPField] {
        try headers(for: source) + [HTTPField("Content-Type", "application/json")]
    }
}
