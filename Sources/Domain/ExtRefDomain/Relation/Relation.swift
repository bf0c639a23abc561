// SPDX-License-Identifier: Apache-2.0

/// Whether links of a relation count as defects in reports and close guards.
public enum SemanticType: String, Sendable, Hashable, CaseIterable {
    case general
    case defect
}

/// What a link means, as admins name it: "Relates to", "Defect", "Blocks".
public struct Relation: Administered, Hashable {
    public let id: RelationID
    public let tenantID: TenantID
    public var owner: Owner
    /// Read from the test object's side; unique among the living ones of an owner.
    public var name: String
    /// Read from the side, such as "Blocked by"; empty = the same word.
    public var inverseName: String
    public var semanticType: SemanticType
    /// The OSLC Quality Management link type, if one fits.
    public var oslcURI: String
    /// `#rrggbb`, or empty.
    public var color: String
    /// Position in lists; ties go by name.
    public var sortOrder: Int32
    /// Kinds of test objects it may start from; empty = every kind.
    public var allowedObjectKinds: Set<ObjectKind>
    public var availability: Availability
    public var isEnabled: Bool
    /// Seeded with the tenant: it may be disabled and hidden, never edited or deleted.
    public let isSystemDefined: Bool
    public let createdAt: Timestamp
    public let createdBy: PrincipalID
    public var updatedAt: Timestamp
    public var deletedAt: Timestamp?
    /// Grows by one with every change; the etag is made of it.
    public var revision: Int64

    /// Makes a new relation, enabled and available to all projects.
    public init(
        id: RelationID, tenantID: TenantID, owner: Owner, name: String, semanticType: SemanticType,
        isSystemDefined: Bool = false, createdAt: Timestamp, createdBy: PrincipalID
    ) {
        self.id = id
        self.tenantID = tenantID
        self.owner = owner
        self.name = name
        inverseName = ""
        self.semanticType = semanticType
        oslcURI = ""
        color = ""
        sortOrder = 0
        allowedObjectKinds = []
        availability = .allProjects
        isEnabled = true
        self.isSystemDefined = isSystemDefined
        self.createdAt = createdAt
        self.createdBy = createdBy
        updatedAt = createdAt
        deletedAt = nil
        revision = 1
    }

    /// Tells whether a link of this relation may start from an object of this kind.
    public func allows(_ kind: ObjectKind) -> Bool {
        allowedObjectKinds.isEmpty || allowedObjectKinds.contains(kind)
    }
}
