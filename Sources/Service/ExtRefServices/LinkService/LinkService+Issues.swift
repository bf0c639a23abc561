// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
public import ExtRefMessages
import ExtRefStore
import ExtRefSync
public import RPC

extension LinkService {
    public func getIssue(_ request: GetIssueRequest, context: CallContext) async throws -> GetIssueResponse {
        let scope = try await begin(context)
        let maxAge = try maxAge(request.maxAge)
        if let maxAge {
            let issue = try await environment.store.read(scope.tenantID) {
                try visibleIssue(request.id, scope: scope, in: $0)
            }
            try await refreshStale([issue], maxAge: maxAge, scope: scope)
        }
        return try await environment.store.read(scope.tenantID) { store in
            let issue = try visibleIssue(request.id, scope: scope, in: store)
            environment.views.note(issue, at: scope.now)
            return GetIssueResponse(issue: Issue(issue, now: scope.now, maxAge: maxAge))
        }
    }

    public func listIssues(
        _ request: ListIssuesRequest, context: CallContext
    ) async throws -> ListIssuesResponse {
        let scope = try await begin(context)
        let projectID = try project(request.projectID, needing: .read, scope: scope)
        var filter = IssueFilter(linkedIn: projectID)
        if let object = request.object { filter.under = try TestObject(object, field: "object") }
        if !request.sourceID.isEmpty {
            guard let id = SourceID(request.sourceID) else {
                throw DomainError.invalid("source_id", "must be the id of a source", reason: .filterInvalid)
            }
            filter.sourceID = id
        }
        filter.statusCategories = Set(
            try StatusCategory.all(
                request.statusCategories, field: "status_categories", reason: .filterInvalid))
        let page = try environment.page(of: request, scope: scope)
        return try await environment.store.read(scope.tenantID) { [filter] store in
            let found = try store.issues.list(filter, page: page)
            return ListIssuesResponse(
                issues: found.items.map {
                    LinkedIssue(issue: Issue($0.issue, now: scope.now), linkCount: Int32($0.links))
                },
                nextPageToken: try environment.nextPageToken(found.next, of: request, scope: scope))
        }
    }

    public func refreshIssues(
        _ request: RefreshIssuesRequest, context: CallContext
    ) async throws -> RefreshIssuesResponse {
        let scope = try await begin(context)
        let projectID = try project(request.projectID, needing: .link, scope: scope)
        try requireBatchSize(request.ids.count, field: "ids", max: ServiceLimits.refreshIssuesMax)
        let known = try await environment.store.read(scope.tenantID) { store in
            try request.ids.map { id in
                try LinkedIssueLookup(caller: scope.caller, projects: [projectID]).find(id, in: store)
            }
        }
        let refreshed = try await IssueRefresh(environment: environment, scope: scope).run(
            known.compactMap(\.self))
        return RefreshIssuesResponse(
            results: zip(request.ids, known).map { id, issue in
                guard let issue, let outcome = refreshed[issue.id] else {
                    return RefreshIssueResult(
                        id: id, error: ItemError(.notFound(.issueNotFound, type: "Issue", name: id)))
                }
                return RefreshIssueResult(
                    id: id, issue: Issue(outcome.issue, now: scope.now),
                    error: outcome.error.map { ItemError(DomainError($0)) })
            })
    }

    /// Finds an issue that some link in a project the caller may read points to.
    func visibleIssue(
        _ text: String, field: String = "id", scope: CallScope, in store: ReadContext
    ) throws -> ExternalIssue {
        guard !text.isEmpty else { throw DomainError.invalid(field, "must be the id of an issue") }
        let projects = scope.caller.isTenantAdmin ? nil : Array(scope.caller.projectRoles.keys)
        guard
            let issue = try LinkedIssueLookup(caller: scope.caller, projects: projects).find(text, in: store)
        else {
            throw DomainError.notFound(.issueNotFound, type: "Issue", name: text)
        }
        return issue
    }

    /// Reads again what is older than the caller tolerates; a tracker's failure leaves the last good state.
    func refreshStale(_ issues: [ExternalIssue], maxAge: Duration, scope: CallScope) async throws {
        let stale = issues.filter { $0.isStale(at: scope.now, maxAge: maxAge) }
        guard !stale.isEmpty else { return }
        _ = try await IssueRefresh(environment: environment, scope: scope)
            .run(Array(stale.prefix(ServiceLimits.refreshIssuesMax)))
    }
}

/// Finds issues through links: a shared credential may see more than a member of a project should.
struct LinkedIssueLookup {
    let caller: Caller
    /// Where a link must lie; nil = anywhere in the tenant.
    let projects: [ProjectID]?

    /// Finds an issue; nil when it does not exist or no such link points to it.
    func find(_ text: String, in store: ReadContext) throws -> ExternalIssue? {
        guard let id = IssueID(text), let issue = try store.issues.get(id) else { return nil }
        guard let projects else { return issue }
        let isLinked = try projects.contains { project in
            var filter = LinkFilter(projectID: project)
            filter.issueID = id
            return try !store.links.list(filter, page: PageRequest(size: 1)).items.isEmpty
        }
        return isLinked ? issue : nil
    }
}
