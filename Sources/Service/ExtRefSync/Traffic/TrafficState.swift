// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
public import ExtRefTrackers

/// How the calls to one source are doing, for whoever operates it.
public struct TrafficState: Sendable, Hashable {
    /// Calls of the last hour, minute by minute.
    public let callsLastHour: Int
    /// Calls on their way, and calls that wait for a place.
    public let underWay: Int
    public let waiting: Int
    /// What the tracker told of its scarcest budget; nil when it tells nothing.
    public let budgetLimit: Int?
    public let budgetLeft: Int?
    public let budgetEndsAt: Timestamp?
    /// How many calls a second our own rate allows.
    public let callsPerSecond: Double
    public let breaker: BreakerState
    /// Until when calls that nobody waits for are held back; nil when they are not.
    public let blockedUntil: Timestamp?
    /// The class of the last failure of the source as a whole; nil since a call that worked.
    public let lastFailure: TrackerError.Code?
    /// Failed calls of the last hour by class, those that concern a single issue included.
    public let failuresLastHour: [TrackerError.Code: Int]
}
