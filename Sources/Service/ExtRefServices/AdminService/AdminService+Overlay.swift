// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
public import ExtRefMessages
import ExtRefStore
public import RPC

extension AdminService {
    public func setProjectOverlay(
        _ request: SetProjectOverlayRequest, context: CallContext
    ) async throws -> SetProjectOverlayResponse {
        let scope = try await begin(context)
        let mutation = try Mutation(request, answering: SetProjectOverlayResponse.self, scope: scope)
        let project = try ProjectID(request.projectID, field: "project_id")
        try scope.require(.projectAdmin, in: project)
        let message = request.overlay ?? Wire.ProjectOverlay()
        guard message.defaultExternalProject.unicodeScalars.count <= DomainLimits.keyScalarsMax else {
            throw DomainError.invalid(
                "overlay.default_external_project", "must be at most \(DomainLimits.keyScalarsMax) characters"
            )
        }
        let revision = try ETag.revision(message.etag, field: "overlay.etag")
        return try await environment.commit(mutation) { [environment] store in
            let target = try overlayTarget(request, project: project, scope: scope, in: store)
            let before = try store.overlays.get(project: project, target: target)
            let wanted = ProjectOverlay(
                tenantID: scope.tenantID, projectID: project, target: target, isHidden: message.hidden,
                defaultExternalProject: trimmed(message.defaultExternalProject), isDefault: message.isDefault,
                updatedAt: scope.now)
            let after = try store.overlays.set(wanted, expectedRevision: revision)
            try Journal(scope, requestID: mutation.requestID, environment).overlay(before, after, in: store)
            var response = SetProjectOverlayResponse()
            response.overlay = Wire.ProjectOverlay(after)
            return response
        }
    }

    private func overlayTarget(
        _ request: SetProjectOverlayRequest, project: ProjectID, scope: CallScope, in store: WriteContext
    ) throws -> ProjectOverlay.Target {
        switch request.target {
        case nil: throw DomainError.invalid("target", "must be source_id or relation_id")
        case .sourceID(let id):
            let source = try visibleSource(id, field: "source_id", scope: scope, in: store)
            guard source.isUsable(in: project) else {
                throw DomainError.notFound(.sourceNotFound, type: "Source", name: id)
            }
            return .source(source.id)
        case .relationID(let id):
            let relation = try visibleRelation(id, field: "relation_id", scope: scope, in: store)
            guard relation.isUsable(in: project) else {
                throw DomainError.notFound(.relationNotFound, type: "Relation", name: id)
            }
            return .relation(relation.id)
        }
    }
}
