// SPDX-License-Identifier: Apache-2.0

public import RPC

/// What the connection's shell is to do.
public enum ServerConnectionCommand: Sendable {
    /// Run the handler and report with `callFinished`, whatever happens.
    case startCall(CallToken, IncomingCall)
    /// Tell the handler that nobody waits for it. It still reports with `callFinished`.
    case cancelCall(CallToken)
    /// Send what is in `output`, then close the connection.
    case close(CloseReason)
}

/// A call as the connection understood it.
public struct IncomingCall: Sendable {
    /// The method and its handler.
    public let binding: MethodBinding
    /// The request, not yet decoded.
    public let payload: [UInt8]
    /// What the caller sent beside the request.
    public let metadata: RPCMetadata
    /// When the call ends.
    public let deadline: ContinuousClock.Instant
}

/// Why the server closes a connection.
public enum CloseReason: String, Sendable, Hashable, CaseIterable {
    /// The peer closed its side and has all its answers.
    case peerClosed = "peer_closed"
    /// The connection broke.
    case connectionLost = "connection_lost"
    /// The bytes were no frames.
    case lostSync = "lost_sync"
    /// A request came on the id of a call in flight; the answer of one could reach the other.
    case streamReused = "stream_reused"
    /// Too many protocol faults.
    case faults
    /// Too many oversized frames.
    case oversizedFrames = "oversized_frames"
    /// A frame did not arrive whole in its time.
    case frameTooSlow = "frame_too_slow"
    /// Nothing happened for too long.
    case idle
    /// The server drains and the connection has no calls.
    case drained
}
