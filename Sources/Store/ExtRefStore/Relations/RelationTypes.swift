// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// Which relations a list shows.
public struct RelationFilter: Sendable, Hashable {
    /// Those that members of this project may use.
    public var usableIn: ProjectID?
    /// Those of this owner.
    public var owner: Owner?
    /// Those that may start from an object of this kind.
    public var objectKind: ObjectKind?
    /// Whether switched-off ones are shown too.
    public var includesDisabled = true
    /// Whether deleted ones that links still show are shown too.
    public var includesDeleted = false

    /// Shows every living relation.
    public init(
        usableIn: ProjectID? = nil, owner: Owner? = nil, objectKind: ObjectKind? = nil,
        includesDisabled: Bool = true, includesDeleted: Bool = false
    ) {
        self.usableIn = usableIn
        self.owner = owner
        self.objectKind = objectKind
        self.includesDisabled = includesDisabled
        self.includesDeleted = includesDeleted
    }
}

/// What deleting a relation did.
public struct RelationDeletion: Sendable, Hashable {
    public let deletion: Deletion
    /// Links that have the replacement now, as they are.
    public let repointed: [Link]
    /// Links that were deleted because a twin with the replacement was there already.
    public let removed: [Link]
}
