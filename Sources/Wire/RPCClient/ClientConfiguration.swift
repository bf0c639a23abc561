// SPDX-License-Identifier: Apache-2.0

public import RPC

/// Whom a client calls and with what effort. The defaults are those of `RPCClientLimits`.
public struct ClientConfiguration: Sendable {
    /// The server.
    public var endpoint: Endpoint
    /// Connections to the server; calls take them in turn. They are opened when first needed.
    public var connections = RPCClientLimits.connections
    /// Calls that a connection has in flight. More calls wait in the client.
    public var inFlightMax = RPCClientLimits.inFlightMax
    /// Calls that wait in the client for a place on one connection; further ones fail with
    /// RESOURCE_EXHAUSTED.
    public var queuedMax = RPCClientLimits.queuedMax
    /// Time to open a connection.
    public var connectDuration = RPCClientLimits.connectDuration

    /// Creates a configuration with the default bounds.
    public init(endpoint: Endpoint) {
        self.endpoint = endpoint
    }
}
