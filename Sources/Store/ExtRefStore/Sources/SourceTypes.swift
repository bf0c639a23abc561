// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// Which sources a list shows.
public struct SourceFilter: Sendable, Hashable {
    /// Those that members of this project may use.
    public var usableIn: ProjectID?
    /// Those of this owner.
    public var owner: Owner?
    /// Those of this provider.
    public var providerID: ProviderID?
    /// Whether switched-off ones are shown too.
    public var includesDisabled = true
    /// Whether deleted ones that links still show are shown too.
    public var includesDeleted = false

    /// Shows every living source.
    public init(
        usableIn: ProjectID? = nil, owner: Owner? = nil, providerID: ProviderID? = nil,
        includesDisabled: Bool = true, includesDeleted: Bool = false
    ) {
        self.usableIn = usableIn
        self.owner = owner
        self.providerID = providerID
        self.includesDisabled = includesDisabled
        self.includesDeleted = includesDeleted
    }
}

/// One field of a source's credential, sealed: the store cannot read it.
public struct SealedCredential: Sendable, Hashable {
    /// The field's name, as in `AuthenticationField`.
    public let name: String
    public let sealed: [UInt8]
    public let setAt: Timestamp
    public let setBy: PrincipalID
    public let expiresAt: Timestamp?

    public init(
        name: String, sealed: [UInt8], setAt: Timestamp, setBy: PrincipalID, expiresAt: Timestamp? = nil
    ) {
        self.name = name
        self.sealed = sealed
        self.setAt = setAt
        self.setBy = setBy
        self.expiresAt = expiresAt
    }
}

/// How many links of a project use a source or relation.
public struct ProjectUsage: Sendable, Hashable {
    public let projectID: ProjectID
    /// At least 1.
    public let links: Int

    public init(projectID: ProjectID, links: Int) {
        self.projectID = projectID
        self.links = links
    }
}

/// What deleting a source or relation did.
public enum Deletion: Sendable, Hashable {
    /// Nothing used it: it is gone.
    case erased
    /// So many links still show it: a tombstone stays, its name is free again.
    case retired(links: Int)
}
