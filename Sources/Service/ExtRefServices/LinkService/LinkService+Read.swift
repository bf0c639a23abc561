// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
public import ExtRefMessages
import ExtRefStore
import ExtRefSync
public import RPC

extension LinkService {
    public func getLink(_ request: GetLinkRequest, context: CallContext) async throws -> GetLinkResponse {
        let scope = try await begin(context)
        let maxAge = try maxAge(request.maxAge)
        if let maxAge {
            let detail = try await environment.store.read(scope.tenantID) {
                try visibleLink(request.id, scope: scope, in: $0)
            }
            if let issue = detail.issue { try await refreshStale([issue], maxAge: maxAge, scope: scope) }
        }
        return try await environment.store.read(scope.tenantID) { store in
            let detail = try visibleLink(request.id, scope: scope, in: store)
            let writer = LinkWriter(
                configuration: try environment.configurations.snapshot(store), now: scope.now, maxAge: maxAge)
            detail.issue.map { environment.views.note($0, at: scope.now) }
            return GetLinkResponse(link: writer.message(detail))
        }
    }

    public func listLinks(_ request: ListLinksRequest, context: CallContext) async throws -> ListLinksResponse
    {
        let scope = try await begin(context)
        let filter = try LinkFilter(
            request, projectID: project(request.projectID, needing: .read, scope: scope))
        let page = try environment.page(of: request, scope: scope)
        let maxAge = try maxAge(request.maxAge)
        if let maxAge {
            let issues = try await environment.store.read(scope.tenantID) {
                try $0.links.list(filter, page: page).items.compactMap(\.issue)
            }
            try await refreshStale(issues, maxAge: maxAge, scope: scope)
        }
        return try await environment.store.read(scope.tenantID) { store in
            let found = try store.links.list(filter, page: page)
            let writer = LinkWriter(
                configuration: try environment.configurations.snapshot(store), now: scope.now, maxAge: maxAge)
            for issue in found.items.compactMap(\.issue) { environment.views.note(issue, at: scope.now) }
            return ListLinksResponse(
                links: found.items.map(writer.message),
                nextPageToken: try environment.nextPageToken(found.next, of: request, scope: scope))
        }
    }

    public func batchListObjectLinks(
        _ request: BatchListObjectLinksRequest, context: CallContext
    ) async throws -> BatchListObjectLinksResponse {
        let scope = try await begin(context)
        let projectID = try project(request.projectID, needing: .read, scope: scope)
        try requireBatchSize(request.objects.count, field: "objects", max: DomainLimits.badgeObjectsMax)
        let objects = try request.objects.enumerated().map { index, object in
            try TestObject(object, field: "objects[\(index)]")
        }
        return try await environment.store.read(scope.tenantID) { store in
            let writer = LinkWriter(
                configuration: try environment.configurations.snapshot(store), now: scope.now)
            let found = try store.links.byObject(
                objects, project: projectID, includesDescendants: request.includeDescendants)
            return BatchListObjectLinksResponse(
                objects: objects.map { writer.objectLinks($0, found[$0] ?? []) })
        }
    }
}

extension LinkWriter {
    /// Writes the badge of one object.
    func objectLinks(_ object: TestObject, _ details: [LinkDetail]) -> ObjectLinks {
        let openDefects = details.filter { detail in
            configuration.relations[detail.link.relationID]?.semanticType == .defect
                && detail.issue?.statusCategory.isClosed != true
        }
        return ObjectLinks(
            object: ObjectRef(object),
            links: details.prefix(ServiceLimits.objectLinksMax).map { message($0) },
            totalCount: Int32(details.count), openDefectCount: Int32(openDefects.count))
    }
}

extension LinkFilter {
    /// Reads the filter of a list request.
    init(_ request: ListLinksRequest, projectID: ProjectID) throws(DomainError) {
        self.init(projectID: projectID)
        if let object = request.object { self.object = try TestObject(object, field: "object") }
        guard !request.includeDescendants || object != nil else {
            throw .invalid("include_descendants", "needs object")
        }
        includesDescendants = request.includeDescendants
        if !request.sourceID.isEmpty {
            sourceID = try Self.id(request.sourceID, field: "source_id", .sourceNotFound)
        }
        if !request.issueID.isEmpty {
            issueID = try Self.id(request.issueID, field: "issue_id", .issueNotFound)
        }
        if !request.relationID.isEmpty {
            relationID = try Self.id(request.relationID, field: "relation_id", .relationNotFound)
        }
        if request.semanticType != .unspecified {
            semanticType = try SemanticType(
                request.semanticType, field: "semantic_type", reason: .filterInvalid)
        }
        statusCategories = Set(
            try StatusCategory.all(
                request.statusCategories, field: "status_categories", reason: .filterInvalid))
    }

    private static func id<Kind>(
        _ text: String, field: String, _ reason: ErrorReason
    ) throws(DomainError) -> Identifier<Kind> {
        guard let id = Identifier<Kind>(text) else {
            throw .invalid(field, "must be an id such as \(Kind.prefix)_01J…", reason: .filterInvalid)
        }
        return id
    }
}
