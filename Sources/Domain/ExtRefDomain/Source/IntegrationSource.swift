// SPDX-License-Identifier: Apache-2.0

/// What is known of one stored credential field. The value itself stays sealed in the store.
public struct CredentialState: Sendable, Hashable {
    /// The field's name, as in ``AuthenticationField/name``.
    public let name: String
    public let setAt: Timestamp
    public let setBy: PrincipalID
    /// When the vendor will stop accepting it, if the admin or the vendor said so.
    public let expiresAt: Timestamp?

    public init(name: String, setAt: Timestamp, setBy: PrincipalID, expiresAt: Timestamp? = nil) {
        self.name = name
        self.setAt = setAt
        self.setBy = setBy
        self.expiresAt = expiresAt
    }
}

/// Overrides a provider's own category for one exact status name, optionally of one issue type.
public struct StatusMapping: Sendable, Hashable {
    public let status: String
    /// Applies to this issue type only; empty = every type.
    public let type: String
    public let category: StatusCategory

    public init(status: String, type: String = "", category: StatusCategory) {
        self.status = status
        self.type = type
        self.category = category
    }
}

/// How a source is doing, as last seen.
public struct SourceHealth: Sendable, Hashable {
    public var lastProbeAt: Timestamp?
    /// When all that was due had last been read. Told by the sync; storing a source leaves it as it is.
    public var lastSyncAt: Timestamp?
    /// The class of the last failure, as in ``ErrorReason``; empty when the last contact was good.
    public var lastErrorReason: String = ""
    /// What the credential may not do, as the last connection test found.
    public var deniedCapabilities: Set<Capability> = []

    public init() {}
}

/// One instance of an external tracker, as an admin configured it.
public struct IntegrationSource: Administered, Hashable {
    public let id: SourceID
    public let tenantID: TenantID
    public var owner: Owner
    public let providerID: ProviderID
    /// Tells sources of one provider apart; unique among the living ones of an owner.
    public var displayName: String
    /// Where people open issues; every issue URL of this source starts with it. Normalised: no trailing
    /// slash.
    public var baseURL: String
    /// Where the API answers, when that is neither ``baseURL`` nor what the provider makes of it; empty
    /// otherwise.
    public var apiBaseURL: String
    public var authenticationMethod: AuthenticationMethodID
    /// Values of the method's fields that are no secret, such as a login name.
    public var authenticationSettings: [String: String]
    public var credentials: [CredentialState]
    /// Capabilities the admin switched off.
    public var switchedOff: Set<Capability>
    /// Empty = the provider's own.
    public var issueURLTemplate: String
    /// Empty = the provider's own.
    public var createURLTemplate: String
    /// Empty = the provider's own.
    public var keyPattern: String
    /// The external project assumed for a bare key, such as `owner/repo`; empty = none.
    public var defaultExternalProject: String
    /// External projects that may be linked; empty = all the credential can see.
    public var allowedExternalProjects: [String]
    public var statusMap: [StatusMapping]
    /// Where the host shows a test object, see ``TextTemplate``; empty = issues get no link back.
    public var testObjectURLTemplate: String
    /// Whether a back-link may be a comment, where the tracker has nothing better. Comments notify people.
    public var allowsBackLinkComments: Bool
    /// What a new issue's title starts with, see ``TextTemplate``; empty = nothing.
    public var issueTitleTemplate: String
    /// What a new issue's description starts with; empty = nothing.
    public var issueDescriptionTemplate: String
    public var availability: Availability
    public var isEnabled: Bool
    public var health: SourceHealth
    public let createdAt: Timestamp
    public let createdBy: PrincipalID
    public var updatedAt: Timestamp
    public var deletedAt: Timestamp?
    /// Grows by one with every change; the etag is made of it.
    public var revision: Int64

    /// Makes a new source with the provider's defaults; the caller fills in the rest.
    public init(
        id: SourceID, tenantID: TenantID, owner: Owner, providerID: ProviderID, displayName: String,
        baseURL: String, createdAt: Timestamp, createdBy: PrincipalID
    ) {
        self.id = id
        self.tenantID = tenantID
        self.owner = owner
        self.providerID = providerID
        self.displayName = displayName
        self.baseURL = baseURL
        apiBaseURL = ""
        authenticationMethod = .none
        authenticationSettings = [:]
        credentials = []
        switchedOff = []
        issueURLTemplate = ""
        createURLTemplate = ""
        keyPattern = ""
        defaultExternalProject = ""
        allowedExternalProjects = []
        statusMap = []
        testObjectURLTemplate = ""
        allowsBackLinkComments = false
        issueTitleTemplate = ""
        issueDescriptionTemplate = ""
        availability = .allProjects
        isEnabled = true
        health = SourceHealth()
        self.createdAt = createdAt
        self.createdBy = createdBy
        updatedAt = createdAt
        deletedAt = nil
        revision = 1
    }
}

extension IntegrationSource {
    /// Tells whether an external project may be linked and read through this source.
    public func allows(externalProject: String) -> Bool {
        allowedExternalProjects.isEmpty
            || allowedExternalProjects.contains { $0.lowercased() == externalProject.lowercased() }
    }

    /// Judges each capability a provider has or lacks for this source.
    public func capabilityStates(provider: ProviderDescription) -> [CapabilityState] {
        Capability.allCases.map { capability in
            if !provider.capabilities.contains(capability) {
                return CapabilityState(capability, .notSupported)
            }
            if switchedOff.contains(capability) { return CapabilityState(capability, .switchedOff) }
            if health.deniedCapabilities.contains(capability) {
                return CapabilityState(capability, .scopeMissing)
            }
            return CapabilityState(capability, isEnabled ? .available : .sourceDisabled)
        }
    }

    /// The category of a status: the admin's map first (exact name, type before any), then the provider's
    /// own.
    public func category(status: String, type: String, provider category: StatusCategory) -> StatusCategory {
        let named = statusMap.filter { $0.status == status }
        return (named.first { $0.type == type && !type.isEmpty } ?? named.first { $0.type.isEmpty })?.category
            ?? category
    }
}
