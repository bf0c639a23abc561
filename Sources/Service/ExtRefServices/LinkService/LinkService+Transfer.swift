// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
public import ExtRefMessages
import ExtRefStore
public import RPC

extension LinkService {
    public func exportLinks(
        _ request: ExportLinksRequest, context: CallContext
    ) async throws -> ExportLinksResponse {
        let scope = try await begin(context)
        let projectID = try project(request.projectID, needing: .read, scope: scope)
        let page = try environment.page(of: request, scope: scope)
        return try await environment.store.read(scope.tenantID) { store in
            let configuration = try environment.configurations.snapshot(store)
            let found = try store.links.list(LinkFilter(projectID: projectID), page: page)
            return ExportLinksResponse(
                links: found.items.map { ExportedLink($0, configuration: configuration) },
                nextPageToken: try environment.nextPageToken(found.next, of: request, scope: scope))
        }
    }

    public func importLinks(
        _ request: ImportLinksRequest, context: CallContext
    ) async throws -> ImportLinksResponse {
        let scope = try await begin(context)
        let projectID = try project(request.projectID, needing: .link, scope: scope)
        try requireBatchSize(request.links.count, field: "links")
        let mutation = try Mutation(
            request, answering: ImportLinksResponse.self, scope: scope, validateOnly: request.validateOnly)
        return try await environment.commit(mutation) { [environment] store in
            let writing = try LinkWriting(
                environment, scope: scope, projectID: projectID, requestID: mutation.requestID,
                origin: .import,
                in: store)
            let resolver = DraftResolver(
                configuration: writing.configuration, projectID: projectID, caller: scope.caller)
            let drafts = request.links.enumerated().map { index, link -> Result<ResolvedDraft, DomainError> in
                do throws(DomainError) {
                    let draft = try link.draft(
                        configuration: writing.configuration, projectID: projectID, field: "links[\(index)]")
                    return .success(try resolver.resolve(draft, field: "links[\(index)]"))
                } catch {
                    return .failure(error)
                }
            }
            let batch = try BatchCreation(writing: writing, observations: [:], isAtomic: false).run(drafts)
            return ImportLinksResponse(results: batch.results, createdCount: batch.createdCount)
        }
    }
}

extension ExportedLink {
    fileprivate init(_ detail: LinkDetail, configuration: ConfigurationSnapshot) {
        let link = detail.link
        self.init(
            object: ObjectRef(link.object), ancestors: link.ancestors.map(ObjectRef.init),
            relationName: configuration.relations[link.relationID]?.name ?? "", note: link.note)
        switch link.target {
        case .url(let url): self.url = url
        case .issue(_, let sourceID):
            sourceName = configuration.sources[sourceID]?.displayName ?? ""
            key = detail.issue?.snapshot.key ?? ""
            url = detail.issue?.snapshot.webURL ?? ""
        }
    }

    /// The draft that stands for it here: the source found by name, the relation by its own.
    fileprivate func draft(
        configuration: ConfigurationSnapshot, projectID: ProjectID, field: String
    ) throws(DomainError) -> LinkDraft {
        var draft = LinkDraft(object: object, ancestors: ancestors, relationName: relationName, note: note)
        guard !key.isEmpty else {
            draft.target = Wire.LinkTarget(target: .bareURL(url))
            return draft
        }
        let named = configuration.sources(in: projectID).filter { $0.displayName == sourceName }
        guard named.count == 1, let source = named.first else {
            throw .invalid(
                field + ".source_name", "must be the name of exactly one source of project '\(projectID)'",
                reason: .sourceNotFound)
        }
        draft.target = Wire.LinkTarget(target: .key(SourceKey(sourceID: source.id.rawValue, key: key)))
        return draft
    }
}
