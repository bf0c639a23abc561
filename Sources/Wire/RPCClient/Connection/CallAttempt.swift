// SPDX-License-Identifier: Apache-2.0

internal import RPC
internal import TTRPC

/// A call as the client keeps it for one or more attempts.
struct CallAttempt: Sendable {
    let descriptor: MethodDescriptor
    let payload: [UInt8]
    let metadata: RPCMetadata
    let deadline: ContinuousClock.Instant

    /// The call as it goes on the wire at `now`; at least a nanosecond is left, because 0 would mean no
    /// deadline.
    func outgoing(at now: ContinuousClock.Instant) -> OutgoingCall {
        let (seconds, attoseconds) = now.duration(to: deadline).components
        let nanoseconds = min(seconds, 1 << 32) * 1_000_000_000 + attoseconds / 1_000_000_000
        return OutgoingCall(
            descriptor: descriptor, payload: payload, metadata: metadata,
            timeoutNanoseconds: max(nanoseconds, 1))
    }
}

/// How an attempt failed.
struct AttemptFailure: Error {
    /// What the caller hears.
    let error: RPCError
    /// Certainly no handler saw the call.
    let wasNotStarted: Bool
    /// The connection broke while the answer was awaited.
    let isLost: Bool

    /// The server answered. UNAVAILABLE is its word for "not started".
    static func answered(_ error: RPCError) -> AttemptFailure {
        AttemptFailure(error: error, wasNotStarted: error.code == .unavailable, isLost: false)
    }

    /// The call did not leave this process.
    static func notSent(_ error: RPCError, isRepeatable: Bool = true) -> AttemptFailure {
        AttemptFailure(error: error, wasNotStarted: isRepeatable, isLost: false)
    }

    /// The connection broke after the call was sent.
    static let lost = AttemptFailure(
        error: RPCError(
            .unavailable, "the connection broke before the answer came; the call may have been done"),
        wasNotStarted: false, isLost: true)

    /// Nobody waits for the call any more.
    static func abandoned(_ error: RPCError) -> AttemptFailure {
        AttemptFailure(error: error, wasNotStarted: false, isLost: false)
    }
}
