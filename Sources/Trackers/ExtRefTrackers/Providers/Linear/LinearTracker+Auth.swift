// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
public import ExtRefDomain

extension LinearTracker {
    static let authenticationMethods = [
        AuthenticationMethod(
            id: .apiKey, label: "Personal API key",
            fields: [
                AuthenticationField(
                    name: "api_key", label: "API key", isSecret: true,
                    help:
                        "Made in Linear under Settings, Security & access, Personal API keys; it starts "
                        + "with lin_api_. Permission Read is enough to follow issues; creating issues and "
                        + "linking back needs Write. An account of its own keeps this service apart from "
                        + "people.")
            ],
            helpURL: "https://linear.app/docs/api-and-webhooks"),
        .oauth(
            label: "OAuth application",
            clientHelp: "An admin makes the application in Linear under Settings, API, OAuth applications.",
            helpURL: "https://linear.app/developers/oauth-2-0-authentication"),
    ]

    /// Headers that every call carries. A personal key stands in `Authorization` as it is, without a scheme.
    func headers(for source: TrackerSource) throws(TrackerError) -> [HTTPField] {
        let authorization =
            switch source.source.authenticationMethod {
            case .oauthRefresh: "Bearer " + (try source.secret(TrackerCredential.accessTokenField))
            default: try source.secret("api_key")
            }
        return [
            HTTPField("Accept", "application/json"), HTTPField("Content-Type", "application/json"),
            HTTPField("Authorization", authorization),
        ]
    }
}

extension LinearTracker: OAuthAuthorizing {
    /// Access tokens live a day; every refresh replaces the refresh token. `prompt` lets a person who is in
    /// several workspaces choose one.
    public func oauth(of source: IntegrationSource) -> OAuthEndpoints {
        OAuthEndpoints(
            authorizeAddress: "https://linear.app/oauth/authorize",
            tokenAddress: "https://api.linear.app/oauth/token", scopes: ["read", "write"],
            scopeSeparator: ",",
            extraItems: [QueryItem("prompt", "consent")])
    }

    public func tokenCall(
        for source: TrackerSource, at now: Timestamp, signer: any TokenSigning
    ) throws(TrackerError) -> TrackerCall<IssuedToken>? {
        guard source.source.authenticationMethod == .oauthRefresh else { return nil }
        return try refreshCall(for: source, at: now)
    }
}
