// SPDX-License-Identifier: Apache-2.0

/// Turns the time a caller allows into the moment at which its call ends.
public struct DeadlinePolicy: Sendable, Hashable {
    /// Time for a call whose caller named none.
    public var standard: Duration
    /// The longest time that a caller gets.
    public var longest: Duration

    /// Creates a policy.
    public init(standard: Duration = RPCLimits.deadlineDefault, longest: Duration = RPCLimits.deadlineMax) {
        self.standard = standard
        self.longest = longest
    }

    /// When a call that arrived at `now` ends.
    ///
    /// - Parameter timeoutNanoseconds: time that the caller allows; 0 when it named none.
    /// - Returns: the moment, or nil when the time was over before the call arrived.
    public func deadline(
        timeoutNanoseconds: Int64, now: ContinuousClock.Instant
    ) -> ContinuousClock.Instant? {
        guard timeoutNanoseconds >= 0 else { return nil }
        guard timeoutNanoseconds > 0 else { return now + min(standard, longest) }
        return now + min(.nanoseconds(timeoutNanoseconds), longest)
    }
}
