// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
public import ExtRefMessages
import ExtRefStore
public import RPC

extension LinkService {
    public func batchCreateLinks(
        _ request: BatchCreateLinksRequest, context: CallContext
    ) async throws -> BatchCreateLinksResponse {
        let scope = try await begin(context)
        let projectID = try project(request.projectID, needing: .link, scope: scope)
        try requireBatchSize(request.links.count, field: "links")
        let mutation = try Mutation(
            request, answering: BatchCreateLinksResponse.self, scope: scope,
            validateOnly: request.validateOnly)
        if let earlier = try await environment.replay(mutation) { return earlier }
        var drafts = try await resolve(request.links, projectID: projectID, scope: scope)
        let observations = try await observe(drafts, scope: scope)
        for (index, draft) in drafts.enumerated() {
            guard case .success(let resolved) = draft, case .key(let wish) = resolved.target,
                case .failure(let error) = observations[wish]
            else { continue }
            drafts[index] = .failure(error)
        }
        if request.atomic { try requireAll(drafts) }
        return try await environment.commit(mutation) { [drafts, environment] store in
            let writing = try LinkWriting(
                environment, scope: scope, projectID: projectID, requestID: mutation.requestID, in: store)
            return try BatchCreation(writing: writing, observations: observations, isAtomic: request.atomic)
                .run(drafts)
        }
    }

    /// Refuses an empty or too large batch before anything is looked at.
    func requireBatchSize(
        _ count: Int, field: String, max: Int = DomainLimits.batchItemsMax
    ) throws(DomainError) {
        guard count > 0 else { throw .invalid(field, "must name at least one") }
        guard count <= max else {
            throw .invalid(field, "must name at most \(max); these are \(count)", reason: .batchTooLarge)
        }
    }

    private func resolve(
        _ links: [LinkDraft], projectID: ProjectID, scope: CallScope
    ) async throws -> [Result<ResolvedDraft, DomainError>] {
        try await environment.store.read(scope.tenantID) { store in
            let configuration = try environment.configurations.snapshot(store)
            let resolver = DraftResolver(
                configuration: configuration, projectID: projectID, caller: scope.caller)
            return try links.enumerated().map { index, link in
                do {
                    let draft = try resolver.resolve(link, field: "links[\(index)]")
                    try requireKnownIssue(
                        draft, resolver: resolver, field: "links[\(index)].target.issue_id", scope: scope,
                        in: store)
                    return .success(draft)
                } catch let error as DomainError {
                    return .failure(error)
                }
            }
        }
    }

    private func observe(
        _ drafts: [Result<ResolvedDraft, DomainError>], scope: CallScope
    ) async throws -> [IssueWish: Result<Observation, DomainError>] {
        let wishes = drafts.compactMap { draft -> IssueWish? in
            guard case .success(let resolved) = draft, case .key(let wish) = resolved.target else {
                return nil
            }
            return wish
        }
        return try await IssueObserver(environment: environment, scope: scope)
            .observe(Set(wishes), budget: ServiceLimits.batchFetchBudget)
    }

    private func requireAll(_ drafts: [Result<ResolvedDraft, DomainError>]) throws {
        var first: DomainError?
        var violations = [FieldViolation]()
        for (index, draft) in drafts.enumerated() {
            guard case .failure(let error) = draft else { continue }
            first = first ?? error
            violations +=
                error.violations.isEmpty
                ? [FieldViolation("links[\(index)]", error.message)] : error.violations
        }
        guard let first else { return }
        guard first.code == .invalidArgument else { throw first }
        throw DomainError.invalid(violations, reason: first.reason)
    }
}

/// Stores the links of a batch, each with a verdict of its own.
struct BatchCreation {
    let writing: LinkWriting
    let observations: [IssueWish: Result<Observation, DomainError>]
    let isAtomic: Bool

    /// Stores what can be stored; in an atomic batch the first failure undoes all.
    func run(_ drafts: [Result<ResolvedDraft, DomainError>]) throws -> BatchCreateLinksResponse {
        let writer = LinkWriter(configuration: writing.configuration, now: writing.scope.now)
        var response = BatchCreateLinksResponse()
        for draft in drafts {
            var result = CreateLinkResult()
            do {
                let (link, issue, existed) = try store(try draft.get())
                result.outcome = .link(writer.message(link, issue: issue))
                result.existed = existed
                response.createdCount += 1
            } catch let error as DomainError where !isAtomic {
                result.outcome = .error(ItemError(error))
            }
            response.results.append(result)
        }
        return response
    }

    private func store(_ draft: ResolvedDraft) throws -> (Link, ExternalIssue?, Bool) {
        guard case .key(let wish) = draft.target else { return try writing.insert(draft, observation: nil) }
        return try writing.insert(draft, observation: try observations[wish]?.get())
    }
}
