// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
public import ExtRefMessages
import ExtRefStore
public import RPC

extension AdminService {
    public func createRelation(
        _ request: CreateRelationRequest, context: CallContext
    ) async throws -> CreateRelationResponse {
        let scope = try await begin(context)
        let mutation = try Mutation(
            request, answering: CreateRelationResponse.self, scope: scope, validateOnly: request.validateOnly)
        let message = request.relation ?? Wire.Relation()
        let owner = try Owner(message.owner, field: "relation.owner")
        try authorizeCreation(of: owner, scope: scope)
        var relation = Relation(
            id: environment.makeID(), tenantID: scope.tenantID, owner: owner, name: "",
            semanticType: .general,
            createdAt: scope.now, createdBy: scope.caller.principalID)
        try relation.apply(message, fields: Set(RelationField.allCases))
        return try await environment.commit(mutation) { [relation, environment] store in
            try store.relations.insert(relation)
            try Journal(scope, requestID: mutation.requestID, environment).relation(nil, relation, in: store)
            var response = CreateRelationResponse()
            response.relation = Wire.Relation(relation, overlay: nil)
            return response
        }
    }

    public func getRelation(
        _ request: GetRelationRequest, context: CallContext
    ) async throws -> GetRelationResponse {
        let scope = try await begin(context)
        let project = try projectFilter(request.projectID, scope: scope)
        return try await environment.store.read(scope.tenantID) { store in
            let relation = try visibleRelation(request.id, scope: scope, in: store)
            let overlay = try project.flatMap {
                try store.overlays.get(project: $0, target: .relation(relation.id))
            }
            var response = GetRelationResponse()
            response.relation = Wire.Relation(relation, overlay: overlay)
            return response
        }
    }

    public func listRelations(
        _ request: ListRelationsRequest, context: CallContext
    ) async throws -> ListRelationsResponse {
        let scope = try await begin(context)
        let project = try listScope(request.projectID, scope: scope)
        let page = try environment.page(of: request, scope: scope)
        return try await environment.store.read(scope.tenantID) { store in
            let configuration = try environment.configurations.snapshot(store)
            let found = RelationPage(
                configuration: configuration, project: project, showsAll: request.showDisabled, page: page)
            var response = ListRelationsResponse()
            response.relations = found.relations.map { relation in
                Wire.Relation(
                    relation,
                    overlay: project.flatMap { configuration.overlay(.relation(relation.id), in: $0) })
            }
            response.nextPageToken = try environment.nextPageToken(found.next, of: request, scope: scope)
            return response
        }
    }

    public func updateRelation(
        _ request: UpdateRelationRequest, context: CallContext
    ) async throws -> UpdateRelationResponse {
        let scope = try await begin(context)
        let mutation = try Mutation(
            request, answering: UpdateRelationResponse.self, scope: scope, validateOnly: request.validateOnly)
        let message = request.relation ?? Wire.Relation()
        let fields = try FieldMask(request.updateMask, of: RelationField.self).fields
        let revision = try ETag.revision(message.etag, field: "relation.etag")
        return try await environment.commit(mutation) { [environment] store in
            let before = try manageableRelation(message.id, field: "relation.id", scope: scope, in: store)
            guard !before.isSystemDefined else { throw DomainError.systemDefined(before) }
            var edited = before
            edited.updatedAt = scope.now
            try edited.apply(message, fields: fields)
            let after = try store.relations.update(edited, expectedRevision: revision ?? before.revision)
            try Journal(scope, requestID: mutation.requestID, environment).relation(before, after, in: store)
            var response = UpdateRelationResponse()
            response.relation = Wire.Relation(after, overlay: nil)
            return response
        }
    }

    public func enableRelation(
        _ request: EnableRelationRequest, context: CallContext
    ) async throws -> EnableRelationResponse {
        var response = EnableRelationResponse()
        response.relation = try await switchRelation(
            request, id: request.id, etag: request.etag, to: true, context)
        return response
    }

    public func disableRelation(
        _ request: DisableRelationRequest, context: CallContext
    ) async throws -> DisableRelationResponse {
        var response = DisableRelationResponse()
        response.relation = try await switchRelation(
            request, id: request.id, etag: request.etag, to: false, context)
        return response
    }

    private func switchRelation(
        _ request: some MutationRequest, id: String, etag: String, to isEnabled: Bool, _ context: CallContext
    ) async throws -> Wire.Relation? {
        let scope = try await begin(context)
        let mutation = try Mutation(request, answering: GetRelationResponse.self, scope: scope)
        let revision = try ETag.revision(etag)
        let answer = try await environment.commit(mutation) { [environment] store in
            let before = try manageableRelation(id, field: "id", scope: scope, in: store)
            let after = try store.relations.setEnabled(
                before.id, isEnabled, expectedRevision: revision, at: scope.now)
            try Journal(scope, requestID: mutation.requestID, environment).relation(before, after, in: store)
            var response = GetRelationResponse()
            response.relation = Wire.Relation(after, overlay: nil)
            return response
        }
        return answer.relation
    }
}

extension DomainError {
    static func systemDefined(_ relation: Relation) -> DomainError {
        .precondition(
            .relationSystemDefined, subject: relation.id.rawValue,
            "Relation '\(relation.name)' is system-defined: disable or hide it instead.")
    }
}
