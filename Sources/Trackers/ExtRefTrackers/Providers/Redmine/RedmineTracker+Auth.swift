// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain

extension RedmineTracker {
    static let authenticationMethods = [
        AuthenticationMethod(
            id: .apiKey, label: "API key",
            fields: [
                AuthenticationField(
                    name: "api_key", label: "API access key", isSecret: true,
                    help: "Shown under My account, on the right. The REST API must be switched on under "
                        + "Administration, Settings, API.")
            ],
            helpURL: "https://www.redmine.org/projects/redmine/wiki/Rest_api#Authentication"),
        AuthenticationMethod(
            id: .basic, label: "Login and password",
            fields: [
                AuthenticationField(
                    name: "username", label: "Login", isSecret: false, help: "The login of a Redmine account."
                ),
                AuthenticationField(
                    name: "password", label: "Password", isSecret: true,
                    help: "The account's password. An API key is better: it can be withdrawn by itself."),
            ]),
        AuthenticationMethod(id: .none, label: "Public projects only", fields: []),
    ]

    /// Headers that every call carries. Never the key in the URL, which servers log.
    func headers(for source: TrackerSource) throws(TrackerError) -> [HTTPField] {
        let accept = HTTPField("Accept", "application/json")
        switch source.source.authenticationMethod {
        case .apiKey:
            return [accept, HTTPField("X-Redmine-API-Key", try source.secret("api_key"))]
        case .basic:
            let login = source.setting("username")
            return [accept, BasicAuthorization.header(login: login, password: try source.secret("password"))]
        default:
            return [accept]
        }
    }
}
