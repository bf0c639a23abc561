// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain

extension BugzillaTracker {
    static let authenticationMethods = [
        AuthenticationMethod(
            id: .apiKey, label: "API key",
            fields: [
                AuthenticationField(
                    name: "api_key", label: "API key", isSecret: true,
                    help: "Made under Preferences, API Keys. The server must take it in the header "
                        + "X-BUGZILLA-API-KEY; one that takes it in addresses only is not supported, because "
                        + "addresses end up in logs.")
            ], helpURL: "https://bugzilla.readthedocs.io/en/latest/api/core/v1/general.html#authentication"),
        AuthenticationMethod(id: .none, label: "Public bugs only", fields: []),
    ]

    /// Headers that every call carries. Never the key in the URL, which servers log.
    func headers(for source: TrackerSource) throws(TrackerError) -> [HTTPField] {
        let accept = HTTPField("Accept", "application/json")
        guard source.source.authenticationMethod == .apiKey else { return [accept] }
        return [accept, HTTPField("X-BUGZILLA-API-KEY", try source.secret("api_key"))]
    }

    /// Headers of a call with a body.
    func writingHeaders(for source: TrackerSource) throws(TrackerError) -> [HTTPField] {
        try headers(for: source) + [HTTPField("Content-Type", "application/json")]
    }
}
