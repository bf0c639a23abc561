// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
public import ExtRefMessages
import ExtRefStore
public import RPC

extension LinkService {
    public func copyObjectLinks(
        _ request: CopyObjectLinksRequest, context: CallContext
    ) async throws -> CopyObjectLinksResponse {
        let scope = try await begin(context)
        let mutation = try Mutation(request, answering: CopyObjectLinksResponse.self, scope: scope)
        let route = try route(
            from: request.sourceProjectID, request.sourceObject, to: request.targetProjectID,
            request.targetObject, ancestors: request.targetAncestors, scope: scope)
        return try await environment.commit(mutation) { [environment] store in
            try requireUsableSources(route, in: store)
            let transfer = try store.links.copyAll(
                from: route.from, to: route.to, ancestors: route.ancestors, by: scope.caller.principalID,
                at: scope.now, makeID: { environment.makeID() })
            let journal = Journal(scope, requestID: mutation.requestID, environment)
            for link in transfer.arrived { try journal.link(nil, link, in: store) }
            return CopyObjectLinksResponse(
                linkCount: Int32(transfer.arrived.count), existedCount: Int32(transfer.alreadyThere))
        }
    }

    public func moveObjectLinks(
        _ request: MoveObjectLinksRequest, context: CallContext
    ) async throws -> MoveObjectLinksResponse {
        let scope = try await begin(context)
        let mutation = try Mutation(request, answering: MoveObjectLinksResponse.self, scope: scope)
        let route = try route(
            from: request.sourceProjectID, request.sourceObject, to: request.targetProjectID,
            request.targetObject, ancestors: request.targetAncestors, scope: scope)
        return try await environment.commit(mutation) { [environment] store in
            try requireUsableSources(route, in: store)
            let before = Dictionary(
                uniqueKeysWithValues: try store.links.all(of: route.from).map { ($0.id, $0) })
            let transfer = try store.links.moveAll(
                from: route.from, to: route.to, ancestors: route.ancestors, at: scope.now)
            let journal = Journal(scope, requestID: mutation.requestID, environment)
            for link in transfer.arrived { try journal.link(before[link.id] ?? link, link, in: store) }
            for link in transfer.removed { try journal.link(link, nil, in: store) }
            return MoveObjectLinksResponse(
                linkCount: Int32(transfer.arrived.count), existedCount: Int32(transfer.alreadyThere))
        }
    }

    public func deleteObjectLinks(
        _ request: DeleteObjectLinksRequest, context: CallContext
    ) async throws -> DeleteObjectLinksResponse {
        let scope = try await begin(context)
        let projectID = try project(request.projectID, needing: .link, scope: scope)
        let object = try TestObject(request.object, field: "object")
        let mutation = try Mutation(request, answering: DeleteObjectLinksResponse.self, scope: scope)
        return try await environment.commit(mutation) { [environment] store in
            let address = ObjectAddress(projectID: projectID, object: object)
            let doomed = try store.links.all(of: address, includesDescendants: request.includeDescendants)
            for link in doomed { try requireChange(of: link, scope: scope) }
            let journal = Journal(scope, requestID: mutation.requestID, environment)
            for link in try store.links.delete(doomed.map(\.id)) { try journal.link(link, nil, in: store) }
            return DeleteObjectLinksResponse(linkCount: Int32(doomed.count))
        }
    }

    /// From where to where links go; the caller needs `link` at both ends.
    private struct Route: Sendable {
        let from: ObjectAddress
        let to: ObjectAddress
        let ancestors: [TestObject]
    }

    private func route(
        from project: String, _ object: ObjectRef?, to targetProject: String, _ targetObject: ObjectRef?,
        ancestors: [ObjectRef], scope: CallScope
    ) throws -> Route {
        let fromProject = try self.project(project, field: "source_project_id", needing: .link, scope: scope)
        let toProject =
            targetProject.isEmpty
            ? fromProject
            : try self.project(targetProject, field: "target_project_id", needing: .link, scope: scope)
        let from = ObjectAddress(
            projectID: fromProject, object: try TestObject(object, field: "source_object"))
        let to = ObjectAddress(
            projectID: toProject, object: try TestObject(targetObject, field: "target_object"))
        guard from != to else { throw DomainError.invalid("target_object", "must be another object") }
        return Route(
            from: from, to: to, ancestors: try TestObject.ancestors(ancestors, field: "target_ancestors"))
    }

    /// Links may only go to a project that may use their sources: else a move would open a tracker to it.
    private func requireUsableSources(_ route: Route, in store: WriteContext) throws {
        guard route.from.projectID != route.to.projectID else { return }
        let configuration = try environment.configurations.snapshot(within: store)
        for link in try store.links.all(of: route.from) {
            guard let id = link.target.sourceID else { continue }
            guard let source = configuration.sources[id], source.isUsable(in: route.to.projectID) else {
                throw DomainError.precondition(
                    .sourceNotAvailable, subject: id.rawValue,
                    "A link's source is not available to project '\(route.to.projectID)'.")
            }
        }
    }
}
