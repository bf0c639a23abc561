// SPDX-License-Identifier: Apache-2.0

/// Keeps calls from a tracker that is in trouble, and asks now and then whether it is well again.
///
/// ```
/// closed ── 5 failures in a row, or half of the last 20 ──▶ open (30 s)
/// open ── the step is over, one call leaves ──▶ probing
/// probing ── it works ──▶ closed
/// probing ── it fails ──▶ open (twice as long, at most 15 min)
/// probing ── it says nothing ──▶ open, and the next call may probe
/// ```
///
/// Invariants: while open nothing leaves; while probing nothing but the probe is under way that left since.
struct CircuitBreaker: Sendable {
    private enum Phase {
        case closed
        case open(until: Duration, step: Int)
        case probing(call: UInt64, since: Duration, step: Int)
    }

    private var phase = Phase.closed
    private var failuresInARow = 0
    /// The last outcomes, newest first: a set bit is a failure.
    private var recent: UInt32 = 0
    private var recentCount = 0

    var state: BreakerState {
        switch phase {
        case .closed: .closed
        case .open: .open
        case .probing: .probing
        }
    }

    /// Until when calls are refused; nil = one may leave.
    func refusedUntil(at now: Duration) -> Duration? {
        switch phase {
        case .closed: return nil
        case .open(let until, _): return now < until ? until : nil
        case .probing(_, let since, _):
            // A probe whose end nobody told must not close the way for ever.
            let end = since + TrafficLimits.breakerProbeTimeMax
            return now < end ? end : nil
        }
    }

    /// A call leaves that was not refused.
    mutating func leave(_ call: UInt64, at now: Duration) {
        switch phase {
        case .closed: break
        case .open(_, let step), .probing(_, _, let step):
            phase = .probing(call: call, since: now, step: step)
        }
    }

    /// Takes note of a call's end.
    /// - Parameter isTest: whether it was let out without asking; its success closes the breaker.
    mutating func note(
        _ verdict: ExchangeVerdict, of call: UInt64, isTest: Bool = false, at now: Duration,
        using generator: inout some RandomNumberGenerator
    ) {
        switch (phase, verdict) {
        case (.closed, .working), (.closed, .throttling), (.closed, .misconfigured): count(isFailure: false)
        case (.closed, .failing):
            count(isFailure: true)
            if isTooMuch { open(step: 0, at: now, using: &generator) }
        case (.probing(call, _, let step), .failing): open(step: step + 1, at: now, using: &generator)
        case (.probing(call, _, let step), .silent): phase = .open(until: now, step: step)
        case (.probing(call, _, _), _): self = CircuitBreaker()
        case (_, .working) where isTest: self = CircuitBreaker()
        default: break
        }
    }

    private var isTooMuch: Bool {
        failuresInARow >= TrafficLimits.breakerFailuresInARow
            || recentCount == TrafficLimits.breakerWindow
                && recent.nonzeroBitCount * 100
                    >= TrafficLimits.breakerWindow * TrafficLimits.breakerFailurePercent
    }

    private mutating func count(isFailure: Bool) {
        failuresInARow = isFailure ? failuresInARow + 1 : 0
        recent = (recent << 1 | (isFailure ? 1 : 0)) & (1 << UInt32(TrafficLimits.breakerWindow) - 1)
        recentCount = min(recentCount + 1, TrafficLimits.breakerWindow)
    }

    private mutating func open(
        step: Int, at now: Duration, using generator: inout some RandomNumberGenerator
    ) {
        let whole = min(
            TrafficLimits.breakerStepMin * (1 << min(step, 10)), TrafficLimits.breakerStepMax)
        let jitter = Int64.random(
            in: -TrafficLimits.jitterPercent...TrafficLimits.jitterPercent, using: &generator)
        self = CircuitBreaker()
        phase = .open(until: now + whole * (100 + jitter) / 100, step: step)
    }
}

/// Whether calls reach a tracker.
public enum BreakerState: String, Sendable, Hashable, CaseIterable {
    /// They do.
    case closed
    /// They are refused for a while, because the tracker is in trouble.
    case open
    /// One is on its way to find out.
    case probing
}
