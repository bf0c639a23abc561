// SPDX-License-Identifier: Apache-2.0

/// What a project changes for itself on a source or relation that it can use but may not own.
public struct ProjectOverlay: Sendable, Hashable {
    /// What the overlay lies on.
    public enum Target: Sendable, Hashable {
        case source(SourceID)
        case relation(RelationID)
    }

    public let tenantID: TenantID
    public let projectID: ProjectID
    public let target: Target
    /// Not offered to members of this project; old links stay.
    public var isHidden: Bool
    /// For sources: replaces the source's own default external project here; empty = not replaced.
    public var defaultExternalProject: String
    /// Offered first in this project; at most one source and one relation are.
    public var isDefault: Bool
    public var updatedAt: Timestamp
    public var revision: Int64

    public init(
        tenantID: TenantID, projectID: ProjectID, target: Target, isHidden: Bool = false,
        defaultExternalProject: String = "", isDefault: Bool = false, updatedAt: Timestamp,
        revision: Int64 = 1
    ) {
        self.tenantID = tenantID
        self.projectID = projectID
        self.target = target
        self.isHidden = isHidden
        self.defaultExternalProject = defaultExternalProject
        self.isDefault = isDefault
        self.updatedAt = updatedAt
        self.revision = revision
    }
}
