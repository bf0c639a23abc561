// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain

extension AsanaTracker {
    static let workspaceField = "workspace"

    static let authenticationMethods = [
        AuthenticationMethod(
            id: .accessToken, label: "Personal access token or service account",
            fields: [
                AuthenticationField(
                    name: "token", label: "Access token", isSecret: true,
                    help:
                        "Made in Asana's developer console (app.asana.com/0/my-apps), Personal access "
                        + "tokens. It may do whatever its person may. Admins of Enterprise plans make "
                        + "service accounts instead, whose scopes must hold tasks:read, and tasks:write and "
                        + "stories:write to create tasks and comment."),
                AuthenticationField(
                    name: workspaceField, label: "Workspace", isSecret: false, isRequired: false,
                    help:
                        "The number of the workspace or organisation to search in, which addresses show "
                        + "behind app.asana.com/1/. Needed only when the token's person is in several."),
                .expiry,
            ],
            helpURL: "https://developers.asana.com/docs/personal-access-token")
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
                HTTPField("Authorization", "Bearer " + (try source.secret("token"))),
            ])
    }

    /// A request whose body is the content of Asana's usual `data`.
    func request(
        _ method: HTTPRequest.Method, _ path: [String], query: [(name: String, value: String)] = [],
        data: some Encodable, of source: TrackerSource
    ) throws(TrackerError) -> TrackerRequest {
        var request = try request(method, path, query: query, of: source)
        request.headers.append(HTTPField("Content-Type", "application/json"))
        request.body = TrackerJSON.encode(["data": data])
        return request
    }
}
