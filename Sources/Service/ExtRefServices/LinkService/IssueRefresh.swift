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

    /// What a tracker said of one issue.
    private enum Answer: Sendable {
        case read(IssueSnapshot, validator: String)
        case unchanged
        case failed(TrackerError)
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
                outcomes[issue.id] = try keep(
                    answers[issue.id] ?? .unchanged, of: issue, source: tracked.source, writing, in: store)
            }
            return outcomes
        }
    }

    private func keep(
        _ answer: Answer, of issue: ExternalIssue, source: IntegrationSource, _ writing: IssueWriting,
        in store: WriteContext
    ) throws -> Outcome {
        switch answer {
        case .unchanged: return Outcome(issue: issue, error: nil)
        case .read(let snapshot, let validator):
            return Outcome(
                issue: try writing.store(snapshot, validator: validator, of: source, in: store), error: nil)
        case .failed(let error):
            guard try store.issues.get(issue.id) != nil else { return Outcome(issue: issue, error: error) }
            return Outcome(issue: try writing.store(error, on: issue, in: store), error: error)
        }
    }

    /// One issue is asked singly, many in batches. What a batch leaves out is asked singly to learn why, but
    /// no more than a few at once: the rest is known to be missing from the batch, and no more than that.
    private func ask(_ issues: [ExternalIssue], of source: TrackerSource) async -> [IssueID: Answer] {
        let budget = scope.budget(ServiceLimits.refreshBudget)
        if issues.count == 1 { return await askSingly(issues, of: source, budget: budget) }
        let references = issues.map(\.reference)
        do {
            let outcome = try await environment.trackers.fetchIssues(references, from: source, budget: budget)
            var answers = [IssueID: Answer]()
            var unanswered = [ExternalIssue]()
            for issue in issues {
                if let snapshot = outcome.found.first(where: { issue.isShown(by: $0) }) {
                    answers[issue.id] = .read(snapshot, validator: "")
                } else if let refusal = outcome.refused[issue.reference] {
                    answers[issue.id] = .failed(refusal)
                } else if let failure = outcome.failure, outcome.unanswered.contains(issue.reference) {
                    answers[issue.id] = .failed(failure)
                } else {
                    unanswered.append(issue)
                }
            }
            let asked = unanswered.prefix(ServiceLimits.singleReadsMax)
            for issue in unanswered.dropFirst(asked.count) { answers[issue.id] = .failed(Self.leftOut) }
            let rest = await askSingly(Array(asked), of: source, budget: budget)
            return answers.merging(rest) { first, _ in first }
        } catch {
            return Dictionary(uniqueKeysWithValues: issues.map { ($0.id, .failed(error)) })
        }
    }

    private static let leftOut = TrackerError(
        .notReturned,
        "The tracker left it out of an answer for many issues. A refresh of this one will tell why.")

    private func askSingly(
        _ issues: [ExternalIssue], of source: TrackerSource, budget: Duration
    ) async -> [IssueID: Answer] {
        await withTaskGroup(of: (IssueID, Answer).self) { group in
            for issue in issues {
                group.addTask {
                    do throws(TrackerError) {
                        let outcome = try await environment.trackers.fetchIssue(
                            issue.reference, from: source, budget: budget)
                        guard case .fetched(let snapshot, let validator) = outcome else {
                            return (issue.id, .unchanged)
                        }
                        return (issue.id, .read(snapshot, validator: validator))
                    } catch {
                        return (issue.id, .failed(error))
                    }
                }
            }
            var answers = [IssueID: Answer]()
            for await (id, answer) in group { answers[id] = answer }
            return answers
        }
    }
}

extension ExternalIssue {
    fileprivate var reference: IssueReference {
        IssueReference(key: snapshot.key, nativeID: snapshot.nativeID)
    }

    fileprivate func isShown(by other: IssueSnapshot) -> Bool {
        if !snapshot.nativeID.isEmpty {
            return other.nativeID == snapshot.nativeID || other.formerNativeID == snapshot.nativeID
        }
        return ([other.key] + other.previousKeys).contains { $0.lowercased() == snapshot.key.lowercased() }
    }
}
