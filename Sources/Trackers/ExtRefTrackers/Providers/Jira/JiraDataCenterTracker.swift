// SPDX-License-Identifier: Apache-2.0

public import CurlHTTP
public import ExtRefDomain
internal import FoundationEssentials

/// Jira Data Center (and Server), through version 2 of its REST interface; made for version 9 and later.
///
/// Source: Atlassian, "Jira Data Center REST API".
public struct JiraDataCenterTracker: JiraTracker {
    private static let tokenName = "token"
    private static let userName = "username"
    private static let passwordName = "password"

    /// Makes the adapter.
    public init() {}

    public var deployment: JiraDeployment { .dataCenter }

    public var description: ProviderDescription { Self.provider }

    private static let provider = ProviderDescription(
        id: .jiraDataCenter, displayName: "Jira Data Center",
        capabilities: [.fetch, .batchFetch, .search, .create, .backLink, .webhook, .changesSince],
        authenticationMethods: Self.authenticationMethods, baseURLExample: "https://jira.example.com",
        issueURLTemplate: "{baseUrl}/browse/{key}",
        createURLTemplate: "{baseUrl}/secure/CreateIssue!default.jspa", keyPattern: JiraKey.pattern,
        keyExample: "PROJ-123")

    /// Data Center signs nothing unless it is new enough to be given a secret, so the secret is part of the
    /// address that it posts to.
    public var webhookSchemes: [WebhookScheme] {
        [.hmacSHA256(header: "x-hub-signature", prefix: "sha256="), .pathSecret]
    }

    private static let authenticationMethods = [
        AuthenticationMethod(
            id: .accessToken, label: "Personal access token",
            fields: [
                AuthenticationField(
                    name: tokenName, label: "Personal access token", isSecret: true,
                    help:
                        "Made in the profile under Personal Access Tokens, from Jira 8.14 on. It has the rights of "
                        + "its owner: Browse Projects, and Create Issues and Link Issues where that is wanted."
                ),
                .expiry,
            ],
            helpURL:
                "https://confluence.atlassian.com/enterprise/using-personal-access-tokens-1026032365.html"),
        AuthenticationMethod(
            id: .basic, label: "User name and password",
            fields: [
                AuthenticationField(
                    name: userName, label: "User name", isSecret: false,
                    help: "The log-in name of a Jira account."),
                AuthenticationField(
                    name: passwordName, label: "Password", isSecret: true,
                    help:
                        "The account's password. From Jira 11 on an administrator has to allow it; a personal "
                        + "access token is better."),
            ],
            helpURL:
                "https://confluence.atlassian.com/enterprise/using-personal-access-tokens-1026032365.html"),
        AuthenticationMethod(id: .none, label: "Public projects only", fields: []),
    ]

    public func headers(for source: TrackerSource) throws(TrackerError) -> [HTTPField] {
        switch source.source.authenticationMethod {
        case .accessToken:
            return [HTTPField("Authorization", "Bearer " + (try source.secret(Self.tokenName)))]
        case .basic:
            let pair = Data("\(source.setting(Self.userName)):\(try source.secret(Self.passwordName))".utf8)
            return [HTTPField("Authorization", "Basic " + pair.base64EncodedString())]
        default: return []
        }
    }
}
