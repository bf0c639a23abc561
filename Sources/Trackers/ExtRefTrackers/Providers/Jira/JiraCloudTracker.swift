// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// Jira Cloud, through version 3 of its REST interface.
///
/// Classic API tokens are used at the site's own address. Tokens with scopes, OAuth grants and service
/// accounts are used at Atlassian's gateway, below the site's cloud id. Source: Atlassian, "The Jira Cloud
/// platform REST API" and "Manage API tokens for your Atlassian account".
public struct JiraCloudTracker: JiraTracker {
    /// Makes the adapter.
    public init() {}

    public var deployment: JiraDeployment { .cloud }

    public var description: ProviderDescription { Self.provider }

    private static let provider = ProviderDescription(
        id: .jiraCloud, displayName: "Jira Cloud",
        capabilities: [.fetch, .batchFetch, .search, .create, .backLink, .webhook, .changesSince],
        authenticationMethods: Self.authenticationMethods, baseURLExample: "https://acme.atlassian.net",
        issueURLTemplate: "{baseUrl}/browse/{key}",
        createURLTemplate: "{baseUrl}/secure/CreateIssue!default.jspa", keyPattern: JiraKey.pattern,
        keyExample: "PROJ-123")

    private static let gateway = "https://api.atlassian.com/ex/jira/"

    public func apiBaseURL(of source: IntegrationSource) -> String {
        guard let cloudID = Self.cloudID(of: source) else { return source.baseURL }
        return Self.gateway + cloudID
    }

    public var webhookSchemes: [WebhookScheme] {
        [.hmacSHA256(header: "x-hub-signature", prefix: "sha256=")]
    }

    public func violations(of source: IntegrationSource) -> [FieldViolation] {
        projectViolations(of: source) + Self.cloudIDViolations(of: source)
    }
}
