// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain

extension GitHubTracker {
    static let tokenField = "token"
    static let appIDField = "app_id"
    static let installationIDField = "installation_id"
    static let privateKeyField = "private_key"

    static let authenticationMethods = [
        AuthenticationMethod(
            id: .accessToken, label: "Personal access token",
            fields: [
                AuthenticationField(
                    name: tokenField, label: "Token", isSecret: true,
                    help:
                        "GitHub, Settings, Developer settings, Personal access tokens. Fine-grained: choose "
                        + "the repositories and give Issues read and write, Pull requests read, Metadata read "
                        + "(Issues read is enough without creating and commenting). Classic: the scope repo, or "
                        + "public_repo for public repositories only. An organisation with single sign-on must "
                        + "authorise the token.")
            ],
            helpURL:
                "https://docs.github.com/authentication/keeping-your-account-and-data-secure/"
                + "managing-your-personal-access-tokens"
        ),
        AuthenticationMethod(
            id: .gitHubApp, label: "GitHub App",
            fields: [
                AuthenticationField(
                    name: appIDField, label: "App id or client id", isSecret: false,
                    help: "Shown under the app's General settings. The app needs the repository permissions "
                        + "Issues read and write, Pull requests read, Metadata read."),
                AuthenticationField(
                    name: installationIDField, label: "Installation id", isSecret: false, isRequired: false,
                    help: "The number at the end of the installation's address (Settings, Installed GitHub "
                        + "Apps, Configure). Empty = the one that covers the default external project."),
                AuthenticationField(
                    name: privateKeyField, label: "Private key", isSecret: true,
                    help:
                        "The PEM file that Generate a private key gave, whole, with its first and last line."
                ),
            ],
            helpURL: "https://docs.github.com/apps/creating-github-apps"),
        AuthenticationMethod(
            id: .none, label: "Public repositories only", fields: [],
            helpURL: "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api"),
    ]

    /// Headers that every call carries. A token stands here and nowhere else.
    func headers(for source: TrackerSource) throws(TrackerError) -> [HTTPField] {
        switch source.source.authenticationMethod {
        case .accessToken: headers(for: source, bearer: try source.secret(Self.tokenField))
        case .gitHubApp: headers(for: source, bearer: try source.secret(TrackerCredential.accessTokenField))
        default: headers(for: source, bearer: nil)
        }
    }

    /// The same with a token of the caller's, such as an app's own assertion.
    func headers(for source: TrackerSource, bearer: String?) -> [HTTPField] {
        let site = GitHubSite(baseURL: source.source.baseURL)
        let common = [
            HTTPField("Accept", "application/vnd.github+json"),
            HTTPField("X-GitHub-Api-Version", site.apiVersion),
        ]
        guard let bearer else { return common }
        return common + [HTTPField("Authorization", "Bearer " + bearer)]
    }

    /// A question to the REST API.
    func get(
        _ path: [String], query: [(name: String, value: String)] = [], from source: TrackerSource
    ) throws(TrackerError) -> TrackerRequest {
        TrackerRequest(path: path, query: query, headers: try headers(for: source))
    }

    /// Refuses before anything is asked what GitHub would refuse in the end.
    func requireCredentials(_ source: TrackerSource) throws(TrackerError) {
        guard source.source.authenticationMethod != .none else {
            throw TrackerError(.permissionDenied, "Without credentials GitHub lets nobody write.")
        }
    }

    /// A change through the REST API.
    func write(
        _ method: HTTPRequest.Method, _ path: [String], _ body: [UInt8]? = nil, to source: TrackerSource
    ) throws(TrackerError) -> TrackerRequest {
        try requireCredentials(source)
        var request = TrackerRequest(method, path: path, headers: try headers(for: source), body: body)
        if body != nil { request.headers.append(HTTPField("Content-Type", "application/json")) }
        return request
    }
}

extension GitHubRepository {
    /// The repository's path in the REST API, and what is below it.
    func path(_ rest: String...) -> [String] { ["repos", owner, name] + rest }
}

extension GitHubKey {
    /// The path in the REST API, and what is below it.
    func path(_ rest: String...) -> [String] {
        ["repos", repository.owner, repository.name, "issues", String(number)] + rest
    }
}
