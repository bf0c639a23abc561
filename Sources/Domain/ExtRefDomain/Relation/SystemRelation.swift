// SPDX-License-Identifier: Apache-2.0

/// A relation that every tenant has from its first call on.
public struct SystemRelation: Sendable, Hashable {
    public let name: String
    public let inverseName: String
    public let semanticType: SemanticType
    public let oslcURI: String
    public let color: String

    /// The seeds, in list order. The URIs are the four change-request links of OSLC Quality Management 2.1;
    /// it has none that means "defect".
    public static let all: [SystemRelation] = [
        SystemRelation(
            name: "Relates to", inverseName: "Relates to", semanticType: .general,
            oslcURI: "http://open-services.net/ns/qm#relatedChangeRequest", color: "#6b7280"),
        SystemRelation(
            name: "Tests", inverseName: "Tested by", semanticType: .general,
            oslcURI: "http://open-services.net/ns/qm#testsChangeRequest", color: "#2563eb"),
        SystemRelation(
            name: "Affected by", inverseName: "Affects", semanticType: .general,
            oslcURI: "http://open-services.net/ns/qm#affectedByChangeRequest", color: "#d97706"),
        SystemRelation(
            name: "Blocked by", inverseName: "Blocks", semanticType: .general,
            oslcURI: "http://open-services.net/ns/qm#blockedByChangeRequest", color: "#7c3aed"),
        SystemRelation(
            name: "Defect", inverseName: "Defect of", semanticType: .defect, oslcURI: "", color: "#dc2626"),
    ]

    /// Makes the tenant's own row of this seed.
    public func relation(
        id: RelationID, tenantID: TenantID, sortOrder: Int32, createdAt: Timestamp, createdBy: PrincipalID
    ) -> Relation {
        var relation = Relation(
            id: id, tenantID: tenantID, owner: .tenant, name: name, semanticType: semanticType,
            isSystemDefined: true, createdAt: createdAt, createdBy: createdBy)
        relation.inverseName = inverseName
        relation.oslcURI = oslcURI
        relation.color = color
        relation.sortOrder = sortOrder
        return relation
    }
}
