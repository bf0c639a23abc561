// SPDX-License-Identifier: Apache-2.0

import ExtRefTrackers

/// What a tracker told of one of its budgets: so many calls left until then.
///
/// Background work leaves half of it alone, and spreads its own half over the rest of the time.
struct ToldBudget: Sendable {
    private(set) var limit: Int
    private(set) var left: Int
    /// When it is renewed; nil when the tracker did not say.
    private(set) var endsAt: Duration?
    private var toldAt: Duration
    private var pace: TokenBucket?

    /// - Returns: nil when the answer says nothing about a budget.
    init?(_ hints: RateHints, at now: Duration) {
        self.init(hints, knownEnd: nil, at: now)
    }

    /// - Parameter knownEnd: what an earlier answer said of the end, for one that does not.
    private init?(_ hints: RateHints, knownEnd: Duration?, at now: Duration) {
        guard let remaining = hints.remaining, remaining >= 0 else { return nil }
        left = remaining
        limit = max(hints.limit ?? remaining, remaining)
        endsAt = (hints.reset ?? hints.retryAfter).map { now + $0 } ?? knownEnd
        toldAt = now
        pace = Self.pace(of: left - limit / 2, until: endsAt, from: now)
    }

    /// Takes a newer word on the same budget.
    mutating func update(_ hints: RateHints, underWay: Int, at now: Duration) {
        let knownEnd = isCurrent(at: now) ? endsAt : nil
        guard var newer = ToldBudget(hints, knownEnd: knownEnd, at: now) else { return }
        // Without a limit the most that was seen stands for it.
        if hints.limit == nil, isCurrent(at: now) { newer.limit = max(newer.limit, limit) }
        // Calls under way may not be counted yet.
        newer.left = max(0, newer.left - underWay)
        if let old = pace, let next = newer.pace, isCurrent(at: now) {
            newer.pace = old
            newer.pace?.setRate(next.rate, burst: next.burst, at: now)
        }
        self = newer
    }

    mutating func take(at now: Duration) {
        left = max(0, left - 1)
        pace?.take(at: now)
    }

    /// Whether it still says something.
    func isCurrent(at now: Duration) -> Bool { now < end }

    /// When background work may use it.
    func readyForBackground(at now: Duration) -> Duration {
        guard isCurrent(at: now) else { return now }
        guard left > limit / 2 else { return end }
        return min(end, pace?.ready(at: now) ?? now)
    }

    /// When anybody may use it.
    func readyForAll(at now: Duration) -> Duration {
        guard isCurrent(at: now), left == 0, let endsAt else { return now }
        return endsAt
    }

    private var end: Duration { endsAt ?? toldAt + TrafficLimits.untoldBudgetPause }

    private static func pace(of share: Int, until end: Duration?, from now: Duration) -> TokenBucket? {
        guard share > 0, let end, end > now else { return nil }
        let burst = min(Double(share), TrafficLimits.backgroundBurst)
        return TokenBucket(rate: Double(share) / (end - now).inSeconds, burst: burst, at: now)
    }
}
