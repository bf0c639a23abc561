// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefStore
import ExtRefSync
import ExtRefTrackers

extension SyncPass {
    /// Reads the issues that are due, the longest overdue first, in steps.
    /// - Returns: whether all that was due has been read.
    mutating func readWhatIsDue() async throws -> Bool {
        while true {
            let due = try await dueIssues()
            guard !due.isEmpty else { return true }
            guard try await mayGoOn() else { return false }
            let reading = IssueReading(
                trackers: environment.trackers, source: source, budget: TrackerLimits.callTimeMax,
                singleReadsMax: SyncLimits.passSingleReadsMax)
            let answers = try await reading.ask(due)
            sync.lastAttemptAt = environment.clock()
            try await keep(answers, of: due)
            if let failure = answers.failure ?? answers.commonFailure { throw failure }
        }
    }

    /// What is to be read next. Issues that no link points to any more are left alone from now on.
    private func dueIssues() async throws -> [ExternalIssue] {
        let now = environment.clock()
        let due = try await environment.store.read(tenantID) { [sourceID] store in
            try store.issues.due(in: sourceID, by: now, limit: SyncLimits.passIssuesMax)
        }
        guard !due.unlinked.isEmpty else { return due.linked }
        let unlinked = due.unlinked.map(\.id)
        try await environment.store.write(tenantID) { [sourceID] store in
            try store.issues.plan(unlinked, in: sourceID, at: nil)
        }
        return due.linked.isEmpty ? try await dueIssues() : due.linked
    }

    private func keep(_ answers: IssueReading.Answers, of issues: [ExternalIssue]) async throws {
        let source = source.source
        try await keep(sync) { store, writing in
            for issue in issues {
                // It may have been merged into another meanwhile.
                guard let current = try store.issues.get(issue.id) else { continue }
                switch answers.byIssue[issue.id] {
                case .read(let snapshot, let validator):
                    _ = try writing.store(snapshot, validator: validator, of: source, in: store)
                case .failed(let error) where !error.concernsSource:
                    _ = try writing.store(error, on: current, in: store)
                case .failed:
                    // The source failed, not the issue: it stays due.
                    break
                case nil:
                    try store.issues.plan(
                        [issue.id], in: source.id, at: writing.scope.now + SyncLimits.failedReadPause)
                }
            }
        }
    }
}

extension IssueReading.Answers {
    /// The failure of a source that was asked issue by issue and failed for each alike.
    fileprivate var commonFailure: TrackerError? {
        for case .failed(let error) in byIssue.values where error.concernsSource { return error }
        return nil
    }
}
