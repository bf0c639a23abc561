// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import ExtRefStore

extension Wire.Owner {
    init(_ owner: Owner) {
        self.init()
        self.owner = owner.projectID.map { .projectID($0.rawValue) } ?? .tenant(true)
    }
}

extension Owner {
    /// Reads who shall own something; unset = the tenant.
    init(_ message: Wire.Owner?, field: String) throws(DomainError) {
        switch message?.owner {
        case nil, .tenant(true): self = .tenant
        case .tenant(false): throw .invalid(field + ".tenant", "must be true when it is set")
        case .projectID(let text): self = .project(try ProjectID(text, field: field + ".project_id"))
        }
    }
}

extension Wire.Availability {
    init(_ availability: Availability) {
        self.init()
        switch availability {
        case .allProjects: allProjects = true
        case .projects(let ids): projectIds = ids.map(\.rawValue).sorted()
        }
    }
}

extension Availability {
    /// Reads which projects may use something; unset = all.
    init(_ message: Wire.Availability?, field: String) throws(DomainError) {
        guard let message, !message.allProjects else {
            self = .allProjects
            return
        }
        guard message.projectIds.count <= DomainLimits.availabilityProjectsMax else {
            throw .invalid(
                field + ".project_ids", "must name at most \(DomainLimits.availabilityProjectsMax) projects")
        }
        var ids = Set<ProjectID>()
        for (index, text) in message.projectIds.enumerated() {
            ids.insert(try ProjectID(text, field: "\(field).project_ids[\(index)]"))
        }
        self = .projects(ids)
    }
}

extension HostIdentifier {
    /// Reads an id of the host, or names the field that is none.
    init(_ text: String, field: String) throws(DomainError) {
        guard let id = Self(text) else {
            throw .invalid(field, "must be 1 to \(DomainLimits.hostIDScalarsMax) visible ASCII characters")
        }
        self = id
    }
}

extension ExtRefMessages.ProjectUsage {
    init(_ usage: ExtRefStore.ProjectUsage) {
        self.init()
        projectID = usage.projectID.rawValue
        linkCount = Int64(usage.links)
    }
}

extension Wire.ProjectOverlay {
    init(_ overlay: ProjectOverlay) {
        self.init()
        hidden = overlay.isHidden
        defaultExternalProject = overlay.defaultExternalProject
        isDefault = overlay.isDefault
        etag = ETag.text(overlay.revision)
    }
}

extension ExtRefMessages.LifecycleState {
    init(_ administered: some Administered) {
        self = administered.deletedAt != nil ? .deleted : administered.isEnabled ? .enabled : .disabled
    }
}
