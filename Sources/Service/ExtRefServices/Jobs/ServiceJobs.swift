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
            case .syncSource: return try await SourceSyncJob(environment: environment, job: job).perform()
            }
        } catch  where job.kind == .syncSource {
            // It must not be given up: without it the source's issues would stay as they are.
            return .waiting(after: SyncLimits.passingPauseMin, reason: Self.reason(error))
        } catch {
            return .retry(after: nil, reason: Self.reason(error))
        }
    }

    private static func reason(_ error: any Error) -> String {
        DomainError(causedBy: error)?.message ?? "a fault of this server: \(type(of: error))"
    }

    /// Finds out what became of an issue whose creation was cut and never repeated.
    private func resolveCreation(_ job: Job) async throws -> JobOutcome {
        guard let id = CreationID(job.subject) else { return .abandoned(reason: "no creation's id") }
        let wish = try await environment.store.read(job.tenantID) { try $0.issueCreations.get(id) }
        guard let wish, wish.state == .sending || wish.state == .uncertain else { return .done }
        let now = environment.clock()
        let quiet = now - wish.updatedAt
        guard quiet >= ServiceLimits.creationLease else {
            return .waiting(after: ServiceLimits.creationLease - quiet, reason: "a call may still be at it")
        }
        let age = now - wish.startedAt
        do {
            guard let flow = try await flow(of: wish, now: now) else {
                return .abandoned(reason: "its source is gone")
            }
            return try await flow.followUp(wish)
                ? .done : .waiting(after: Self.pause(at: age), reason: "a call went on with it")
        } catch {
            // An issue that may exist is not given up for a tracker's bad day, or a source switched off.
            let reason = Self.reason(error)
            return age < ServiceLimits.creationFollowUpMax
                ? .waiting(after: Self.pause(at: age), reason: reason) : .abandoned(reason: reason)
        }
    }

    /// The longer it took, the less a moment more matters.
    private static func pause(at age: Duration) -> Duration {
        min(max(age / 4, ServiceLimits.creationLease), ServiceLimits.creationFollowUpPauseMax)
    }

    /// - Returns: nil when its source was deleted: nothing can be asked or linked then.
    private func flow(of wish: IssueCreation, now: Timestamp) async throws -> IssueCreationFlow? {
        let request = try CreateIssueRequest.decode(wish.request)
        let scope = CallScope(
            resuming: wish.principalID, of: wish.tenantID, method: "extref.v1.LinkService/CreateIssue",
            now: now)
        return try await environment.store.read(wish.tenantID) { store in
            let configuration = try environment.configurations.snapshot(store)
            guard let source = configuration.sources[wish.sourceID], source.deletedAt == nil else {
                return nil
            }
            let choice = SourceChoice(
                configuration: configuration, projectID: wish.projectID, registry: environment.registry)
            let draft = try IssueDraftReader(choice: choice, caller: scope.caller)
                .draft(request, isSent: true)
            return IssueCreationFlow(
                environment: environment, scope: scope,
                source: try environment.trackerSource(draft.source, in: store, priority: .background),
                draft: draft,
                isResuming: true)
        }
    }
}
