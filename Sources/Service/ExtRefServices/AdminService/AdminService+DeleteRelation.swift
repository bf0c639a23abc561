// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
public import ExtRefMessages
import ExtRefStore
public import RPC

extension AdminService {
    public func deleteRelation(
        _ request: DeleteRelationRequest, context: CallContext
    ) async throws -> DeleteRelationResponse {
        let scope = try await begin(context)
        let mutation = try Mutation(
            request, answering: DeleteRelationResponse.self, scope: scope, validateOnly: request.validateOnly)
        let revision = try ETag.revision(request.etag)
        return try await environment.commit(mutation) { [environment] store in
            let relation = try manageableRelation(request.id, field: "id", scope: scope, in: store)
            guard !relation.isSystemDefined else { throw DomainError.systemDefined(relation) }
            let usage = try store.relations.usage(of: relation.id)
            let replacement = try replacement(
                request.replacementID, for: relation, usage: usage, scope, in: store)
            let deletion = try store.relations.delete(
                relation.id, replacement: replacement?.id, expectedRevision: revision, at: scope.now)
            let journal = Journal(scope, requestID: mutation.requestID, environment)
            for link in deletion.repointed {
                var before = link
                before.relationID = relation.id
                try journal.link(before, link, in: store)
            }
            for link in deletion.removed { try journal.link(link, nil, in: store) }
            try journal.relation(relation, nil, in: store)
            var response = DeleteRelationResponse()
            response.usage = usage.map(ExtRefMessages.ProjectUsage.init)
            return response
        }
    }

    private func replacement(
        _ text: String, for relation: Relation, usage: [ExtRefStore.ProjectUsage], _ scope: CallScope,
        in store: WriteContext
    ) throws -> Relation? {
        guard !usage.isEmpty else { return nil }
        guard usage.allSatisfy({ scope.caller.has(.projectAdmin, in: $0.projectID) }) else {
            throw DomainError.denied("The relation has links in projects you do not administer.")
        }
        guard !text.isEmpty else {
            throw DomainError.precondition(
                .relationInUse, subject: relation.id.rawValue,
                "Relation '\(relation.name)' has \(usage.linkCount) links. Name a replacement_id for them.",
                metadata: usage.metadata(visibleTo: scope.caller))
        }
        let replacement = try visibleRelation(text, field: "replacement_id", scope: scope, in: store)
        guard replacement.id != relation.id else {
            throw DomainError.invalid("replacement_id", "must be another relation")
        }
        guard usage.allSatisfy({ replacement.isUsable(in: $0.projectID) }) else {
            throw DomainError.invalid(
                "replacement_id", "must be available to every project that has such links")
        }
        return replacement
    }
}
