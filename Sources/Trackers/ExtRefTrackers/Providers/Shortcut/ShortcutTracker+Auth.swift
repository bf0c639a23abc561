// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain

extension ShortcutTracker {
    static let authenticationMethods = [
        AuthenticationMethod(
            id: .apiKey, label: "API token",
            fields: [
                AuthenticationField(
                    name: "api_token", label: "API token", isSecret: true,
                    help: "Made in Shortcut under Settings, Your Account, API Tokens. It may do whatever its "
                        + "member may; a member of its own keeps this service apart from people.")
            ],
            helpURL: "https://help.shortcut.com/hc/en-us/articles/205701199-Shortcut-API-Tokens")
    ]

    /// A request with the token in its header.
    func request(
        _ method: HTTPRequest.Method = .get, _ path: [String], query: [(name: String, value: String)] = [],
        of source: TrackerSource
    ) throws(TrackerError) -> TrackerRequest {
        TrackerRequest(
            method, path: path, query: query,
            headers: [
                HTTPField("Accept", "application/json"),
                HTTPField("Shortcut-Token", try source.secret("api_token")),
            ])
    }

    /// A request with a body.
    func request(
        _ method: HTTPRequest.Method, _ path: [String], body: some Encodable, of source: TrackerSource
    ) throws(TrackerError) -> TrackerRequest {
        var request = try request(method, path, of: source)
        request.headers.append(HTTPField("Content-Type", "application/json"))
        request.body = TrackerJSON.encode(body)
        return request
    }
}
