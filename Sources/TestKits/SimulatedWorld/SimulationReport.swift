// SPDX-License-Identifier: Apache-2.0

/// What became of a world.
public struct SimulationReport: Sendable {
    public let seed: UInt64
    /// What must not have happened; empty when all is well.
    public var complaints: [String]
    /// How long everything took to come true once the trackers behaved.
    public var recovery = Duration.zero
    /// Calls that reached trackers.
    public var calls = 0
    /// Changes that the reader of the feed saw.
    public var changes = 0
    /// What happened outside the server, in order, each with its time.
    public var events: [String] = []
}
