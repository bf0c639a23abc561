// SPDX-License-Identifier: Apache-2.0

/// Bounds of the command line client.
enum CLILimits {
    /// Width assumed for a terminal that does not tell.
    static let columnsDefault = 80
    /// Narrower terminals are treated as this wide; a table narrower than that is unreadable anyway.
    static let columnsMin = 40
    /// Cells a shrinkable column keeps.
    static let cellColumnsMin = 5
    /// Longest wait for an answer unless `--timeout` says otherwise.
    static let timeoutDefault = Duration.seconds(30)
    /// Notifications asked for at most; the contract's bound.
    static let deliveriesMax: Int32 = 200
    /// How long one call of `changes watch` waits for something to happen, and how much longer for its
    /// answer.
    static let watchWait = Duration.seconds(50)
    static let watchGrace = Duration.seconds(10)
    /// Shortest and longest time before `changes watch` calls again when there was no answer to wait for.
    static let watchPause = Duration.milliseconds(100)
    static let watchPauseMax = Duration.seconds(5)
    /// Largest secret or token file read, in bytes.
    static let secretFileBytesMax = 65_536
    /// Largest import file read, in bytes.
    static let importFileBytesMax = 256 << 20
    /// Links sent in one import call; the contract's bound.
    static let importBatchMax = 1_000
    /// Entries asked for per page when everything is wanted; the contract's bound.
    static let pageSizeMax: Int32 = 500
}
