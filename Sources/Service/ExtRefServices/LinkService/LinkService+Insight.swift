// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
public import ExtRefMessages
import ExtRefStore
public import RPC

extension LinkService {
    public func findObjectsWithLinks(
        _ request: FindObjectsWithLinksRequest, context: CallContext
    ) async throws -> FindObjectsWithLinksResponse {
        let scope = try await begin(context)
        let projectID = try project(request.projectID, needing: .read, scope: scope)
        try requireBatchSize(request.objectIds.count, field: "object_ids", max: DomainLimits.guardObjectsMax)
        guard let kind = ObjectKind(request.objectKind) else {
            throw DomainError.invalid("object_kind", "must be a word of [a-z][a-z0-9_]{0,31}, such as result")
        }
        let type: SemanticType =
            request.semanticType == .unspecified
            ? .defect : try SemanticType(request.semanticType, field: "semantic_type", reason: .filterInvalid)
        let missing = try await environment.store.scan(scope.tenantID) { store in
            try store.links.withoutDefect(
                type, kind: kind, ids: request.objectIds, project: projectID, openOnly: request.openOnly)
        }
        let lacking = Set(missing)
        return FindObjectsWithLinksResponse(
            missingIds: missing, linkedIds: request.objectIds.filter { !lacking.contains($0) })
    }

    public func summarizeLinks(
        _ request: SummarizeLinksRequest, context: CallContext
    ) async throws -> SummarizeLinksResponse {
        let scope = try await begin(context)
        let projectID = try project(request.projectID, needing: .read, scope: scope)
        let object = try request.object.map { try TestObject($0, field: "object") }
        return try await environment.store.scan(scope.tenantID) { store in
            let issues = try store.links.issueCounts(project: projectID, under: object)
            var response = SummarizeLinksResponse()
            for count in try store.links.summary(project: projectID, under: object) {
                response.linkCount += Int64(count.links)
                response.byRelation[count.relationID.rawValue, default: 0] += Int64(count.links)
                response.bySource[count.sourceID?.rawValue ?? "", default: 0] += Int64(count.links)
                response.byStatusCategory[count.category.rawValue, default: 0] += Int64(count.links)
            }
            response.issueCount = Int64(issues.issues)
            response.defectCount = Int64(issues.defects)
            response.openDefectCount = Int64(issues.openDefects)
            return response
        }
    }
}
