// SPDX-License-Identifier: Apache-2.0

/// Tokens that come back at a rate, up to a number that may be spent at once.
///
/// Times are durations since one moment of the caller's choice, and never run backwards.
struct TokenBucket: Sendable {
    private(set) var rate: Double
    private(set) var burst: Double
    private var tokens: Double
    private var settledAt = Duration.zero

    /// - Parameters:
    ///   - rate: tokens a second; more than zero.
    ///   - burst: the most there can be; at least 1. It starts full.
    init(rate: Double, burst: Double, at now: Duration = .zero) {
        precondition(rate > 0 && burst >= 1, "a bucket that gives nothing")
        self.rate = rate
        self.burst = burst
        tokens = burst
        settledAt = now
    }

    func tokens(at now: Duration) -> Double {
        min(burst, tokens + max(.zero, now - settledAt).inSeconds * rate)
    }

    /// When one token can be taken so that others remain; not before `now`.
    /// - Parameter reserve: how many are to remain; less than the burst.
    func ready(leaving reserve: Double = 0, at now: Duration) -> Duration {
        let missing = min(reserve + 1, burst) - tokens(at: now)
        // Less than a millionth of a token is the rounding of a sleep.
        return missing < 1e-6 ? now : now + .seconds(missing / rate)
    }

    /// Takes a token; whoever asks ``ready(leaving:at:)`` first never takes one that is not there.
    mutating func take(at now: Duration) {
        settle(at: now)
        tokens = max(0, tokens - 1)
    }

    /// Goes on at another rate.
    mutating func setRate(_ rate: Double, burst: Double, at now: Duration) {
        settle(at: now)
        self.rate = rate
        self.burst = burst
        tokens = min(tokens, burst)
    }

    private mutating func settle(at now: Duration) {
        tokens = tokens(at: now)
        settledAt = max(settledAt, now)
    }
}

extension Duration {
    /// As a floating-point number, for rates.
    var inSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }
}
