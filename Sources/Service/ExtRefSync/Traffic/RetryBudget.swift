// SPDX-License-Identifier: Apache-2.0

import ExtRefTrackers

/// Lets failed calls be repeated as long as few fail: a tracker in trouble is not asked more than others ask
/// it.
///
/// The token count of gRPC's proposal A6: a failure costs one, a success gives a tenth back, and at half of
/// the ten or below nothing is repeated. So repeats stay near a tenth of the calls.
struct RetryBudget: Sendable {
    private static let tenthsMax = TrafficLimits.retryTokensMax * 10
    private var tenths = Self.tenthsMax

    var allowsRetry: Bool { tenths * 2 > Self.tenthsMax }

    mutating func note(_ verdict: ExchangeVerdict) {
        switch verdict {
        case .failing, .throttling: tenths = max(0, tenths - 10)
        case .working: tenths = min(Self.tenthsMax, tenths + 1)
        case .misconfigured, .silent: break
        }
    }

    /// A pause with full jitter before an attempt (AWS, "Exponential Backoff And Jitter").
    /// - Parameter attempt: 2 or more.
    static func pause(
        beforeAttempt attempt: Int, using generator: inout some RandomNumberGenerator
    ) -> Duration {
        var ceiling = TrafficLimits.retryPauseFirst
        for _ in 2..<max(attempt, 2) {
            ceiling = min(ceiling * TrafficLimits.retryPauseGrowth, TrafficLimits.retryPauseMax)
        }
        let milliseconds = Int64(ceiling / .milliseconds(1))
        return .milliseconds(Int64.random(in: 0...milliseconds, using: &generator))
    }

    /// Whether the failure may be gone a moment later, with nobody changing anything.
    static func mayPass(_ failure: TrackerError) -> Bool {
        guard !failure.isUnsent else { return false }
        switch failure.code {
        case .unavailable, .nameNotResolved, .connectFailed, .timedOut, .rateLimited: return true
        default: return false
        }
    }
}
