// SPDX-License-Identifier: Apache-2.0

/// A right inside one project. Each implies the ones below it.
public enum ProjectRole: String, Sendable, Hashable, CaseIterable, Comparable {
    /// May see links, issues and the redacted view of sources.
    case read
    /// May create links and change or delete their own.
    case link
    /// May manage the project's own sources and relations and everybody's links.
    case projectAdmin = "project_admin"

    private var rank: Int {
        switch self {
        case .read: 0
        case .link: 1
        case .projectAdmin: 2
        }
    }

    public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
}

/// Who calls, as the verified token says. Tenant and projects come from nowhere else.
public struct Caller: Sendable, Hashable {
    /// The only tenant this call may touch.
    public let tenantID: TenantID
    /// The token's subject.
    public let principalID: PrincipalID
    /// A name for people, if the token carries one.
    public let displayName: String?
    /// Whether the caller administers the whole tenant, which implies every role in every project.
    public let isTenantAdmin: Bool
    /// The highest role in each project the token names.
    public let projectRoles: [ProjectID: ProjectRole]
    /// What a service token may do when it acts for nobody, such as `webhook.ingest`.
    public let scopes: Set<String>

    /// Makes a caller out of verified claims.
    public init(
        tenantID: TenantID, principalID: PrincipalID, displayName: String? = nil, isTenantAdmin: Bool = false,
        projectRoles: [ProjectID: ProjectRole] = [:], scopes: Set<String> = []
    ) {
        self.tenantID = tenantID
        self.principalID = principalID
        self.displayName = displayName
        self.isTenantAdmin = isTenantAdmin
        self.projectRoles = projectRoles
        self.scopes = scopes
    }

    /// Tells whether the caller holds at least this role in the project.
    public func has(_ role: ProjectRole, in projectID: ProjectID) -> Bool {
        isTenantAdmin || projectRoles[projectID].map { $0 >= role } == true
    }

    /// Tells whether the caller administers any project at all.
    public var isAdminSomewhere: Bool {
        isTenantAdmin || projectRoles.values.contains(.projectAdmin)
    }

    /// Tells whether the caller holds at least this role in some project.
    public func hasSomewhere(_ role: ProjectRole) -> Bool {
        isTenantAdmin || projectRoles.values.contains { $0 >= role }
    }
}
