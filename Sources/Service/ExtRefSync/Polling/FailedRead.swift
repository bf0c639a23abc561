// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// What becomes of an issue that a pass could not read. Pure.
public struct FailedRead: Sendable, Hashable {
    /// What the issue is shown as from now on.
    public let reachability: Reachability
    /// When it is read again.
    public let nextFetchAt: Timestamp

    /// Judges a failure that concerns this issue and not its whole source.
    ///
    /// An issue that seems to be missing is believed to be so the second time, ten minutes later: trackers
    /// answer "not found" for much that is about to come back, such as a project being moved.
    /// - Parameter found: what the tracker's answer makes of the issue; nil = nothing.
    public init(of issue: ExternalIssue, as found: Reachability?, at now: Timestamp) {
        let isFirstDoubt = issue.reachability == .ok && issue.lastErrorReason.isEmpty
        switch found ?? issue.reachability {
        case .notFound where isFirstDoubt, .notReturned where isFirstDoubt:
            reachability = .ok
            nextFetchAt = now + SyncLimits.missingDoubtTime
        case .gone, .notFound, .notReturned, .forbidden, .outOfScope:
            reachability = found ?? issue.reachability
            nextFetchAt = now + SyncLimits.missingPause
        case .pending, .ok, .unreachable:
            reachability = found ?? issue.reachability
            nextFetchAt = now + SyncLimits.failedReadPause
        }
    }
}
