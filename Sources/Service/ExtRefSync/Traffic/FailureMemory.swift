// SPDX-License-Identifier: Apache-2.0

import ExtRefTrackers

/// Remembers that a source cannot work until somebody changes something: a revoked token, a certificate that
/// nobody trusts, an address that the operator forbids.
///
/// Background work then asks once a step: a minute, doubling to six hours. A person may ask at once, but not
/// in a rush. The first call that works ends it, and so does any change of the source, which gets a memory of
/// its own.
struct FailureMemory: Sendable {
    private struct Remembered {
        var failure: TrackerError
        /// How often the step doubled, and when it did last.
        var level: Int
        var since: Duration
        /// When background work may ask.
        var nextAttempt: Duration
        var lastAttempt: Duration
    }

    private var remembered: Remembered?
    /// The level a failure had that ended, and until when another one goes on from there: what works every
    /// other time is not set right.
    private var scar: (level: Int, until: Duration)?

    var failure: TrackerError? { remembered?.failure }

    /// When background work may ask again; nil when nothing is wrong.
    var nextAttempt: Duration? { remembered?.nextAttempt }

    /// Why a call must not leave now; nil = it may.
    func refusal(_ priority: TrafficPriority, at now: Duration) -> TrackerError? {
        guard let remembered else { return nil }
        let earliest: Duration
        switch priority {
        case .background: earliest = remembered.nextAttempt
        case .interactive:
            earliest = min(
                remembered.nextAttempt, remembered.lastAttempt + TrafficLimits.personalRetryInterval)
        }
        guard now < earliest else { return nil }
        // Background work gets no time: a person may set the source right at any moment.
        return remembered.failure.remembered(
            retryAfter: priority == .interactive ? earliest - now : nil)
    }

    /// A call leaves; whatever becomes of it, the next one waits for its turn.
    mutating func leave(_ priority: TrafficPriority, at now: Duration) {
        guard var current = remembered else { return }
        current.lastAttempt = now
        if current.nextAttempt <= now { current.nextAttempt = now + Self.step(current.level) }
        remembered = current
    }

    /// Takes note of a call's end.
    /// - Parameter departure: when it left; one that left before the failure says nothing about it.
    mutating func note(
        _ verdict: ExchangeVerdict, _ failure: TrackerError?, departure: Duration, at now: Duration
    ) {
        switch verdict {
        case .working:
            guard let ended = remembered, departure >= ended.since else { return }
            scar = (ended.level, now + Self.step(ended.level))
            remembered = nil
        case .misconfigured:
            if let failure { remember(failure, at: now) }
        case .throttling, .failing, .silent: break
        }
    }

    private mutating func remember(_ failure: TrackerError, at now: Duration) {
        guard var current = remembered else {
            let level = scar.map { now < $0.until ? $0.level + 1 : 0 } ?? 0
            remembered = Remembered(
                failure: failure, level: level, since: now, nextAttempt: now + Self.step(level),
                lastAttempt: now)
            return
        }
        current.failure = failure
        // Once a step, however many calls fail in it.
        if now - current.since >= Self.step(current.level) {
            current.level += 1
            current.since = now
            current.nextAttempt = now + Self.step(current.level)
        }
        remembered = current
    }

    private static func step(_ level: Int) -> Duration {
        min(TrafficLimits.failureStepMin * (1 << min(level, 16)), TrafficLimits.failureStepMax)
    }
}
