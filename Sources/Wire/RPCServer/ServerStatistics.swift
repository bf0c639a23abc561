// SPDX-License-Identifier: Apache-2.0

/// Figures of a server at one moment.
public struct ServerStatistics: Sendable, Hashable {
    /// Connections now.
    public var connections = 0
    /// Handlers that run now.
    public var callsRunning = 0
    /// Handlers started since the server began.
    public var callsStarted = 0
}
