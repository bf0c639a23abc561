// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
public import ExtRefDomain
internal import FoundationEssentials

extension AzureDevOpsTracker {
    /// The secret of ``AuthenticationMethodID/accessToken``.
    static let tokenField = "token"

    /// The ways in, the commonest first.
    static let authenticationMethods = [
        AuthenticationMethod(
            id: .accessToken, label: "Personal access token",
            fields: [
                AuthenticationField(
                    name: tokenField, label: "Personal access token", isSecret: true,
                    help: "User settings, Personal access tokens, New token. Choose this one organisation, "
                        + "not all accessible organisations: global tokens stop working on 1 December 2026. "
                        + "Scopes: Work Items (Read), or Work Items (Read & write) to create items and to "
                        + "leave links; Project and Team (Read)."),
                .expiry,
            ],
            helpURL: "https://learn.microsoft.com/azure/devops/organizations/accounts/"
                + "use-personal-access-tokens-to-authenticate"),
        AzureDevOpsEntra.method,
        AuthenticationMethod(
            id: .basic, label: "Login and password (Azure DevOps Server only)",
            fields: [
                AuthenticationField(
                    name: "username", label: "Login", isSecret: false,
                    help:
                        "The account's login, such as DOMAIN\\name. Basic authentication must be switched on "
                        + "in the server's IIS."),
                AuthenticationField(
                    name: "password", label: "Password", isSecret: true,
                    help: "The account's password. A personal access token is better: it can be withdrawn by "
                        + "itself."),
            ],
            helpURL:
                "https://learn.microsoft.com/azure/devops/integrate/get-started/authentication/iis-basic-auth"
        ),
    ]

    /// Headers that every call carries.
    ///
    /// With bad credentials Azure DevOps would lead to a log-in page; suppressing that makes it answer 401.
    func headers(for source: TrackerSource) throws(TrackerError) -> [HTTPField] {
        [
            HTTPField("Accept", "application/json"), HTTPField("X-TFS-FedAuthRedirect", "Suppress"),
            HTTPField("Authorization", try authorization(for: source)),
        ]
    }

    private func authorization(for source: TrackerSource) throws(TrackerError) -> String {
        switch source.source.authenticationMethod {
        case .clientCredentials: "Bearer " + (try source.secret(TrackerCredential.accessTokenField))
        case .basic: Self.basic(source.setting("username"), try source.secret("password"))
        // A token goes without a user name (Microsoft Learn, "Use personal access tokens").
        default: Self.basic("", try source.secret(Self.tokenField))
        }
    }

    private static func basic(_ name: String, _ password: String) -> String {
        "Basic " + Data("\(name):\(password)".utf8).base64EncodedString()
    }
}

extension AzureDevOpsTracker: TokenObtaining {
    public func tokenCall(
        for source: TrackerSource, at now: Timestamp, signer: any TokenSigning
    ) throws(TrackerError) -> TrackerCall<IssuedToken>? {
        guard source.source.authenticationMethod == .clientCredentials else { return nil }
        return try AzureDevOpsEntra.tokenCall(for: source, at: now)
    }
}
