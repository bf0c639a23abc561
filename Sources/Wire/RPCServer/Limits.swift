// SPDX-License-Identifier: Apache-2.0

/// What the server may cost its host, if nothing else is configured.
public enum RPCServerLimits {
    /// Connections in all.
    public static let connectionsMax = 4096
    /// Connections from one address on none of which a caller has proved an identity.
    public static let strangersPerAddressMax = 64
    /// Handlers that run at once, all connections together.
    public static let inFlightMax = 4096
    /// Connections that the kernel completes before the server accepts them.
    public static let backlog: Int32 = 1024

    /// Pause after a connection could not be accepted, for instance because file descriptors ran out.
    static let acceptPauseDuration = Duration.milliseconds(100)

    /// Time for the first byte of a connection.
    public static let firstByteDuration = Duration.seconds(10)
    /// Queued output above which nothing more is read from a connection.
    public static let queuedBytesHigh = 1 << 20
    /// Queued output below which reading goes on.
    public static let queuedBytesLow = 256 << 10
    /// Time after which a connection whose peer takes nothing of the queued output is closed.
    public static let stallDuration = Duration.seconds(10)
    /// How far idle times differ among connections, in parts of the whole, so that they do not all close at
    /// once.
    public static let idleJitter = 0.1

    /// Time in which draining connections still answer new calls with UNAVAILABLE.
    public static let drainNoticeDuration = Duration.milliseconds(500)
    /// Time for calls in flight when the server drains; then everything is closed.
    public static let drainDuration = Duration.seconds(25)
    /// Time for cancelled handlers to end after that.
    public static let stopDuration = Duration.seconds(2)
    /// Time in which a connection that we close still reads, so that the peer gets our last answer and not a
    /// reset.
    public static let lingerDuration = Duration.seconds(1)

    /// Quiet time after which the kernel asks whether the peer is alive, in seconds.
    static let keepAliveIdleSeconds = 30
    /// Time between such questions, in seconds.
    static let keepAliveIntervalSeconds = 10
    /// Questions without answer after which the connection is lost.
    static let keepAliveProbes = 3
    /// Time that sent bytes may stay unacknowledged, in milliseconds.
    static let userTimeoutMilliseconds = 30_000

    /// Tasks that run on a loop before it looks at its sockets again.
    static let jobsPerPassMax = 4096
    /// Reads of one connection before the loop turns to the next.
    static let readsPerPassMax: UInt = 4
    /// Bytes of one read.
    static let readBytesMin = 64
    static let readBytesFirst = 2048
    static let readBytesMax = 64 << 10
}
