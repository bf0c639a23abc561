// SPDX-License-Identifier: Apache-2.0

public import RPC
public import TTRPC

/// Where a server listens and what it may cost. The defaults are those of `RPCServerLimits`.
public struct ServerConfiguration: Sendable {
    /// Where to listen; at least one place.
    public var listen: [Endpoint]
    /// Bounds of each connection.
    public var connection = ServerConnectionSettings()
    /// Event loops; each serves its connections and runs their handlers on one thread.
    public var eventLoops: Int

    /// Connections in all.
    public var connectionsMax = RPCServerLimits.connectionsMax
    /// Connections from one TCP address on none of which a caller has proved an identity; nil sets no bound.
    ///
    /// An interceptor that authenticates callers must call `PeerConnection.authenticated()`.
    public var strangersPerAddressMax: Int? = RPCServerLimits.strangersPerAddressMax
    /// Handlers that run at once, all connections together.
    public var inFlightMax = RPCServerLimits.inFlightMax

    /// Time for the first byte of a connection.
    public var firstByteDuration = RPCServerLimits.firstByteDuration
    /// Queued output above which nothing more is read from a connection.
    public var queuedBytesHigh = RPCServerLimits.queuedBytesHigh
    /// Queued output below which reading goes on.
    public var queuedBytesLow = RPCServerLimits.queuedBytesLow
    /// Time after which a connection whose peer takes nothing of the queued output is closed.
    public var stallDuration = RPCServerLimits.stallDuration

    /// Time in which draining connections still answer new calls with UNAVAILABLE.
    public var drainNoticeDuration = RPCServerLimits.drainNoticeDuration
    /// Time for calls in flight when the server drains; then everything is closed.
    public var drainDuration = RPCServerLimits.drainDuration
    /// Time in which a connection that we close still reads, so that the peer gets our last answer and not a
    /// reset.
    public var lingerDuration = RPCServerLimits.lingerDuration

    /// Creates a configuration with the default bounds.
    ///
    /// - Parameters:
    ///   - listen: where to listen.
    ///   - eventLoops: how many event loops; nil takes one for each core but one.
    public init(listen: [Endpoint], eventLoops: Int? = nil) {
        self.listen = listen
        self.eventLoops = eventLoops ?? Self.eventLoopCountDefault
    }
}
