// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
import ExtRefMessages
import ExtRefStore
public import ExtRefSync
import ExtRefTrackers
import ProtobufC

/// Does the jobs that calls leave behind.
public struct ServiceJobs: JobHandling {
    private let environment: ServiceEnvironment

    /// Makes the handler.
    public init(_ environment: ServiceEnvironment) {
        self.environment = environment
    }

    public func perform(_ job: Job) async -> JobOutcome {
        do {
            switch job.kind {
            case .backLink: return try await BackLinkJob(environment: environment, job: job).perform()
            case .resolveCreation: return try await resolveCreation(job)
            }
        } catch {
            let reason = DomainError(causedBy: error)?.message ?? "a fault of this server: \(type(of: error))"
            return .retry(after: nil, reason: reason)
        }
    }

    /// Finds out what became of an issue whose creation was cut and never repeated.
    private func resolveCreation(_ job: Job) async throws -> JobOutcome {
        guard let id = CreationID(job.subject) else { return .abandoned(reason: "no creation's id") }
        let wish = try await environment.store.read(job.tenantID) { try $0.issueCreations.get(id) }
        guard let wish, wish.state == .sending || wish.state == .uncertain else { return .done }
        let now = environment.clock()
        let quiet = now - wish.updatedAt
        guard quiet >= ServiceLimits.creationLease else {
            return .retry(after: ServiceLimits.creationLease - quiet, reason: "a call may still be at it")
        }
        guard let flow = try await flow(of: wish, now: now) else {
            return .abandoned(reason: "its source or relation is gone")
        }
        return try await flow.followUp(wish)
            ? .done : .retry(after: nil, reason: "the tracker cannot be asked")
    }

    private func flow(of wish: IssueCreation, now: Timestamp) async throws -> IssueCreationFlow? {
        let request = try CreateIssueRequest.decode(wish.request)
        let scope = CallScope(
            resuming: wish.principalID, of: wish.tenantID, method: "extref.v1.LinkService/CreateIssue",
            now: now)
        return try await environment.store.read(wish.tenantID) { store in
            let choice = SourceChoice(
                configuration: try environment.configurations.snapshot(store), projectID: wish.projectID,
                registry: environment.registry)
            do {
                let draft = try IssueDraftReader(choice: choice, caller: scope.caller).draft(request)
                return IssueCreationFlow(
                    environment: environment, scope: scope,
                    source: try environment.trackerSource(draft.source, in: store), draft: draft)
            } catch is DomainError {
                return nil
            }
        }
    }
}
