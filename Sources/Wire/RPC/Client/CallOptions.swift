// SPDX-License-Identifier: Apache-2.0

/// How a client wants one call to be made.
public struct CallOptions: Sendable {
    /// Time for the whole call, repetitions included; nil takes `RPCLimits.deadlineDefault`. The server is
    /// told.
    public var timeout: Duration?
    /// What travels beside the request.
    public var metadata: RPCMetadata
    /// When the call may be repeated.
    public var retry: RetryPolicy

    /// Creates options; the defaults are those of a plain call.
    public init(
        timeout: Duration? = nil, metadata: RPCMetadata = RPCMetadata(), retry: RetryPolicy = .never
    ) {
        self.timeout = timeout
        self.metadata = metadata
        self.retry = retry
    }
}

/// When a client repeats a call by itself.
///
/// A call that certainly was not started can always be repeated: the connection was refused, or the server
/// answered UNAVAILABLE. A call whose connection broke may have been done; only its caller knows whether that
/// matters.
public struct RetryPolicy: Sendable, Hashable {
    /// Attempts in all, the first one included.
    public var attemptsMax: Int
    /// Longest wait before the second attempt; each further one doubles it. Waits are random below that.
    public var delayFirst: Duration
    /// Longest wait before any attempt.
    public var delayMax: Duration
    /// Whether a call may be repeated whose connection broke: it only reads, or it carries a `request_id`.
    public var isIdempotent: Bool

    /// Creates a policy.
    public init(
        attemptsMax: Int, delayFirst: Duration = .milliseconds(20), delayMax: Duration = .seconds(1),
        isIdempotent: Bool = false
    ) {
        self.attemptsMax = attemptsMax
        self.delayFirst = delayFirst
        self.delayMax = delayMax
        self.isIdempotent = isIdempotent
    }

    /// One attempt.
    public static let never = RetryPolicy(attemptsMax: 1)
    /// Five attempts, as gRPC allows at most, as long as the call was not started.
    public static let unstarted = RetryPolicy(attemptsMax: 5)
    /// Five attempts of a call that may be done twice.
    public static let idempotent = RetryPolicy(attemptsMax: 5, isIdempotent: true)

    /// How long to wait before the attempt after `attempt` attempts: full jitter, and never less than the
    /// server asked for.
    public func delay(
        afterAttempt attempt: Int, asked: Duration?, using random: inout some RandomNumberGenerator
    ) -> Duration {
        let doublings = min(max(attempt - 1, 0), 20)
        let ceiling = min(delayFirst * (1 << doublings), delayMax)
        let jittered = ceiling * Double.random(in: 0...1, using: &random)
        return max(jittered, asked ?? .zero)
    }
}
