// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// Says when an issue is read again. Pure.
///
/// Where the tracker tells what changed, reading every issue is a safety net for what such a list leaves out,
/// deletions above all, and the pauses are long. Elsewhere they follow the issue: what changed a moment ago
/// is likely to change again, what has been done for days is not.
public struct RefreshPlan: Sendable, Hashable {
    /// Whether the tracker is asked for changes too.
    public let tellsChanges: Bool

    /// Makes a plan for the issues of one source.
    public init(tellsChanges: Bool) {
        self.tellsChanges = tellsChanges
    }

    /// When an issue is read next that was read well just now.
    /// - Parameters:
    ///   - issue: as just read; its ``ExternalIssue/hintedAt`` is from before.
    ///   - now: when that was.
    public func next(
        for issue: ExternalIssue, at now: Timestamp, using generator: inout some RandomNumberGenerator
    ) -> Timestamp {
        if let hintedAt = issue.hintedAt, !Self.settles(hintedAt, by: now) {
            return hintedAt + SyncLimits.hintSettleTime
        }
        return now + Self.spread(pause(for: issue, at: now), using: &generator)
    }

    /// Whether what was read now is what the tracker's hint was about. Some trackers tell before they commit,
    /// so one read soon after a hint is not enough.
    public static func settles(_ hintedAt: Timestamp, by now: Timestamp) -> Bool {
        now - hintedAt >= SyncLimits.hintSettleTime
    }

    /// How long an issue is left alone.
    func pause(for issue: ExternalIssue, at now: Timestamp) -> Duration {
        if issue.reachability == .pending { return SyncLimits.refreshPauseMin }
        if tellsChanges {
            return issue.statusCategory.isClosed ? SyncLimits.sweepPauseClosed : SyncLimits.sweepPauseOpen
        }
        let calm = now - (issue.snapshot.updatedAt ?? issue.snapshot.createdAt ?? Timestamp(milliseconds: 0))
        // A tenth of the time it has been calm: what changed ten minutes ago is read again in one.
        let pause = max(SyncLimits.refreshPauseMin, calm / 10)
        return min(
            pause,
            issue.statusCategory.isClosed ? SyncLimits.refreshPauseMaxClosed : SyncLimits.refreshPauseMaxOpen)
    }

    /// Up to a tenth more, so that what was read together is not read together for ever.
    static func spread(_ pause: Duration, using generator: inout some RandomNumberGenerator) -> Duration {
        pause + pause / 1_000 * Int.random(in: 0...100, using: &generator)
    }
}
