// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// Lets a person grant access by the authorisation-code flow of OAuth 2 (RFC 6749, 4.1, with PKCE).
public protocol OAuthAuthorizing: TokenObtaining {
    /// The vendor's endpoints for a source whose method is ``AuthenticationMethodID/oauthRefresh``.
    func oauth(of source: IntegrationSource) -> OAuthEndpoints
}

/// Where and how a vendor does OAuth 2.
public struct OAuthEndpoints: Sendable, Hashable {
    /// How the token endpoint wants its parameters.
    public enum Encoding: Sendable {
        case form, json
    }

    /// Where a person agrees.
    public var authorizeAddress: String
    /// Where codes and refresh tokens are exchanged.
    public var tokenAddress: String
    public var encoding: Encoding
    /// What is asked for.
    public var scopes: [String]
    /// Between scopes.
    public var scopeSeparator: String
    /// Sent along to the authorisation page.
    public var extraItems: [QueryItem]

    /// Describes endpoints.
    public init(
        authorizeAddress: String, tokenAddress: String, encoding: Encoding = .form, scopes: [String],
        scopeSeparator: String = " ", extraItems: [QueryItem] = []
    ) {
        self.authorizeAddress = authorizeAddress
        self.tokenAddress = tokenAddress
        self.encoding = encoding
        self.scopes = scopes
        self.scopeSeparator = scopeSeparator
        self.extraItems = extraItems
    }
}

extension AuthenticationMethod {
    /// The OAuth 2 method, which has the same fields everywhere.
    static func oauth(label: String, clientHelp: String, helpURL: String) -> AuthenticationMethod {
        AuthenticationMethod(
            id: .oauthRefresh, label: label,
            fields: [
                AuthenticationField(name: "client_id", label: "Client id", isSecret: false, help: clientHelp),
                AuthenticationField(
                    name: "client_secret", label: "Client secret", isSecret: true,
                    help: "Shown beside the client id, usually once."),
                AuthenticationField(
                    name: "refresh_token", label: "Refresh token", isSecret: true, isRequired: false,
                    help:
                        "Leave it empty and authorise the source after saving it (BeginSourceAuthorization)."),
                .tokenAddress,
            ],
            helpURL: helpURL)
    }
}

extension AuthenticationField {
    static let tokenAddressName = "token_url"

    /// Lets an operator put a gateway in front of the vendor's token endpoint.
    static let tokenAddress = AuthenticationField(
        name: tokenAddressName, label: "Token endpoint", isSecret: false, isRequired: false,
        steersSecrets: true,
        help: "Only when tokens are not issued at the vendor's own address. The client secret is sent there.")
}

extension TrackerSource {
    /// The token endpoint an admin chose, or else the vendor's.
    func tokenAddress(default address: String) -> String {
        let own = setting(AuthenticationField.tokenAddressName)
        return own.isEmpty ? address : own
    }
}

extension OAuthAuthorizing {
    /// The exchange of the stored refresh token.
    func refreshCall(
        for source: TrackerSource, at now: Timestamp
    ) throws(TrackerError) -> TrackerCall<IssuedToken> {
        guard let refreshToken = source.credential["refresh_token"], !refreshToken.isEmpty else {
            throw TrackerError(.credentialsRejected, "Nobody has authorised this source yet.")
        }
        return try endpoint(for: source).refresh(
            clientID: source.setting("client_id"), clientSecret: source.secret("client_secret"),
            refreshToken: refreshToken, at: now)
    }

    /// The exchange of a code that a person brought from the authorisation page.
    func codeCall(
        _ code: String, verifier: String, redirectURI: String, for source: TrackerSource, at now: Timestamp
    ) throws(TrackerError) -> TrackerCall<IssuedToken> {
        try endpoint(for: source).code(
            code, verifier: verifier, redirectURI: redirectURI, clientID: source.setting("client_id"),
            clientSecret: source.secret("client_secret"), at: now)
    }

    private func endpoint(for source: TrackerSource) -> OAuthTokens {
        let endpoints = oauth(of: source.source)
        return OAuthTokens(
            address: source.tokenAddress(default: endpoints.tokenAddress), encoding: endpoints.encoding)
    }
}
