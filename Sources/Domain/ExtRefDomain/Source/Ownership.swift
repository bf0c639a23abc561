// SPDX-License-Identifier: Apache-2.0

/// Who administers a source or relation.
public enum Owner: Sendable, Hashable {
    case tenant
    case project(ProjectID)

    /// The owning project, if it is one.
    public var projectID: ProjectID? {
        if case .project(let id) = self { id } else { nil }
    }
}

/// Which projects may use a source or relation.
public enum Availability: Sendable, Hashable {
    case allProjects
    case projects(Set<ProjectID>)
}

/// Something an admin defines and projects use: a source or a relation.
public protocol Administered: Sendable {
    var owner: Owner { get }
    var availability: Availability { get }
    var isEnabled: Bool { get }
    /// When it was deleted while links still showed it; nil while it lives.
    var deletedAt: Timestamp? { get }
}

extension Administered {
    /// Tells whether members of the project may see and use it, whatever its switch says.
    public func isUsable(in projectID: ProjectID) -> Bool {
        if let owningProject = owner.projectID { return owningProject == projectID }
        switch availability {
        case .allProjects: return true
        case .projects(let listed): return listed.contains(projectID)
        }
    }

    /// Tells whether the caller may edit, switch and delete it.
    public func isManageable(by caller: Caller) -> Bool {
        switch owner {
        case .tenant: caller.isTenantAdmin
        case .project(let id): caller.has(.projectAdmin, in: id)
        }
    }

    /// Tells whether the caller may know that it exists.
    public func isVisible(to caller: Caller) -> Bool {
        caller.isTenantAdmin || caller.projectRoles.keys.contains { isUsable(in: $0) }
    }
}
