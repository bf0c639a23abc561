// SPDX-License-Identifier: Apache-2.0

public import CurlHTTP
public import ExtRefDomain
internal import FoundationEssentials

extension JiraCloudTracker {
    /// The setting that names the site at the gateway.
    static let cloudIDName = "cloud_id"
    private static let emailName = "email"
    private static let tokenName = "api_token"
    private static let clientIDName = "client_id"
    private static let clientSecretName = "client_secret"
    private static let cloudIDBytesMax = 64

    private static func cloudIDField(isRequired: Bool, _ when: String) -> AuthenticationField {
        AuthenticationField(
            name: cloudIDName, label: "Cloud id", isSecret: false, isRequired: isRequired,
            help: "The site's id, which https://SITE.atlassian.net/_edge/tenant_info shows. " + when)
    }

    /// Every way in, the simplest first.
    static let authenticationMethods = [
        AuthenticationMethod(
            id: .emailAndToken, label: "E-mail address and API token",
            fields: [
                AuthenticationField(
                    name: emailName, label: "E-mail address", isSecret: false,
                    help: "The address of the Atlassian account that the token belongs to."),
                AuthenticationField(
                    name: tokenName, label: "API token", isSecret: true,
                    help:
                        "Made at https://id.atlassian.com/manage-profile/security/api-tokens."
                        + " A token with scopes "
                        + "needs read:jira-work and read:jira-user, and write:jira-work to create and to link back."
                ),
                cloudIDField(
                    isRequired: false, "Only for a token with scopes; leave it empty for a classic one."),
                .expiry,
            ],
            helpURL:
                "https://support.atlassian.com/atlassian-account/docs/"
                + "manage-api-tokens-for-your-atlassian-account/"
        ),
        oauthMethod,
        AuthenticationMethod(
            id: .clientCredentials, label: "Service account (OAuth 2.0 client)",
            fields: [
                AuthenticationField(
                    name: clientIDName, label: "Client id", isSecret: false,
                    help:
                        "From the service account's OAuth 2.0 credential in Atlassian Administration, with the "
                        + "scopes read:jira-work, read:jira-user and, to create and to link back, write:jira-work."
                ),
                AuthenticationField(
                    name: clientSecretName, label: "Client secret", isSecret: true,
                    help: "Shown once, when the credential is made."),
                cloudIDField(isRequired: true, "Service accounts are used through Atlassian's gateway."),
                .tokenAddress,
            ],
            helpURL:
                "https://support.atlassian.com/user-management/docs/"
                + "create-oauth-2-0-credential-for-service-accounts/"
        ),
        AuthenticationMethod(id: .none, label: "Public projects only", fields: []),
    ]

    private static var oauthMethod: AuthenticationMethod {
        let common = AuthenticationMethod.oauth(
            label: "OAuth 2.0 (3LO)",
            clientHelp:
                "From an OAuth 2.0 integration in https://developer.atlassian.com/console/myapps/ with the "
                + "Jira scopes read:jira-work, read:jira-user and write:jira-work.",
            helpURL: "https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/")
        return AuthenticationMethod(
            id: common.id, label: common.label,
            fields: common.fields + [cloudIDField(isRequired: true, "It says which of the sites is meant.")],
            helpURL: common.helpURL)
    }

    public func headers(for source: TrackerSource) throws(TrackerError) -> [HTTPField] {
        switch source.source.authenticationMethod {
        case .emailAndToken:
            let pair = Data("\(source.setting(Self.emailName)):\(try source.secret(Self.tokenName))".utf8)
            return [HTTPField("Authorization", "Basic " + pair.base64EncodedString())]
        case .oauthRefresh, .clientCredentials:
            let token = try source.secret(TrackerCredential.accessTokenField)
            return [HTTPField("Authorization", "Bearer " + token)]
        default: return []
        }
    }

    /// The cloud id of a source that goes through the gateway; nil when it goes to the site itself.
    static func cloudID(of source: IntegrationSource) -> String? {
        guard source.authenticationMethod != .none, let id = source.authenticationSettings[cloudIDName],
            isCloudID(id)
        else { return nil }
        return id
    }

    /// What is wrong with the cloud id; that it is missing where it is needed the service says itself.
    static func cloudIDViolations(of source: IntegrationSource) -> [FieldViolation] {
        let field = "authentication.settings[\(cloudIDName)]"
        let id = source.authenticationSettings[cloudIDName] ?? ""
        if !id.isEmpty, !isCloudID(id) {
            return [FieldViolation(field, "must be the site's id: letters, digits and hyphens")]
        }
        return []
    }

    /// It comes into addresses that secrets are sent to.
    private static func isCloudID(_ text: String) -> Bool {
        (1...cloudIDBytesMax).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}

extension JiraCloudTracker: OAuthAuthorizing {
    private static let tokenAddress = "https://auth.atlassian.com/oauth/token"

    /// Source: Atlassian, "OAuth 2.0 (3LO) apps". Without `offline_access` there is no refresh token.
    public func oauth(of source: IntegrationSource) -> OAuthEndpoints {
        OAuthEndpoints(
            authorizeAddress: "https://auth.atlassian.com/authorize", tokenAddress: Self.tokenAddress,
            encoding: .json,
            scopes: ["read:jira-work", "read:jira-user", "write:jira-work", "offline_access"],
            extraItems: [QueryItem("audience", "api.atlassian.com"), QueryItem("prompt", "consent")])
    }

    public func tokenCall(
        for source: TrackerSource, at now: Timestamp, signer: any TokenSigning
    ) throws(TrackerError) -> TrackerCall<IssuedToken>? {
        switch source.source.authenticationMethod {
        case .oauthRefresh: return try refreshCall(for: source, at: now)
        case .clientCredentials:
            let tokens = OAuthTokens(
                address: source.tokenAddress(default: Self.tokenAddress), encoding: .json)
            // The scopes are those that were chosen when the credential was made.
            return tokens.clientCredentials(
                clientID: source.setting(Self.clientIDName),
                clientSecret: try source.secret(Self.clientSecretName), scope: "", at: now)
        default: return nil
        }
    }
}
