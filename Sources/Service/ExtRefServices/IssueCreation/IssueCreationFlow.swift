// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import ExtRefStore
import ExtRefTrackers

/// Creates one issue exactly once, whatever gets lost on the way.
///
///     write the wish down ─► send ─┬─ answered ─► store issue and link, wish done, in one transaction
///                                  ├─ refused ──► nothing exists; wish ended
///                                  └─ cut ──────► look for the wish's marker in the tracker
///
/// While only the tracker knows what became of a wish, nothing is sent again before its marker was looked for
/// and the tracker had time to settle. A repeat of the call goes on where the last one stopped; if nobody
/// repeats it, a job does.
struct IssueCreationFlow: Sendable {
    let environment: ServiceEnvironment
    let scope: CallScope
    let source: TrackerSource
    let draft: IssueDraft

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
        _ mutation: Mutation<CreateIssueResponse>, request: [UInt8]
    ) async throws -> CreateIssueResponse {
        let wish = try await begin(mutation, request: request)
        if wish.state == .uncertain {
            if let found = try await look(for: wish) {
                return try await finish(wish, found, mutation, existed: true)
            }
            try requireSettled(wish)
            try await note(wish, .sending, attempts: wish.attempts + 1)
        }
        let created: IssueSnapshot
        do throws(TrackerError) {
            created = try await environment.trackers.createIssue(
                newIssue(wish), in: source, budget: scope.budget(ServiceLimits.createBudget))
        } catch {
            if error.isUncertain { return try await recover(wish, mutation) }
            try await note(wish, .refused, attempts: wish.attempts)
            throw DomainError(error)
        }
        return try await finish(wish, created, mutation, existed: false)
    }

    /// Ends a wish that nobody repeats: links what the tracker has, or learns that it has nothing.
    /// - Returns: false while the tracker cannot be asked.
    func followUp(_ wish: IssueCreation) async throws -> Bool {
        do {
            guard
                let found = try await environment.trackers.findCreated(
                    newIssue(wish), in: source, budget: ServiceLimits.findCreatedBudget)
            else {
                try await note(wish, .refused, attempts: wish.attempts)
                return true
            }
            try await environment.store.write(scope.tenantID) { [self] store in
                _ = try keep(found, of: wish, in: store)
            }
            return true
        } catch is TrackerError {
            return false
        }
    }

    // MARK: The wish

    /// Writes the wish down, or takes up the one of an earlier call.
    private func begin(
        _ mutation: Mutation<CreateIssueResponse>, request: [UInt8]
    ) async throws -> IssueCreation {
        let fresh = IssueCreation(
            id: environment.makeID(), tenantID: scope.tenantID, projectID: draft.projectID,
            sourceID: draft.source.id, principalID: scope.caller.principalID, requestID: mutation.requestID,
            payloadHash: mutation.payloadHash, request: request, startedAt: scope.now, updatedAt: scope.now)
        return try await environment.store.write(scope.tenantID) { [scope, environment] store in
            guard !fresh.requestID.isEmpty,
                let known = try store.issueCreations.find(
                    principal: fresh.principalID, requestID: fresh.requestID)
            else {
                try store.issueCreations.insert(fresh)
                try store.jobs.add(followUpJob(fresh, environment), at: scope.now)
                return fresh
            }
            guard known.payloadHash == fresh.payloadHash else {
                throw StoreError(.requestIDReused, "The request id was used for another request.")
            }
            return try resume(known, in: store)
        }
    }

    private func resume(_ known: IssueCreation, in store: WriteContext) throws -> IssueCreation {
        var wish = known
        switch known.state {
        case .sending where scope.now - known.updatedAt < ServiceLimits.creationLease:
            throw Self.uncertain(retryAfter: ServiceLimits.creationLease - (scope.now - known.updatedAt))
        case .sending, .uncertain, .created: wish.state = .uncertain
        case .refused:
            wish.state = .sending
            wish.attempts += 1
        }
        if wish.state == .sending || known.state == .sending {
            try store.issueCreations.update(
                wish.id, state: wish.state, attempts: wish.attempts,
                at: known.state == .refused ? scope.now : known.updatedAt)
        }
        wish.updatedAt = known.updatedAt
        return wish
    }

    private func followUpJob(_ wish: IssueCreation, _ environment: ServiceEnvironment) -> Job {
        Job(
            id: environment.makeID(), tenantID: wish.tenantID, kind: .resolveCreation,
            sourceID: wish.sourceID, subject: wish.id.rawValue,
            dueAt: scope.now + ServiceLimits.creationFollowUp)
    }

    private func note(_ wish: IssueCreation, _ state: IssueCreation.State, attempts: Int64) async throws {
        let now = environment.clock()
        try await environment.store.write(scope.tenantID) { store in
            try store.issueCreations.update(wish.id, state: state, attempts: attempts, at: now)
        }
    }

    // MARK: A cut answer

    private func recover(
        _ wish: IssueCreation, _ mutation: Mutation<CreateIssueResponse>
    ) async throws -> CreateIssueResponse {
        try await note(wish, .uncertain, attempts: wish.attempts)
        // The marker is often there at once; if not, the caller's repeat or the job looks again.
        guard let found = try? await look(for: wish) else {
            throw Self.uncertain(retryAfter: ServiceLimits.creationSettleTime)
        }
        return try await finish(wish, found, mutation, existed: false)
    }

    private func look(for wish: IssueCreation) async throws -> IssueSnapshot? {
        do {
            return try await environment.trackers.findCreated(
                newIssue(wish), in: source, budget: scope.budget(ServiceLimits.findCreatedBudget))
        } catch {
            throw Self.uncertain(retryAfter: error.retryAfter ?? ServiceLimits.creationSettleTime)
        }
    }

    private func requireSettled(_ wish: IssueCreation) throws(DomainError) {
        let quiet = scope.now - wish.updatedAt
        guard quiet >= ServiceLimits.creationSettleTime else {
            throw Self.uncertain(retryAfter: ServiceLimits.creationSettleTime - quiet)
        }
    }

    private static func uncertain(retryAfter: Duration) -> DomainError {
        var error = DomainError(
            .unavailable, .creationUncertain,
            "The tracker's answer was lost, so the issue may exist. Repeat the call with the same request_id: it "
                + "is found and linked, or created then.")
        error.retryAfter = retryAfter
        return error
    }

    private func newIssue(_ wish: IssueCreation) -> NewIssue {
        NewIssue(
            project: draft.externalProject, type: draft.issueType, fields: draft.fields,
            marker: CreationMarker(wish.id), startedAt: wish.startedAt)
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
        try store.issueCreations.update(wish.id, state: .created, attempts: wish.attempts, at: scope.now)
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
