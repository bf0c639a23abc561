// SPDX-License-Identifier: Apache-2.0

/// Bounds of a client, if nothing else is configured.
public enum RPCClientLimits {
    /// Connections to the server; each takes calls in turn.
    public static let connections = 1
    /// Calls that a connection has in flight; below what our servers allow. More calls wait in the client.
    public static let inFlightMax = 100
    /// Calls that wait in the client for a place on one connection.
    public static let queuedMax = 4096
    /// Time to open a connection.
    public static let connectDuration = Duration.seconds(5)
}
