// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
public import ExtRefMessages
import ExtRefStore
public import RPC

extension LinkService {
    public func updateLink(
        _ request: UpdateLinkRequest, context: CallContext
    ) async throws -> UpdateLinkResponse {
        let scope = try await begin(context)
        let mutation = try Mutation(request, answering: UpdateLinkResponse.self, scope: scope)
        let fields = try FieldMask(request.updateMask, of: LinkField.self).fields
        let revision = try ETag.revision(request.etag)
        if fields.contains(.note), let problem = DraftResolver.noteProblem(request.note) {
            throw DomainError.invalid("note", problem)
        }
        return try await environment.commit(mutation) { [environment] store in
            let detail = try changeableLink(request.id, scope: scope, in: store)
            let configuration = try environment.configurations.snapshot(within: store)
            var edited = detail.link
            edited.updatedAt = scope.now
            if fields.contains(.note) { edited.note = request.note }
            if fields.contains(.relationID) {
                let choice = RelationChoice(
                    configuration: configuration, projectID: edited.projectID, caller: scope.caller)
                guard !request.relationID.isEmpty else {
                    throw DomainError.invalid("relation_id", "must name a relation")
                }
                edited.relationID = try choice.choose(
                    id: request.relationID, name: "", for: edited.object.kind, field: "link"
                ).id
            }
            let after = try store.links.update(edited, expectedRevision: revision ?? detail.link.revision)
            try Journal(scope, requestID: mutation.requestID, environment).link(detail.link, after, in: store)
            let writer = LinkWriter(configuration: configuration, now: scope.now)
            return UpdateLinkResponse(link: writer.message(after, issue: detail.issue))
        }
    }

    public func deleteLink(
        _ request: DeleteLinkRequest, context: CallContext
    ) async throws -> DeleteLinkResponse {
        let scope = try await begin(context)
        let mutation = try Mutation(request, answering: DeleteLinkResponse.self, scope: scope)
        let revision = try ETag.revision(request.etag)
        return try await environment.commit(mutation) { [environment] store in
            let detail = try changeableLink(request.id, scope: scope, in: store)
            let link = try store.links.delete(detail.link.id, expectedRevision: revision)
            try Journal(scope, requestID: mutation.requestID, environment).link(link, nil, in: store)
            return DeleteLinkResponse()
        }
    }

    public func batchDeleteLinks(
        _ request: BatchDeleteLinksRequest, context: CallContext
    ) async throws -> BatchDeleteLinksResponse {
        let scope = try await begin(context)
        let projectID = try project(request.projectID, needing: .link, scope: scope)
        try requireBatchSize(request.ids.count, field: "ids")
        let mutation = try Mutation(request, answering: BatchDeleteLinksResponse.self, scope: scope)
        return try await environment.commit(mutation) { [environment] store in
            let journal = Journal(scope, requestID: mutation.requestID, environment)
            var response = BatchDeleteLinksResponse()
            for id in request.ids {
                var result = DeleteLinkResult(id: id)
                do {
                    let detail = try changeableLink(id, field: "ids", scope: scope, in: store)
                    guard detail.link.projectID == projectID else {
                        throw DomainError.notFound(.linkNotFound, type: "Link", name: id)
                    }
                    try journal.link(
                        store.links.delete(detail.link.id, expectedRevision: nil), nil, in: store)
                    response.deletedCount += 1
                } catch let error as DomainError where !request.atomic {
                    result.error = ItemError(error)
                }
                response.results.append(result)
            }
            return response
        }
    }
}
