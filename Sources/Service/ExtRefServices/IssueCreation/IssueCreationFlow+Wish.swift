// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import ExtRefStore

/// How a call stands to its wish once it is written down.
enum WishTurn: Sendable {
    /// An earlier call got this answer.
    case answered(CreateIssueResponse)
    /// Nothing of it was ever sent, or the tracker refused what was.
    case mayBeSent(IssueCreation)
    /// Something was sent, and only the tracker knows what became of it.
    case mayExist(IssueCreation)
}

extension IssueCreationFlow {
    /// Writes the wish down, or takes up the one of an earlier call.
    func begin(_ mutation: Mutation<CreateIssueResponse>, request: [UInt8]) async throws -> WishTurn {
        let now = environment.clock()
        let fresh = IssueCreation(
            id: environment.makeID(), tenantID: scope.tenantID, projectID: draft.projectID,
            sourceID: draft.source.id, principalID: scope.caller.principalID, requestID: mutation.requestID,
            payloadHash: mutation.payloadHash, request: request, startedAt: now, updatedAt: now)
        return try await environment.store.write(scope.tenantID) { [self] store in
            if let earlier = try mutation.replay(in: store) { return .answered(earlier) }
            guard let known = try mutation.wish(in: store) else {
                try store.issueCreations.insert(fresh)
                try addFollowUp(fresh, in: store)
                return .mayBeSent(fresh)
            }
            return try take(known, request: request, at: now, in: store)
        }
    }

    private func take(
        _ known: IssueCreation, request: [UInt8], at now: Timestamp, in store: WriteContext
    ) throws -> WishTurn {
        let age = now - known.updatedAt
        if known.state == .sending, age < ServiceLimits.creationLease {
            throw CreationUncertain.underWay(for: ServiceLimits.creationLease - age)
        }
        if known.state == .refused {
            var again = known
            again.request = request
            return .mayBeSent(try send(again, insteadOf: known, at: now, in: store))
        }
        // The draft must be the one that was sent, not what the configuration makes of the request today.
        guard isResuming else { throw CreationUncertain.underWay(for: ServiceLimits.creationSettleTime) }
        guard known.state == .sending else { return .mayExist(known) }
        var cut = known
        cut.state = .uncertain
        guard try store.issueCreations.advance(known, to: cut) else { throw CreationUncertain.underWay() }
        return .mayExist(cut)
    }

    /// Takes a wish to be sent once more: its marker was looked for and is not there.
    func takeAgain(_ wish: IssueCreation) async throws -> IssueCreation {
        guard wish.state != .created else {
            throw DomainError(
                .notFound, .trackerIssueNotFound,
                "The issue was created by an earlier call, and is not in the tracker any more.")
        }
        let now = environment.clock()
        let quiet = scope.now - wish.updatedAt
        guard quiet >= ServiceLimits.creationSettleTime else {
            throw CreationUncertain.lost(retryAfter: ServiceLimits.creationSettleTime - quiet)
        }
        return try await environment.store.write(scope.tenantID) { [self] store in
            try send(wish, insteadOf: wish, at: now, in: store)
        }
    }

    private func send(
        _ wish: IssueCreation, insteadOf known: IssueCreation, at now: Timestamp, in store: WriteContext
    ) throws -> IssueCreation {
        var next = wish
        next.state = .sending
        next.attempts += 1
        next.updatedAt = now
        guard try store.issueCreations.advance(known, to: next) else { throw CreationUncertain.underWay() }
        try addFollowUp(next, in: store)
        return next
    }

    /// Each sending has somebody who looks after it, should nobody else.
    private func addFollowUp(_ wish: IssueCreation, in store: WriteContext) throws {
        let now = environment.clock()
        let job = Job(
            id: environment.makeID(), tenantID: wish.tenantID, kind: .resolveCreation,
            sourceID: wish.sourceID, subject: wish.id.rawValue, dueAt: now + ServiceLimits.creationFollowUp)
        try store.jobs.add(job, at: now)
    }

    /// Notes what became of a wish, unless somebody else went on with it.
    /// - Returns: whether it was noted.
    @discardableResult
    func note(_ wish: IssueCreation, _ state: IssueCreation.State) async throws -> Bool {
        var next = wish
        next.state = state
        next.updatedAt = environment.clock()
        return try await environment.store.write(scope.tenantID) { [next] store in
            try store.issueCreations.advance(wish, to: next)
        }
    }
}

extension Mutation where Response == CreateIssueResponse {
    /// The wish that an earlier call with this `request_id` wrote down.
    /// - Throws: `requestIDReused` when that was another wish.
    func wish(in store: StoreContext<some StoreAccess>) throws -> IssueCreation? {
        guard !requestID.isEmpty, !isRehearsal,
            let known = try store.issueCreations.find(
                principal: scope.caller.principalID, requestID: requestID)
        else { return nil }
        guard known.payloadHash == payloadHash else {
            throw StoreError(.requestIDReused, "The request id was used for another request.")
        }
        return known
    }

    /// Stands for the call that made a wish and did not see its end.
    init(finishing wish: IssueCreation, scope: CallScope) {
        self.init(scope: scope, requestID: wish.requestID, isRehearsal: false, payloadHash: wish.payloadHash)
    }
}

/// What a caller is told who has to come back.
enum CreationUncertain {
    /// Another call with the same `request_id` is at it, or died over it.
    static func underWay(for wait: Duration = ServiceLimits.creationSettleTime) -> DomainError {
        error(
            "Another call with this request_id is creating the issue. Repeat the call with the same request_id: "
                + "it gets that one's answer, or goes on where it stopped.", retryAfter: max(.zero, wait))
    }

    /// The tracker's answer is not known.
    static func lost(retryAfter: Duration, because reason: ErrorReason? = nil) -> DomainError {
        var error = error(
            "The tracker's answer was lost, so the issue may exist. Repeat the call with the same request_id: it "
                + "is found and linked, or created then.", retryAfter: retryAfter)
        if let reason { error.metadata["tracker_reason"] = reason.rawValue }
        return error
    }

    private static func error(_ message: String, retryAfter: Duration) -> DomainError {
        var error = DomainError(.unavailable, .creationUncertain, message)
        error.retryAfter = retryAfter
        return error
    }
}
