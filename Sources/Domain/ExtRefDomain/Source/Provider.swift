// SPDX-License-Identifier: Apache-2.0

/// A kind of external system, such as `redmine` or `jira_cloud`. Open: a new adapter adds one.
public struct ProviderID: Hashable, Sendable, RawRepresentable, CustomStringConvertible {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    public var description: String { rawValue }

    public static let jiraCloud = ProviderID(rawValue: "jira_cloud")
    public static let jiraDataCenter = ProviderID(rawValue: "jira_data_center")
    public static let gitHub = ProviderID(rawValue: "github")
    public static let gitLab = ProviderID(rawValue: "gitlab")
    public static let azureDevOps = ProviderID(rawValue: "azure_devops")
    public static let linear = ProviderID(rawValue: "linear")
    public static let forgejo = ProviderID(rawValue: "forgejo")
    public static let redmine = ProviderID(rawValue: "redmine")
    public static let roundup = ProviderID(rawValue: "roundup")
    public static let trac = ProviderID(rawValue: "trac")
    public static let bugzilla = ProviderID(rawValue: "bugzilla")
    public static let youTrack = ProviderID(rawValue: "youtrack")
    public static let shortcut = ProviderID(rawValue: "shortcut")
    public static let asana = ProviderID(rawValue: "asana")
    public static let custom = ProviderID(rawValue: "custom")
}

/// Something a source may be able to do. Effective = provider's ability, admin's switch and granted scopes
/// together.
public enum Capability: String, Sendable, Hashable, CaseIterable {
    /// Read single issues.
    case fetch
    /// Read many issues in one call.
    case batchFetch = "batch_fetch"
    /// Find issues by words.
    case search
    /// Create an issue.
    case create
    /// Put a link to the test object on the issue.
    case backLink = "back_link"
    /// Write comments.
    case comment
    /// Receive change notifications.
    case webhook
    /// Ask for what changed since a time.
    case changesSince = "changes_since"
}

/// Whether a capability works right now, and why not.
public struct CapabilityState: Sendable, Hashable {
    /// Why a capability is on or off.
    public enum Reason: String, Sendable, CaseIterable {
        case available
        case notSupported = "not_supported"
        case switchedOff = "switched_off"
        case scopeMissing = "scope_missing"
        case sourceDisabled = "source_disabled"
    }

    public let capability: Capability
    public let reason: Reason
    public var isEffective: Bool { reason == .available }

    public init(_ capability: Capability, _ reason: Reason) {
        self.capability = capability
        self.reason = reason
    }
}

/// How a source proves who it is, such as `api_key` or `none`; each provider lists its own.
public struct AuthenticationMethodID: Hashable, Sendable, RawRepresentable, CustomStringConvertible {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    public var description: String { rawValue }

    public static let none = AuthenticationMethodID(rawValue: "none")
    public static let apiKey = AuthenticationMethodID(rawValue: "api_key")
    public static let basic = AuthenticationMethodID(rawValue: "basic")
    /// A personal, project or group access token.
    public static let accessToken = AuthenticationMethodID(rawValue: "access_token")
    /// An e-mail address and an API token.
    public static let emailAndToken = AuthenticationMethodID(rawValue: "email_token")
    /// A GitHub App's private key.
    public static let gitHubApp = AuthenticationMethodID(rawValue: "github_app")
    /// An OAuth 2 grant that a person gave: a refresh token and the client's id and secret.
    public static let oauthRefresh = AuthenticationMethodID(rawValue: "oauth")
    /// An OAuth 2 client that acts for itself.
    public static let clientCredentials = AuthenticationMethodID(rawValue: "client_credentials")
}

/// One input of an authentication method, described well enough to draw a form from it.
public struct AuthenticationField: Sendable, Hashable {
    /// The name used in requests, such as `api_key`.
    public let name: String
    /// The label for people.
    public let label: String
    /// Whether the value is sealed and never shown again.
    public let isSecret: Bool
    public let isRequired: Bool
    /// Whether the value says where a secret is sent, so that changing it needs the secrets again.
    public let steersSecrets: Bool
    /// A sentence that says where to get it.
    public let help: String

    public init(
        name: String, label: String, isSecret: Bool, isRequired: Bool = true, steersSecrets: Bool = false,
        help: String
    ) {
        self.name = name
        self.label = label
        self.isSecret = isSecret
        self.isRequired = isRequired
        self.steersSecrets = steersSecrets
        self.help = help
    }
}

/// One way to authenticate against a provider.
public struct AuthenticationMethod: Sendable, Hashable {
    public let id: AuthenticationMethodID
    public let label: String
    public let fields: [AuthenticationField]
    /// The vendor's page about it.
    public let helpURL: String

    public init(
        id: AuthenticationMethodID, label: String, fields: [AuthenticationField], helpURL: String = ""
    ) {
        self.id = id
        self.label = label
        self.fields = fields
        self.helpURL = helpURL
    }
}

/// What an admin can know about a provider before any source exists.
public struct ProviderDescription: Sendable, Hashable {
    public let id: ProviderID
    public let displayName: String
    /// What its adapter implements.
    public let capabilities: Set<Capability>
    public let authenticationMethods: [AuthenticationMethod]
    /// An example of a base URL.
    public let baseURLExample: String
    /// Used when a source names no template of its own; knows `{baseUrl}` and `{key}`. Empty where the
    /// address is built from the parts of the key.
    public let issueURLTemplate: String
    /// Used when a source names none; empty where the vendor has no such page.
    public let createURLTemplate: String
    /// Used when a source names none; anchored on both ends by the matcher.
    public let keyPattern: String
    /// An example of a key.
    public let keyExample: String

    public init(
        id: ProviderID, displayName: String, capabilities: Set<Capability>,
        authenticationMethods: [AuthenticationMethod], baseURLExample: String, issueURLTemplate: String,
        createURLTemplate: String, keyPattern: String, keyExample: String
    ) {
        self.id = id
        self.displayName = displayName
        self.capabilities = capabilities
        self.authenticationMethods = authenticationMethods
        self.baseURLExample = baseURLExample
        self.issueURLTemplate = issueURLTemplate
        self.createURLTemplate = createURLTemplate
        self.keyPattern = keyPattern
        self.keyExample = keyExample
    }
}
