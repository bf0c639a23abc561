// SPDX-License-Identifier: Apache-2.0

/// Every bound of the SQLite engine, by name.
public enum SQLiteLimits {
    /// Most writes that share one commit. 256 rows of ours take about 2 ms.
    public static let batchWritesMax = 256
    /// Longest time spent on the writes of one batch before it is committed.
    public static let batchDurationMax = Duration.milliseconds(2)
    /// Most writes that may wait; the next one is refused as busy. At 20,000 writes a second this is a fifth
    /// of a second.
    public static let writesWaitingMax = 4_096
    /// Most large reads that may wait or run; the next one is refused as busy.
    public static let scansWaitingMax = 256
    /// Longest time one read may hold its snapshot; it is stopped then, because it keeps the log from
    /// shrinking.
    public static let readDurationMax = Duration.seconds(5)
    /// What a read may take beyond its time until it notices.
    static let endOfReadGrace = Duration.seconds(1)
    /// Steps of SQLite's virtual machine between two looks at the clock; about a tenth of a millisecond.
    static let stepsBetweenDeadlineChecks: Int32 = 10_000
    /// The log is copied into the database after this many pages (16 MiB): enough for a page that changes
    /// again and again to be copied once, few enough for one segment of the log's index.
    static let checkpointPages = 4_000
    /// From this size on the log is cut back to nothing whenever no reader is in the way.
    public static let logBytesSoftMax = 64 << 20
    /// From this size on new reads are refused until the log has been cut.
    public static let logBytesHardMax = 256 << 20
    /// Most composed statements a connection keeps prepared; permanent ones are all kept.
    static let composedStatementsMax = 256
    /// Page size of new databases, in bytes.
    static let pageBytes = 4_096
    /// Page cache of the writing connection, in KiB.
    static let writerCacheKiB = 16_384
    /// Page cache of each reading connection, in KiB.
    static let readerCacheKiB = 8_192
    /// Longest wait of a connection for a lock of another one. Readers and the writer never wait for each
    /// other in WAL mode; this covers the moments of recovery and of cutting the log.
    static let lockWait = Duration.seconds(5)
}
