// SPDX-License-Identifier: Apache-2.0

/// What can be chosen about an engine.
public struct SQLiteConfiguration: Sendable {
    /// Connections for point reads. As many as threads read at once; each holds up to 8 MiB of pages.
    public var readLanes: Int
    /// Threads for large reads.
    public var scanThreads = 2
    /// Longest time one read may hold its snapshot.
    public var readDurationMax = SQLiteLimits.readDurationMax
    /// Log size from which it is cut whenever no reader is in the way, in bytes.
    public var logBytesSoftMax = SQLiteLimits.logBytesSoftMax
    /// Log size from which new reads pause until it has been cut, in bytes.
    public var logBytesHardMax = SQLiteLimits.logBytesHardMax
    /// Hears every statement's text when a connection prepares it. For tests that judge statements.
    public var statementPrepared: (@Sendable (String) -> Void)?

    /// - Parameter readLanes: connections for point reads.
    public init(readLanes: Int = 8) {
        self.readLanes = readLanes
    }
}
