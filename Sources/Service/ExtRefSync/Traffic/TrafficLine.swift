// SPDX-License-Identifier: Apache-2.0

import ExtRefTrackers

/// All that is remembered of one key: its rate, its breaker, what is wrong with it, and what it cost.
struct TrafficLine: Sendable {
    /// What a call is told that wants to leave.
    enum Answer: Sendable {
        case go
        /// Nothing is wrong, but not before this time.
        case wait(until: Duration)
        case refused(TrackerError)
    }

    private(set) var rate: RateGovernor
    private(set) var breaker = CircuitBreaker()
    private(set) var memory = FailureMemory()
    private(set) var retries = RetryBudget()
    private(set) var calls = CallCount()
    private(set) var underWay = 0
    private(set) var lastFailure: TrackerError.Code?
    private(set) var failures: [TrackerError.Code: CallCount] = [:]

    /// - Parameter rate: what is known of the same account's rate already.
    init(rate: RateGovernor = RateGovernor()) {
        self.rate = rate
    }

    func answer(to wish: TrafficWish, at now: Duration) -> Answer {
        let ready: Duration
        if wish.isConnectionTest {
            ready = rate.blockedUntil
        } else {
            if let refusal = memory.refusal(wish.priority, at: now) { return .refused(refusal) }
            if let until = breaker.refusedUntil(at: now) {
                return .refused(Self.breakerRefusal(until - now))
            }
            ready = rate.ready(for: wish.priority, at: now)
        }
        return ready > now ? .wait(until: ready) : .go
    }

    /// A call leaves that was told to go.
    mutating func leave(_ call: UInt64, _ wish: TrafficWish, at now: Duration) {
        underWay += 1
        calls.add(at: now)
        rate.leave(at: now)
        guard !wish.isConnectionTest else { return }
        memory.leave(wish.priority, at: now)
        breaker.leave(call, at: now)
    }

    mutating func note(
        _ outcome: TrafficOutcome, of pass: TrafficPass, at now: Duration,
        using generator: inout some RandomNumberGenerator
    ) {
        underWay -= 1
        let verdict = ExchangeVerdict(outcome)
        rate.note(outcome, departure: pass.admittedAt, underWay: underWay, at: now)
        breaker.note(
            verdict, of: pass.number, isTest: pass.wish.isConnectionTest, at: now, using: &generator)
        memory.note(verdict, outcome.failure, departure: pass.admittedAt, at: now)
        retries.note(verdict)
        if let code = outcome.failure?.code { failures[code, default: CallCount()].add(at: now) }
        switch verdict {
        case .working: lastFailure = nil
        case .silent: break
        case .throttling, .failing, .misconfigured: lastFailure = outcome.failure?.code
        }
    }

    /// When the next call that nobody waits for may leave, as far as is known.
    func blockedUntil(at now: Duration) -> Duration? {
        let ends = [
            rate.blockedUntil, breaker.refusedUntil(at: now) ?? .zero, memory.nextAttempt ?? .zero,
        ]
        return ends.max().flatMap { $0 > now ? $0 : nil }
    }

    private static func breakerRefusal(_ wait: Duration) -> TrackerError {
        .unsent(
            .unavailable,
            "The tracker failed several times in a row and is left alone for a while. A connection test asks "
                + "it at once.", retryAfter: wait)
    }
}
