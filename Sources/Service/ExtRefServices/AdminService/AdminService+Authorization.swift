// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import ExtRefStore

extension AdminService {
    /// Judges who may create something for an owner.
    func authorizeCreation(of owner: Owner, scope: CallScope) throws(DomainError) {
        switch owner {
        case .tenant:
            guard scope.caller.isTenantAdmin else {
                throw .denied(
                    "Only a Tenant Admin may create this for the whole tenant. Name a project as owner.")
            }
        case .project(let id): try scope.require(.projectAdmin, in: id)
        }
    }

    /// Reads an optional project, which the caller must be allowed to read.
    func projectFilter(_ text: String, scope: CallScope) throws(DomainError) -> ProjectID? {
        guard !text.isEmpty else { return nil }
        let project = try ProjectID(text, field: "project_id")
        try scope.require(.read, in: project)
        return project
    }

    /// Reads the scope of a list: one project for its members, nil = all of the tenant for its admins.
    func listScope(_ text: String, scope: CallScope) throws(DomainError) -> ProjectID? {
        let project = try projectFilter(text, scope: scope)
        guard project != nil || scope.caller.isTenantAdmin else {
            throw .invalid("project_id", "is required: only a Tenant Admin may list all of the tenant")
        }
        return project
    }

    /// Finds a living source the caller may know of.
    func visibleSource(
        _ text: String, field: String = "id", scope: CallScope, in store: StoreContext<some StoreAccess>
    ) throws -> IntegrationSource {
        guard !text.isEmpty else { throw DomainError.invalid(field, "must be the id of a source") }
        guard let id = SourceID(text), let source = try store.sources.get(id), source.deletedAt == nil,
            source.isVisible(to: scope.caller)
        else { throw DomainError.notFound(.sourceNotFound, type: "Source", name: text) }
        return source
    }

    /// Finds a living source the caller may change.
    func manageableSource(
        _ text: String, field: String, scope: CallScope, in store: StoreContext<some StoreAccess>
    ) throws -> IntegrationSource {
        let source = try visibleSource(text, field: field, scope: scope, in: store)
        guard source.isManageable(by: scope.caller) else {
            throw DomainError.denied("Only an admin of its owner may change source '\(text)'.")
        }
        return source
    }

    /// Finds a living relation the caller may know of.
    func visibleRelation(
        _ text: String, field: String = "id", scope: CallScope, in store: StoreContext<some StoreAccess>
    ) throws -> Relation {
        guard !text.isEmpty else { throw DomainError.invalid(field, "must be the id of a relation") }
        guard let id = RelationID(text), let relation = try store.relations.get(id),
            relation.deletedAt == nil,
            relation.isVisible(to: scope.caller)
        else { throw DomainError.notFound(.relationNotFound, type: "Relation", name: text) }
        return relation
    }

    /// Finds a living relation the caller may change.
    func manageableRelation(
        _ text: String, field: String, scope: CallScope, in store: StoreContext<some StoreAccess>
    ) throws -> Relation {
        let relation = try visibleRelation(text, field: field, scope: scope, in: store)
        guard relation.isManageable(by: scope.caller) else {
            throw DomainError.denied("Only an admin of its owner may change relation '\(text)'.")
        }
        return relation
    }
}
