// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
public import ExtRefMessages
import ExtRefStore
import RPC
import RPCMessages

/// Links between test objects and issues: what members and other services use.
public struct LinkService: LinkServiceHandler {
    let environment: ServiceEnvironment

    /// Makes the service.
    public init(_ environment: ServiceEnvironment) {
        self.environment = environment
    }

    /// Starts a call: reads its scope and makes sure that the tenant has its seeds.
    func begin(_ context: CallContext) async throws -> CallScope {
        let scope = try CallScope(context, now: environment.clock())
        try await environment.store.ensureSeeded(scope.tenantID, at: scope.now)
        return scope
    }

    /// Reads the project of a call, in which the caller must hold a role.
    func project(
        _ text: String, field: String = "project_id", needing role: ProjectRole, scope: CallScope
    ) throws(DomainError) -> ProjectID {
        let project = try ProjectID(text, field: field)
        try scope.require(role, in: project)
        return project
    }

    /// Finds a link the caller may see.
    func visibleLink(
        _ text: String, field: String = "id", scope: CallScope, in store: StoreContext<some StoreAccess>
    ) throws -> LinkDetail {
        guard !text.isEmpty else { throw DomainError.invalid(field, "must be the id of a link") }
        guard let id = LinkID(text), let detail = try store.links.detail(id),
            scope.caller.has(.read, in: detail.link.projectID)
        else { throw DomainError.notFound(.linkNotFound, type: "Link", name: text) }
        return detail
    }

    /// Finds a link the caller may change: an admin any, others their own.
    func changeableLink(
        _ text: String, field: String = "id", scope: CallScope, in store: WriteContext
    ) throws -> LinkDetail {
        let detail = try visibleLink(text, field: field, scope: scope, in: store)
        try requireChange(of: detail.link, scope: scope)
        return detail
    }

    /// Judges who may change or delete a link.
    func requireChange(of link: Link, scope: CallScope) throws(DomainError) {
        if scope.caller.has(.projectAdmin, in: link.projectID) { return }
        try scope.require(.link, in: link.projectID)
        guard link.createdBy == scope.caller.principalID else {
            throw .denied("Only its creator or a Project Admin may change this link.")
        }
    }

    /// Reads how old an issue's state may be; nil = whatever is cached.
    func maxAge(_ message: GoogleDuration?) throws(DomainError) -> Duration? {
        guard let message else { return nil }
        guard let age = message.duration, age >= .zero else {
            throw .invalid("max_age", "must not be negative; 0 asks the tracker now")
        }
        return age
    }
}
