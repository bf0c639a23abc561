// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
public import ExtRefMessages
import ExtRefStore
public import RPC

extension AdminService {
    public func deleteSource(
        _ request: DeleteSourceRequest, context: CallContext
    ) async throws -> DeleteSourceResponse {
        let scope = try await begin(context)
        let mutation = try Mutation(
            request, answering: DeleteSourceResponse.self, scope: scope, validateOnly: request.validateOnly)
        let revision = try ETag.revision(request.etag)
        return try await environment.commit(mutation) { [environment] store in
            let source = try manageableSource(request.id, field: "id", scope: scope, in: store)
            let usage = try store.sources.usage(of: source.id)
            try checkDeletion(of: source, usage: usage, mode: request.mode, scope: scope)
            let journal = Journal(scope, requestID: mutation.requestID, environment)
            if request.mode == .deleteLinks { try deleteLinks(of: source, journal: journal, in: store) }
            _ = try store.sources.delete(source.id, expectedRevision: revision, at: scope.now)
            try journal.source(source, nil, in: store)
            var response = DeleteSourceResponse()
            response.usage = usage.map(ExtRefMessages.ProjectUsage.init)
            return response
        }
    }

    private func checkDeletion(
        of source: IntegrationSource, usage: [ExtRefStore.ProjectUsage], mode: DeleteSourceMode,
        scope: CallScope
    ) throws(DomainError) {
        guard !usage.isEmpty else { return }
        switch mode {
        case .keepLinks, .deleteLinks:
            guard usage.allSatisfy({ scope.caller.has(.projectAdmin, in: $0.projectID) }) else {
                throw .denied("The source has links in projects you do not administer.")
            }
        case .unspecified:
            throw .precondition(
                .sourceInUse, subject: source.id.rawValue,
                "Source '\(source.displayName)' has \(usage.linkCount) links. Choose mode KEEP_LINKS or DELETE_LINKS.",
                metadata: usage.metadata(visibleTo: scope.caller))
        default:
            throw .invalid("mode", "must be unset, KEEP_LINKS or DELETE_LINKS")
        }
    }

    private func deleteLinks(
        of source: IntegrationSource, journal: Journal, in store: WriteContext
    ) throws {
        for project in try store.sources.usage(of: source.id).map(\.projectID) {
            var filter = LinkFilter(projectID: project)
            filter.sourceID = source.id
            var found = try store.links.list(filter, page: PageRequest(size: DomainLimits.pageSizeMax)).items
            while !found.isEmpty {
                for link in try store.links.delete(found.map(\.link.id)) {
                    try journal.link(link, nil, in: store)
                }
                found = try store.links.list(filter, page: PageRequest(size: DomainLimits.pageSizeMax)).items
            }
        }
    }
}

extension [ExtRefStore.ProjectUsage] {
    var linkCount: Int { reduce(0) { $0 + $1.links } }

    /// Counts for an error's metadata: in all, and of the projects the caller may know of.
    func metadata(visibleTo caller: Caller) -> [String: String] {
        var metadata = ["link_count": String(linkCount), "project_count": String(count)]
        for usage in self where caller.has(.read, in: usage.projectID) {
            metadata["links_in." + usage.projectID.rawValue] = String(usage.links)
        }
        return metadata
    }
}
