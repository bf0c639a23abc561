// SPDX-License-Identifier: Apache-2.0

import ExtRefTrackers

/// How fast one account may be used, learnt from what its tracker says and does.
///
/// Three things hold a call back. A wait that the tracker asked for holds back everything, to the moment. A
/// budget that the tracker told of holds back background work from its half on, and everything once it is
/// used up. And where a tracker tells nothing, a rate of our own: it grows by one call a second each second
/// in which it was what held calls back, and halves when the tracker throttles.
///
/// Invariants: no call is ready before ``blockedUntil``; a call that is ready for background work is ready
/// for a person.
struct RateGovernor: Sendable {
    /// Before this time nothing leaves.
    private(set) var blockedUntil = Duration.zero
    private var backgroundPausedUntil = Duration.zero
    private var bucket = TokenBucket(
        rate: TrafficLimits.callsPerSecondStart, burst: Self.burst(of: TrafficLimits.callsPerSecondStart))
    /// By the tracker's names for them.
    private var budgets: [String: ToldBudget] = [:]
    private var slowedAt: Duration?
    private var raisedAt = Duration.zero
    private var throttlesInARow = 0

    /// Calls a second that our own rate allows.
    var callsPerSecond: Double { bucket.rate }

    /// The budget that is told of and has the smallest part left.
    func scarcestBudget(at now: Duration) -> ToldBudget? {
        budgets.values.filter { $0.isCurrent(at: now) }.min {
            $0.left * max(1, $1.limit) < $1.left * max(1, $0.limit)
        }
    }

    /// When a call may leave; not before `now`.
    func ready(for priority: TrafficPriority, at now: Duration) -> Duration {
        switch priority {
        case .interactive:
            var ready = max(blockedUntil, bucket.ready(at: now))
            // Of several budgets nobody knows which one the call will use; the tracker will say.
            if budgets.count == 1, let budget = budgets.values.first {
                ready = max(ready, budget.readyForAll(at: now))
            }
            return ready
        case .background:
            return budgets.values.reduce(
                max(blockedUntil, backgroundPausedUntil, bucket.ready(leaving: bucket.burst / 2, at: now))
            ) { max($0, $1.readyForBackground(at: now), $1.readyForAll(at: now)) }
        }
    }

    /// A call leaves.
    mutating func leave(at now: Duration) {
        bucket.take(at: now)
        for name in budgets.keys { budgets[name]?.take(at: now) }
    }

    /// Learns from an exchange.
    /// - Parameters:
    ///   - departure: when it left.
    ///   - underWay: how many others are on their way.
    mutating func note(
        _ outcome: TrafficOutcome, departure: Duration, underWay: Int, at now: Duration
    ) {
        if let hints = outcome.hints { keep(hints, underWay, at: now) }
        let isThrottled = outcome.failure?.code == .rateLimited
        let told = [outcome.failure?.retryAfter, outcome.hints?.retryAfter].compactMap(\.self).max() ?? .zero
        if isThrottled || told > .zero {
            let isNews = slowDown(departure: departure, at: now)
            if isThrottled, isNews { throttlesInARow += 1 }
            let wait = isThrottled && told == .zero ? untoldPause : told
            blockedUntil = max(blockedUntil, now + max(wait, TrafficLimits.throttlePauseMin))
        } else if let delay = outcome.hints?.delay {
            _ = slowDown(departure: departure, at: now)
            backgroundPausedUntil = max(backgroundPausedUntil, now + delay)
        } else if outcome.failure == nil {
            throttlesInARow = 0
            raise(at: now)
        }
    }

    private mutating func keep(_ hints: RateHints, _ underWay: Int, at now: Duration) {
        budgets = budgets.filter { $0.value.isCurrent(at: now) }
        if budgets[hints.resource] != nil {
            budgets[hints.resource]?.update(hints, underWay: underWay, at: now)
        } else if budgets.count < TrafficLimits.budgetsPerAccountMax {
            budgets[hints.resource] = ToldBudget(hints, at: now)
        }
    }

    /// Halves the rate: once for all calls that were on their way when it was halved last.
    private mutating func slowDown(departure: Duration, at now: Duration) -> Bool {
        if let slowedAt, departure < slowedAt { return false }
        slowedAt = now
        setRate(max(TrafficLimits.callsPerSecondMin, bucket.rate / 2), at: now)
        return true
    }

    private mutating func raise(at now: Duration) {
        let time = min(now - raisedAt, .seconds(1))
        raisedAt = now
        guard bucket.tokens(at: now) < bucket.burst * 0.75 else { return }
        let more = TrafficLimits.callsPerSecondIncrease * time.inSeconds
        setRate(min(TrafficLimits.callsPerSecondMax, bucket.rate + more), at: now)
    }

    private mutating func setRate(_ rate: Double, at now: Duration) {
        bucket.setRate(rate, burst: Self.burst(of: rate), at: now)
    }

    /// Grows from throttle to throttle as long as the tracker does not say how long.
    private var untoldPause: Duration {
        let doublings = min(max(throttlesInARow - 1, 0), 10)
        return min(TrafficLimits.untoldPauseMin * (1 << doublings), TrafficLimits.untoldPauseMax)
    }

    private static func burst(of rate: Double) -> Double {
        max(TrafficLimits.burstMin, rate * TrafficLimits.burstSeconds)
    }
}
