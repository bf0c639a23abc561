// SPDX-License-Identifier: Apache-2.0

/// A database: it runs closures inside transactions. The closures are synchronous, so no transaction ever
/// spans a wait for the network or a client.
public protocol StorageEngine: Sendable {
    /// The engine's own words for what SQL leaves open.
    var dialect: Dialect { get }

    /// Whether no other process writes here: then what this one remembers of committed data stays true.
    var isSoleWriter: Bool { get }

    /// Brings the schema up to the newest step.
    /// - Throws: ``SQLError/Code-swift.enum/schemaTooNew(found:known:)`` when it is beyond that; nothing is
    ///   touched then.
    func migrate(_ migrations: [SQLMigration]) throws(SQLError)

    /// Reads one consistent snapshot; meant for a handful of rows by key. An embedded engine runs the closure
    /// at once on the caller's thread.
    /// - Throws: `SQLError`, or what the closure threw.
    func read<Value>(_ body: (SQLScope) throws -> Value) async throws -> Value

    /// Reads one consistent snapshot on a thread that may be busy for long.
    /// - Throws: `SQLError`, or what the closure threw.
    func scan<Value: Sendable>(_ body: @escaping @Sendable (SQLScope) throws -> Value) async throws -> Value

    /// Writes: all of the closure's statements or none, and returns only when they are durable. A throw
    /// inside undoes this closure alone. Not cancellable once called: it happens or it fails.
    /// - Throws: `SQLError`, or what the closure threw.
    func write<Value: Sendable>(_ body: @escaping @Sendable (SQLScope) throws -> Value) async throws -> Value

    /// What happened since the start.
    var statistics: SQLStatistics { get }

    /// Finishes waiting writes and lets go of the files. Later calls throw
    /// ``SQLError/Code-swift.enum/closed``.
    func close() throws(SQLError)
}

/// Counters of an engine since its start.
public struct SQLStatistics: Sendable, Hashable {
    /// Write closures that were kept.
    public var writes = 0
    /// Transactions that were made durable; each holds one or more writes.
    public var commits = 0
    /// Write closures that were undone.
    public var rollbacks = 0
    /// The most writes that shared one commit.
    public var batchWritesMax = 0
    /// Write closures that wait right now.
    public var writesWaiting = 0
    /// Copies of the log into the database file.
    public var checkpoints = 0
    /// Size of the log's live part, in bytes.
    public var logBytes = 0

    /// All zero.
    public init() {}
}
