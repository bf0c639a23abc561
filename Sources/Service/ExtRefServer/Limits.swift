// SPDX-License-Identifier: Apache-2.0

/// Bounds of a server as a whole; those of its parts stand in their modules.
public enum ServerLimits {
    /// Longest time one call may take unless `limits.deadline_seconds` says otherwise.
    public static let deadlineSecondsDefault = 60
    /// Longest time that can be set for one call.
    public static let deadlineSecondsMax = 600
    /// Connections at once unless `limits.connections` says otherwise.
    public static let connectionsDefault = 4_096
    /// Most connections that can be set.
    public static let connectionsMax = 65_536
    /// How long calls in flight get to end unless `drain_seconds` says otherwise.
    public static let drainSecondsDefault = 20
    /// Longest time that can be set for draining; longer than any orchestrator waits before it kills.
    public static let drainSecondsMax = 600
    /// Addresses one server listens on.
    public static let listenAddressesMax = 16
    /// Largest configuration file, in bytes.
    public static let configurationBytesMax = 1 << 20
    /// Longest path of a unix socket (sun_path of unix(7), less the closing NUL).
    public static let unixPathBytesMax = 107
    /// How often the host application's key set file is looked at.
    public static let keySetInterval = Duration.seconds(30)
    /// Part of its life that the admin token must have left when the server starts; else a new one is
    /// written.
    public static let adminTokenRest = Duration.seconds(30 * 86_400)
}
