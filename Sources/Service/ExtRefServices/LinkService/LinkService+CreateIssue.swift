// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
public import ExtRefMessages
import ExtRefStore
import ExtRefTrackers
import ProtobufC
public import RPC

extension LinkService {
    /// Creates an issue and links it, exactly once: see ``IssueCreationFlow``.
    public func createIssue(
        _ request: CreateIssueRequest, context: CallContext
    ) async throws -> CreateIssueResponse {
        let scope = try await begin(context)
        let projectID = try project(request.projectID, needing: .link, scope: scope)
        let mutation = try Mutation(
            request, answering: CreateIssueResponse.self, scope: scope, validateOnly: request.validateOnly)
        if let earlier = try await environment.replay(mutation) { return earlier }
        let flow = try await environment.store.read(scope.tenantID) { store in
            let choice = SourceChoice(
                configuration: try environment.configurations.snapshot(store), projectID: projectID,
                registry: environment.registry)
            // A refused wish begins anew; of any other the issue may exist as it was asked for then.
            let open = try mutation.wish(in: store).flatMap { $0.state == .refused ? nil : $0 }
            let draft = try IssueDraftReader(choice: choice, caller: scope.caller)
                .draft(open.map { try CreateIssueRequest.decode($0.request) } ?? request)
            return IssueCreationFlow(
                environment: environment, scope: scope,
                source: try environment.trackerSource(draft.source, in: store), draft: draft,
                isResuming: open != nil)
        }
        if !flow.isResuming {
            if let open = try await openIssue(for: flow.draft, scope: scope) {
                return try await reuse(open, for: flow.draft, flow, mutation)
            }
            try await flow.validate()
        }
        if mutation.isRehearsal { return CreateIssueResponse() }
        return try await flow.run(mutation, request: request)
    }

    private func openIssue(for draft: IssueDraft, scope: CallScope) async throws -> ExternalIssue? {
        guard draft.reuse != .unspecified else { return nil }
        return try await reusable(
            draft.object, fingerprint: draft.fingerprint, in: draft.projectID, scope: scope
        ).first
    }

    private func reuse(
        _ issue: ExternalIssue, for draft: IssueDraft, _ flow: IssueCreationFlow,
        _ mutation: Mutation<CreateIssueResponse>
    ) async throws -> CreateIssueResponse {
        guard draft.reuse == .link else {
            throw DomainError.precondition(
                .reusableIssueExists, subject: issue.id.rawValue,
                "Issue \(issue.snapshot.key) is open and fits already. Link it, or create one without a reuse policy.",
                metadata: ["issue_id": issue.id.rawValue, "key": issue.snapshot.key])
        }
        return try await environment.commit(mutation) { store in
            var response = CreateIssueResponse()
            (response.link, _) = try flow.link(issue.id, requestID: mutation.requestID, in: store)
            response.reused = true
            return response
        }
    }
}
