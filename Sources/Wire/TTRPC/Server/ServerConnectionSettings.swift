// SPDX-License-Identifier: Apache-2.0

public import RPC

/// What one connection may cost the server.
public struct ServerConnectionSettings: Sendable, Hashable {
    /// Bytes of a request frame's body.
    public var requestBytesMax = TTRPCLimits.requestBytesMax
    /// Bytes of a response frame's body; a larger answer becomes RESOURCE_EXHAUSTED for that call alone.
    public var responseBytesMax = TTRPCLimits.frameBytesMax
    /// Handlers that run at once. A slot is free when its handler has ended, not when its call was answered.
    public var inFlightMax = TTRPCLimits.inFlightMax
    /// Protocol faults after which the connection is closed.
    public var faultsMax = TTRPCLimits.faultsMax
    /// Oversized frames within `oversizedWindow` after which the connection is closed.
    public var oversizedMax = TTRPCLimits.oversizedMax
    /// Time in which oversized frames add up.
    public var oversizedWindow = TTRPCLimits.oversizedWindow
    /// Time for a frame to arrive whole once its first byte has come.
    public var frameDuration = TTRPCLimits.frameDuration
    /// Time after which a connection without calls is closed; nil keeps it.
    public var idleDuration: Duration? = TTRPCLimits.idleDuration
    /// When calls end.
    public var deadlines = DeadlinePolicy()

    /// Creates the default settings.
    public init() {}
}
