// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

/// Microsoft Entra ID, where a service principal obtains tokens for Azure DevOps Services by the client
/// credentials grant (RFC 6749, 4.4).
enum AzureDevOpsEntra {
    /// The setting that names the directory.
    static let tenantField = "tenant_id"
    /// The fixed id of Azure DevOps in every directory, and all that the principal was given there.
    private static let scope = "499b84ac-1321-427f-aa17-267ca6975798/.default"
    private static let hostNameBytesMax = 253

    /// The method as admins see it.
    static let method = AuthenticationMethod(
        id: .clientCredentials, label: "Microsoft Entra service principal (Azure DevOps Services only)",
        fields: [
            AuthenticationField(
                name: tenantField, label: "Directory (tenant) id", isSecret: false,
                help: "On the app registration's overview in the Entra admin centre."),
            AuthenticationField(
                name: "client_id", label: "Application (client) id", isSecret: false,
                help: "Beside the tenant id. Add the service principal as a user of the organisation, with "
                    + "access level Basic, and to the Readers or Contributors of each project."),
            AuthenticationField(
                name: "client_secret", label: "Client secret", isSecret: true,
                help: "The app registration's Certificates & secrets, New client secret; copy the value, "
                    + "not the id."),
            .expiry, .tokenAddress,
        ],
        helpURL: "https://learn.microsoft.com/azure/devops/integrate/get-started/authentication/"
            + "service-principal-managed-identity")

    /// Whether a text can name a directory: an id or a domain. It becomes part of the token endpoint's path.
    static func isTenant(_ text: String) -> Bool {
        (1...hostNameBytesMax).contains(text.utf8.count) && !text.hasPrefix(".") && !text.hasSuffix(".")
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }

    /// The exchange of the client's secret for an access token.
    static func tokenCall(
        for source: TrackerSource, at now: Timestamp
    ) throws(TrackerError) -> TrackerCall<IssuedToken> {
        let tenant = source.setting(tenantField)
        guard isTenant(tenant), !source.setting("client_id").isEmpty else {
            throw TrackerError(
                .credentialsRejected, "The source has no directory (tenant) id and client id yet.")
        }
        let address = source.tokenAddress(
            default: "https://login.microsoftonline.com/\(tenant)/oauth2/v2.0/token")
        return OAuthTokens(address: address).clientCredentials(
            clientID: source.setting("client_id"), clientSecret: try source.secret("client_secret"),
            scope: scope,
            at: now)
    }
}
