// SPDX-License-Identifier: Apache-2.0

/// What the protocol itself fixes. Source: PROTOCOL.md of containerd/ttrpc.
public enum TTRPCLimits {
    /// Bytes of a frame's header.
    public static let headerBytes = 10
    /// The most bytes that any frame may carry after its header.
    public static let frameBytesMax = 4 << 20

    /// Bytes that a request may have if nothing else is configured.
    public static let requestBytesMax = 1 << 20
    /// Calls in flight on one connection if nothing else is configured.
    public static let inFlightMax = 128
    /// Protocol faults after which a connection is closed.
    public static let faultsMax = 16
    /// Oversized frames within `oversizedWindow` after which a connection is closed.
    public static let oversizedMax = 3
    /// Time in which oversized frames add up.
    public static let oversizedWindow = Duration.seconds(10)
    /// Time for a frame to arrive whole once its first byte has come.
    public static let frameDuration = Duration.seconds(10)
    /// Time after which a connection without calls is closed.
    public static let idleDuration = Duration.seconds(15 * 60)

    /// Ended streams that are remembered, so that a frame that crossed the answer is no fault.
    static let endedStreamsKept = 64
    /// Bytes that a buffer keeps for reuse; a bigger one is given back once it is empty.
    static let idleBufferBytesMax = 64 << 10

    /// The highest id that our clients use; the connection is replaced then, because stock servers refuse ids
    /// that wrap round.
    static let streamIDMax = UInt32.max
}
