// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
public import ExtRefMessages
import ExtRefStore
public import RPC

extension LinkService {
    public func createLink(
        _ request: CreateLinkRequest, context: CallContext
    ) async throws -> CreateLinkResponse {
        let scope = try await begin(context)
        let projectID = try project(request.projectID, needing: .link, scope: scope)
        let mutation = try Mutation(
            request, answering: CreateLinkResponse.self, scope: scope, validateOnly: request.validateOnly)
        if let earlier = try await environment.replay(mutation) { return earlier }
        let draft = try await environment.store.read(scope.tenantID) { store in
            let configuration = try environment.configurations.snapshot(store)
            let resolver = DraftResolver(
                configuration: configuration, projectID: projectID, caller: scope.caller)
            let draft = try resolver.resolve(request.link ?? LinkDraft(), field: "link")
            try requireKnownIssue(
                draft, resolver: resolver, field: "link.target.issue_id", scope: scope, in: store)
            return draft
        }
        let observation = try await observe(draft, scope: scope)
        return try await environment.commit(mutation) { [environment] store in
            let writing = try LinkWriting(
                environment, scope: scope, projectID: projectID, requestID: mutation.requestID, in: store)
            let (link, issue, existed) = try writing.insert(draft, observation: observation)
            let writer = LinkWriter(configuration: writing.configuration, now: scope.now)
            return CreateLinkResponse(link: writer.message(link, issue: issue), existed: existed)
        }
    }

    /// An issue named by its id must be one the caller can see through some link, of a source usable in the
    /// project.
    func requireKnownIssue(
        _ draft: ResolvedDraft, resolver: DraftResolver, field: String, scope: CallScope,
        in store: ReadContext
    ) throws {
        guard case .issue(let id) = draft.target else { return }
        let issue = try visibleIssue(id.rawValue, field: field, scope: scope, in: store)
        guard
            resolver.configuration.sources(in: resolver.projectID).contains(where: { $0.id == issue.sourceID }
            )
        else {
            throw DomainError.precondition(
                .sourceNotAvailable, subject: issue.sourceID.rawValue,
                "The issue's source is not available to project '\(resolver.projectID)'.")
        }
        try resolver.requireEnabled(issue.sourceID)
    }

    private func observe(_ draft: ResolvedDraft, scope: CallScope) async throws -> Observation? {
        guard case .key(let wish) = draft.target else { return nil }
        return try await IssueObserver(environment: environment, scope: scope)
            .observe(wish, budget: DomainLimits.inlineFetchBudget)
    }
}
