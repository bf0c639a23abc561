// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
internal import Synchronization

/// Issues that somebody looked at since their source's last pass. Where no tracker tells what changed, what
/// people look at is read again before its time: at most once in ``SyncLimits/refreshPauseMin``.
///
/// In memory only: a view that a restart forgets costs its issue no more than its usual pause.
public final class RecentViews: Sendable {
    private let seen = Mutex<[SourceID: Set<IssueID>]>([:])

    /// Makes a memory of no views.
    public init() {}

    /// Notes that somebody looked at an issue, if reading it again may tell anything.
    public func note(_ issue: ExternalIssue, at now: Timestamp) {
        guard issue.reachability == .ok, issue.lastErrorReason.isEmpty,
            let next = issue.nextFetchAt, next > now,
            issue.isStale(at: now, maxAge: SyncLimits.refreshPauseMin)
        else { return }
        seen.withLock { seen in
            guard seen[issue.sourceID, default: []].count < SyncLimits.viewedIssuesMax else { return }
            // A source that is switched off takes nothing, and must not keep its place for ever.
            if seen[issue.sourceID] == nil, seen.count >= SyncLimits.viewedSourcesMax {
                seen.remove(at: seen.startIndex)
            }
            seen[issue.sourceID, default: []].insert(issue.id)
        }
    }

    /// Takes what was looked at of one source, and forgets it.
    public func take(_ source: SourceID) -> Set<IssueID> {
        seen.withLock { $0.removeValue(forKey: source) ?? [] }
    }
}
