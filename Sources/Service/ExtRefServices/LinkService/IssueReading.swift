// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefTrackers

/// Asks a tracker what has become of known issues of one source.
struct IssueReading {
    /// What a tracker said of one issue.
    enum Answer: Sendable {
        case read(IssueSnapshot, validator: String)
        case failed(TrackerError)
    }

    /// What was learnt of many.
    struct Answers: Sendable {
        var byIssue: [IssueID: Answer] = [:]
        /// Why the rest could not be asked; nil when all were.
        var failure: TrackerError?
    }

    let trackers: TrackerRunner
    let source: TrackerSource
    let budget: Duration
    /// Issues asked for singly because an answer for many left them out.
    let singleReadsMax: Int

    private static let leftOut = TrackerError(
        .notReturned,
        "The tracker left it out of an answer for many issues. A refresh of this one will tell why.")

    /// One issue is asked singly, many in batches. What a batch leaves out is asked singly to learn why, but
    /// no more than a few at once: the rest is known to be missing from the batch, and no more than that.
    /// - Throws: when the source as a whole did not answer.
    func ask(_ issues: [ExternalIssue]) async throws(TrackerError) -> Answers {
        if issues.count == 1 { return Answers(byIssue: await askSingly(issues)) }
        let outcome = try await trackers.fetchIssues(issues.map(\.reference), from: source, budget: budget)
        let found = FoundIssues(outcome.found)
        let unasked = Set(outcome.unanswered)
        var answers = Answers(failure: outcome.failure)
        var leftOut = [ExternalIssue]()
        for issue in issues {
            if let snapshot = found.snapshot(of: issue) {
                answers.byIssue[issue.id] = .read(snapshot, validator: "")
            } else if let refusal = outcome.refused[issue.reference] {
                answers.byIssue[issue.id] = .failed(refusal)
            } else if let failure = outcome.failure, unasked.contains(issue.reference) {
                answers.byIssue[issue.id] = .failed(failure)
            } else {
                leftOut.append(issue)
            }
        }
        let asked = leftOut.prefix(singleReadsMax)
        for issue in leftOut.dropFirst(asked.count) { answers.byIssue[issue.id] = .failed(Self.leftOut) }
        answers.byIssue.merge(await askSingly(Array(asked))) { first, _ in first }
        return answers
    }

    private func askSingly(_ issues: [ExternalIssue]) async -> [IssueID: Answer] {
        await withTaskGroup(of: (IssueID, Answer).self) { group in
            for issue in issues {
                group.addTask { (issue.id, await askSingly(issue)) }
            }
            var answers = [IssueID: Answer]()
            for await (id, answer) in group { answers[id] = answer }
            return answers
        }
    }

    private func askSingly(_ issue: ExternalIssue) async -> Answer {
        do throws(TrackerError) {
            let outcome = try await trackers.fetchIssue(
                issue.reference, validator: issue.trustedValidator, from: source, budget: budget)
            switch outcome {
            case .fetched(let snapshot, let validator): return .read(snapshot, validator: validator)
            // What the tracker confirms is judged again like what it tells: our own rules may have changed.
            case .notModified: return .read(issue.snapshot, validator: issue.validator)
            }
        } catch {
            return .failed(error)
        }
    }
}

/// Issues of a tracker's answer, found by what we know of them.
struct FoundIssues {
    private var byNativeID: [String: IssueSnapshot] = [:]
    private var byKey: [String: IssueSnapshot] = [:]

    init(_ snapshots: [IssueSnapshot]) {
        for snapshot in snapshots {
            for id in [snapshot.nativeID, snapshot.formerNativeID ?? ""] where !id.isEmpty {
                byNativeID[id] = byNativeID[id] ?? snapshot
            }
            for key in [snapshot.key] + snapshot.previousKeys {
                byKey[key.lowercased()] = byKey[key.lowercased()] ?? snapshot
            }
        }
    }

    func snapshot(of issue: ExternalIssue) -> IssueSnapshot? {
        issue.snapshot.nativeID.isEmpty
            ? byKey[issue.snapshot.key.lowercased()] : byNativeID[issue.snapshot.nativeID]
    }
}

extension ExternalIssue {
    /// The tag of the last good state, unless something came after that: then the tracker tells all.
    fileprivate var trustedValidator: String {
        reachability == .ok && lastErrorReason.isEmpty ? validator : ""
    }

    /// How the tracker is asked for it.
    var reference: IssueReference { IssueReference(key: snapshot.key, nativeID: snapshot.nativeID) }
}
