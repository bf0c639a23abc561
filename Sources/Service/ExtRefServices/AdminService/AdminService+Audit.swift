// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
public import ExtRefMessages
import ExtRefStore
public import RPC

extension AdminService {
    public func listAuditEntries(
        _ request: ListAuditEntriesRequest, context: CallContext
    ) async throws -> ListAuditEntriesResponse {
        let scope = try await begin(context)
        var project: ProjectID?
        if request.projectID.isEmpty {
            guard scope.caller.isTenantAdmin else {
                throw DomainError.invalid(
                    "project_id", "is required: only a Tenant Admin may read all of the tenant")
            }
        } else {
            let named = try ProjectID(request.projectID, field: "project_id")
            try scope.require(.projectAdmin, in: named)
            project = named
        }
        let start = try request.startTime.map { try Timestamp($0, field: "start_time") }
        let end = try request.endTime.map { try Timestamp($0, field: "end_time") }
        let page = try environment.page(of: request, scope: scope)
        return try await environment.store.read(scope.tenantID) { store in
            let found = try store.audit.list(
                project: project, resourceID: request.resourceID.isEmpty ? nil : request.resourceID,
                start: start, end: end,
                page: page)
            var response = ListAuditEntriesResponse()
            response.entries = found.items.map(Wire.AuditEntry.init)
            response.nextPageToken = try environment.nextPageToken(found.next, of: request, scope: scope)
            return response
        }
    }
}
