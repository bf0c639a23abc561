// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import ExtRefStore
import ExtRefTrackers
import ProtobufC

/// Creates one issue exactly once, whatever gets lost on the way.
///
///     write the wish down ─► send ─┬─ answered ─► store issue and link, wish done, in one transaction
///                                  ├─ refused ──► nothing exists; wish ended
///                                  └─ cut ──────► look for the wish's marker in the tracker
///
/// While only the tracker knows what became of a wish, nothing is sent again before its marker was looked
/// for and the tracker had time to settle. A repeat of the call goes on where the last one stopped; if
/// nobody repeats it, a job does. Each step is taken only while the wish still is what the step started
/// from, so that of two who go on at the same time one stops.
struct IssueCreationFlow: Sendable {
    let environment: ServiceEnvironment
    let scope: CallScope
    let source: TrackerSource
    let draft: IssueDraft
    /// Whether the draft comes from a wish that an earlier call wrote down and whose end is not known.
    let isResuming: Bool

    /// Checks the fields against the tracker's own form.
    func validate() async throws {
        let form = try await environment.trackers.issueForm(
            project: draft.externalProject, type: draft.issueType, in: source,
            budget: scope.budget(ServiceLimits.formBudget))
        var violations = form.violations(of: draft.fields)
        if !draft.issueType.isEmpty, !form.types.isEmpty,
            !form.types.contains(where: { $0.id == draft.issueType })
        {
            violations.append(
                FieldViolation("issue_type", "is none of this project; GetIssueForm names those there are"))
        }
        guard violations.isEmpty else { throw DomainError.invalid(violations) }
    }

    /// Runs a call's wish to its end.
    func run(
        _ mutation: Mutation<CreateIssueResponse>, request: CreateIssueRequest
    ) async throws -> CreateIssueResponse {
        switch try await begin(mutation, request: draft.settled(request).encode()) {
        case .answered(let response): return response
        case .mayBeSent(let wish): return try await send(wish, mutation)
        case .mayExist(let wish):
            if let found = try await look(for: wish) {
                return try await finish(wish, found, mutation, existed: true)
            }
            return try await send(takeAgain(wish), mutation)
        }
    }

    private func send(
        _ wish: IssueCreation, _ mutation: Mutation<CreateIssueResponse>
    ) async throws -> CreateIssueResponse {
        // Whoever was held up for so long may no longer be the only one.
        let held = environment.clock() - wish.updatedAt
        guard held < ServiceLimits.creationLease - ServiceLimits.createBudget else {
            throw CreationUncertain.underWay(for: ServiceLimits.creationLease - held)
        }
        let created: IssueSnapshot
        do throws(TrackerError) {
            created = try await environment.trackers.createIssue(
                newIssue(wish), in: source, budget: scope.budget(ServiceLimits.createBudget))
        } catch {
            if error.isUncertain { return try await recover(wish, mutation) }
            try await note(wish, .refused)
            throw refusal(error)
        }
        return try await finish(wish, created, mutation, existed: false)
    }

    // MARK: A cut answer

    private func recover(
        _ wish: IssueCreation, _ mutation: Mutation<CreateIssueResponse>
    ) async throws -> CreateIssueResponse {
        try await note(wish, .uncertain)
        // The marker is often there at once; if not, the caller's repeat or the job looks again.
        guard let found = try? await look(for: wish) else {
            throw CreationUncertain.lost(retryAfter: ServiceLimits.creationSettleTime)
        }
        return try await finish(wish, found, mutation, existed: false)
    }

    private func look(for wish: IssueCreation) async throws -> IssueSnapshot? {
        do throws(TrackerError) {
            return try await environment.trackers.findCreated(
                newIssue(wish), in: source, budget: scope.budget(ServiceLimits.findCreatedBudget))
        } catch {
            throw CreationUncertain.lost(
                retryAfter: error.retryAfter ?? ServiceLimits.creationSettleTime, because: error.reason)
        }
    }

    private func newIssue(_ wish: IssueCreation) -> NewIssue {
        NewIssue(
            project: draft.externalProject, type: draft.issueType, fields: draft.fields,
            marker: CreationMarker(wish.id), startedAt: wish.startedAt)
    }

    /// What the tracker says of single fields, named as in the request.
    private func refusal(_ error: TrackerError) -> DomainError {
        var refusal = DomainError(error)
        refusal.violations = error.fieldFaults.map { FieldViolation("fields[\($0.field)]", $0.description) }
        return refusal
    }

    // MARK: A wish that nobody repeats

    /// Ends a wish: links what the tracker has, or learns that it has nothing.
    /// - Returns: false while it cannot be told.
    func followUp(_ wish: IssueCreation) async throws -> Bool {
        guard let found = try await look(for: wish) else { return try await note(wish, .refused) }
        let mutation = Mutation<CreateIssueResponse>(finishing: wish, scope: scope)
        _ = try await finish(wish, found, mutation, existed: true)
        return true
    }
}

// MARK: - Storing

extension IssueCreationFlow {
    private func finish(
        _ wish: IssueCreation, _ created: IssueSnapshot, _ mutation: Mutation<CreateIssueResponse>,
        existed: Bool
    ) async throws -> CreateIssueResponse {
        try await environment.commit(mutation) { [self] store in
            var response = CreateIssueResponse()
            response.link = try keep(created, of: wish, in: store)
            response.existed = existed
            return response
        }
    }

    /// Stores the issue and its link, and ends the wish.
    private func keep(
        _ created: IssueSnapshot, of wish: IssueCreation, in store: WriteContext
    ) throws -> Wire.Link {
        let journal = Journal(scope, requestID: wish.requestID, environment)
        let issue = try IssueWriting(environment: environment, scope: scope, journal: journal)
            .store(created, validator: "", of: draft.source, in: store)
        let (link, _) = try link(issue.id, requestID: wish.requestID, in: store)
        try store.issueCreations.conclude(wish.id, at: scope.now)
        return link
    }

    /// Links an issue to the draft's object.
    func link(
        _ issue: IssueID, requestID: String, in store: WriteContext
    ) throws -> (link: Wire.Link, existed: Bool) {
        let writing = try LinkWriting(
            environment, scope: scope, projectID: draft.projectID, requestID: requestID, in: store)
        let (link, stored, existed) = try writing.insert(draft.link(to: issue), observation: nil)
        let writer = LinkWriter(configuration: writing.configuration, now: scope.now)
        return (writer.message(link, issue: stored), existed)
    }
}
