// SPDX-License-Identifier: Apache-2.0

import ExtRefTrackers

/// What an exchange says about its source as a whole.
enum ExchangeVerdict: Sendable, Hashable, CaseIterable {
    /// The tracker works and lets us in, even if it refuses this one thing.
    case working
    /// The tracker is there and wants us to wait.
    case throttling
    /// The tracker, or the way to it, is in trouble; that passes by itself.
    case failing
    /// Somebody has to change the source, its credential or the policy.
    case misconfigured
    /// Nothing: it never left, or somebody lost interest.
    case silent

    init(_ outcome: TrafficOutcome) {
        guard let failure = outcome.failure else {
            self = .working
            return
        }
        switch failure.code {
        case .credentialsRejected, .credentialsExpired, .egressDenied, .tlsFailed, .redirected:
            self = .misconfigured
        case .rateLimited: self = .throttling
        case .permissionDenied, .scopeMissing, .notFound, .gone, .apiGone, .notReturned, .invalidRequest,
            .unsupported:
            self = .working
        case .nameNotResolved, .connectFailed: self = .failing
        case .unavailable, .timedOut: self = failure.isUnsent ? .silent : .failing
        // A request that could not be built says nothing about the tracker.
        case .badResponse: self = failure.isUnbuilt ? .silent : .failing
        case .overloaded: self = .silent
        // A caller that stopped waiting after so long had reason to.
        case .cancelled: self = outcome.latency >= TrafficLimits.silenceTime ? .failing : .silent
        }
    }
}
