// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
public import ExtRefDomain

extension GitLabTracker {
    static let authenticationMethods = [
        AuthenticationMethod(
            id: .accessToken, label: "Access token",
            fields: [
                AuthenticationField(
                    name: tokenField, label: "Token", isSecret: true,
                    help:
                        "A personal, project or group access token (glpat-…), made under Access tokens in the "
                        + "settings of the user, project or group. The scope read_api is enough to read; "
                        + "creating issues and commenting need api. With the role Reporter it also sees "
                        + "confidential issues and sets labels.")
            ],
            helpURL: "https://docs.gitlab.com/user/profile/personal_access_tokens/"),
        .oauth(
            label: "OAuth application",
            clientHelp: "The application id, shown after adding an application under Applications in the "
                + "settings of the user, group or instance. Give it the scope api, or read_api when "
                + "issues are only read.",
            helpURL: "https://docs.gitlab.com/integration/oauth_provider/"),
        AuthenticationMethod(id: .none, label: "Public projects only", fields: []),
    ]

    private static let tokenField = "token"

    /// Headers that every call carries. Never the token in the URL, which servers log.
    func headers(for source: TrackerSource) throws(TrackerError) -> [HTTPField] {
        let accept = HTTPField("Accept", "application/json")
        switch source.source.authenticationMethod {
        case .accessToken:
            return [accept, HTTPField("PRIVATE-TOKEN", try source.secret(Self.tokenField))]
        case .oauthRefresh:
            let token = try source.secret(TrackerCredential.accessTokenField)
            return [accept, HTTPField("Authorization", "Bearer " + token)]
        default:
            return [accept]
        }
    }

    /// The same for a request with a body.
    func writingHeaders(for source: TrackerSource) throws(TrackerError) -> [HTTPField] {
        try headers(for: source) + [HTTPField("Content-Type", "application/json")]
    }
}

extension GitLabTracker: OAuthAuthorizing {
    public func oauth(of source: IntegrationSource) -> OAuthEndpoints {
        let base = source.baseURL.withoutTrailingSlashes
        // Less is asked for where an admin switched off what needs more.
        let writes = !source.switchedOff.isSuperset(of: [.create, .comment])
        return OAuthEndpoints(
            authorizeAddress: base + "/oauth/authorize", tokenAddress: base + "/oauth/token",
            scopes: [writes ? Self.writingScope : Self.readingScope])
    }

    public func tokenCall(
        for source: TrackerSource, at now: Timestamp, signer: any TokenSigning
    ) throws(TrackerError) -> TrackerCall<IssuedToken>? {
        guard source.source.authenticationMethod == .oauthRefresh else { return nil }
        return try refreshCall(for: source, at: now)
    }

    /// The scopes of GitLab's own that matter here.
    static var writingScope: String { "api" }
    static var readingScope: String { "read_api" }
}
