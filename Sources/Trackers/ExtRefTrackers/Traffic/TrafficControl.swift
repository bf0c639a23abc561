// SPDX-License-Identifier: Apache-2.0

/// Decides when a request to a tracker may leave. ``TrackerRunner`` asks before every exchange over HTTP and
/// tells how each went, so nothing reaches a tracker past it.
public protocol TrafficControl: Sendable {
    /// Waits until the request may leave, as long as ``TrafficWish/timeLeft`` makes sense of.
    ///
    /// Each pass is given back by one ``finish(_:_:)``.
    /// - Throws: a failure whose ``TrackerError/stage`` is `queue`, for nothing was sent:
    ///   ``TrackerError/Code/rateLimited`` or ``TrackerError/Code/unavailable`` with a time to wait,
    ///   what made the source unusable, ``TrackerError/Code/overloaded`` or
    ///   ``TrackerError/Code/cancelled``.
    func admit(_ wish: TrafficWish) async throws(TrackerError) -> TrafficPass

    /// Takes a pass back, with what became of the exchange.
    func finish(_ pass: TrafficPass, _ outcome: TrafficOutcome)

    /// How long to pause before a request that failed is sent again.
    /// - Parameters:
    ///   - attempt: the number of the attempt that would follow; 2 or more.
    ///   - wish: of a request that changes nothing.
    /// - Returns: nil when it must not be sent again.
    func pause(beforeAttempt attempt: Int, of wish: TrafficWish, after failure: TrackerError) -> Duration?
}

/// Lets everything pass and nothing be repeated: what a runner without a governor does.
public struct FreeTraffic: TrafficControl {
    /// Makes one.
    public init() {}

    public func admit(_ wish: TrafficWish) async throws(TrackerError) -> TrafficPass {
        TrafficPass(number: 0, wish: wish, admittedAt: .zero)
    }

    public func finish(_ pass: TrafficPass, _ outcome: TrafficOutcome) {}

    public func pause(
        beforeAttempt attempt: Int, of wish: TrafficWish, after failure: TrackerError
    ) -> Duration? { nil }
}
