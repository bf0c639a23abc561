// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefStore
import ExtRefTrackers

/// Reads known issues from their trackers again, sources side by side, and stores what they say.
struct IssueRefresh {
    /// An issue after a refresh: its new state, or the last good one with the failure.
    struct Outcome: Sendable {
        let issue: ExternalIssue
        let error: TrackerError?
    }

    let environment: ServiceEnvironment
    let scope: CallScope

    /// Refreshes issues; one failing issue or source changes nothing for the others.
    func run(_ issues: [ExternalIssue]) async throws -> [IssueID: Outcome] {
        let distinct = Dictionary(issues.map { ($0.id, $0) }) { first, _ in first }
        let bySource = Dictionary(grouping: distinct.values, by: \.sourceID)
        return try await withThrowingTaskGroup(of: [IssueID: Outcome].self) { group in
            for (sourceID, issues) in bySource {
                group.addTask { try await refresh(issues, of: sourceID) }
            }
            var all = [IssueID: Outcome]()
            for try await part in group { all.merge(part) { first, _ in first } }
            return all
        }
    }

    private func refresh(_ issues: [ExternalIssue], of sourceID: SourceID) async throws -> [IssueID: Outcome]
    {
        let tracked = try await environment.store.read(scope.tenantID) { store -> TrackerSource? in
            guard let source = try store.sources.get(sourceID), source.deletedAt == nil, source.isEnabled,
                environment.trackers.canFetch(source)
            else { return nil }
            return try environment.trackerSource(source, in: store)
        }
        guard let tracked else {
            return Dictionary(uniqueKeysWithValues: issues.map { ($0.id, Outcome(issue: $0, error: nil)) })
        }
        let answers = await ask(issues, of: tracked)
        return try await environment.store.write(scope.tenantID) { store in
            let writing = IssueWriting(
                environment: environment, scope: scope, journal: Journal(scope, requestID: "", environment))
            var outcomes = [IssueID: Outcome]()
            for issue in issues {
                guard let answer = answers[issue.id] else {
                    outcomes[issue.id] = Outcome(issue: issue, error: nil)
                    continue
                }
                outcomes[issue.id] = try keep(answer, of: issue, source: tracked.source, writing, in: store)
            }
            return outcomes
        }
    }

    private func keep(
        _ answer: IssueReading.Answer, of issue: ExternalIssue, source: IntegrationSource,
        _ writing: IssueWriting,
        in store: WriteContext
    ) throws -> Outcome {
        switch answer {
        case .read(let snapshot, let validator):
            return Outcome(
                issue: try writing.store(snapshot, validator: validator, of: source, in: store), error: nil)
        case .failed(let error):
            guard try store.issues.get(issue.id) != nil else { return Outcome(issue: issue, error: error) }
            return Outcome(issue: try writing.store(error, on: issue, in: store), error: error)
        }
    }

    /// A source that does not answer at all is every issue's failure.
    private func ask(
        _ issues: [ExternalIssue], of source: TrackerSource
    ) async -> [IssueID: IssueReading.Answer] {
        let reading = IssueReading(
            trackers: environment.trackers, source: source, budget: scope.budget(ServiceLimits.refreshBudget),
            singleReadsMax: ServiceLimits.singleReadsMax)
        do throws(TrackerError) {
            return try await reading.ask(issues).byIssue
        } catch {
            return Dictionary(uniqueKeysWithValues: issues.map { ($0.id, .failed(error)) })
        }
    }
}
