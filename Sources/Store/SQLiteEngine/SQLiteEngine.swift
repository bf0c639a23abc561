// SPDX-License-Identifier: Apache-2.0

public import SQLEngine
internal import Synchronization

/// The embedded engine: one database file in write-ahead-log mode, one writing connection, many reading ones.
///
/// - Writes gather into group commits (`GroupCommit`) and are durable when the caller hears of them
///   (`synchronous = FULL`).
/// - Point reads run on the caller's thread (`ReadLanes`), large ones on threads of their own
///   (`ScanThreads`).
/// - The writer alone checkpoints (`LogKeeper`), and a lock file keeps a second writer away (`FileLock`).
public final class SQLiteEngine: StorageEngine {
    let writer: ConnectionQueue
    let groupCommit: GroupCommit
    let lanes: ReadLanes
    let scans: ScanThreads
    private let log: LogKeeper
    private let held: Mutex<Held>

    /// What is given back on closing.
    private struct Held: ~Copyable {
        var lock: FileLock?
        var directory: TemporaryDirectory?
    }

    public var dialect: Dialect { .sqlite }
    /// The lock beside the file keeps every other process out.
    public var isSoleWriter: Bool { true }
    public var statistics: SQLStatistics { groupCommit.statistics }

    /// Opens the database file, and makes it when there is none.
    /// - Throws: `cannotOpen` when the directory or file cannot be written, `damaged` when the file is no
    ///   database, `busy` when another process serves it.
    public convenience init(path: String, configuration: SQLiteConfiguration = .init()) throws(SQLError) {
        try self.init(path: path, configuration: configuration, directory: nil)
    }

    /// Opens a database in a directory that goes away with the engine. For tests and demonstrations.
    public static func temporary(
        _ configuration: SQLiteConfiguration = .init()
    ) throws(SQLError) -> SQLiteEngine {
        let directory = try TemporaryDirectory()
        return try SQLiteEngine(
            path: directory.path + "/extref.db", configuration: configuration, directory: directory)
    }

    private init(
        path: String, configuration: SQLiteConfiguration, directory: TemporaryDirectory?
    ) throws(SQLError) {
        held = Mutex(Held(lock: try FileLock(path: path + ".lock"), directory: directory))
        func open(_ role: ConnectionQueue.Role) throws(SQLError) -> ConnectionQueue {
            try ConnectionQueue(
                role, path: path, dialect: .sqlite, statementPrepared: configuration.statementPrepared)
        }
        // The writer comes first: readers need the file and its log to be there.
        writer = try open(.writer)
        do { try writer.sync { try $0.prepareLog() } } catch { throw SQLError(error) }
        log = LogKeeper(
            softMaxBytes: configuration.logBytesSoftMax, hardMaxBytes: configuration.logBytesHardMax,
            readDurationMax: configuration.readDurationMax)
        groupCommit = GroupCommit(writer: writer, log: log)
        var readers: [ConnectionQueue] = []
        for _ in 0..<max(1, configuration.readLanes) { readers.append(try open(.reader)) }
        lanes = ReadLanes(readers, durationMax: configuration.readDurationMax)
        readers = []
        for _ in 0..<max(1, configuration.scanThreads) { readers.append(try open(.reader)) }
        scans = ScanThreads(readers, durationMax: configuration.readDurationMax)
    }

    public func read<Value>(_ body: (SQLScope) throws -> Value) async throws -> Value {
        try log.admitRead()
        return try lanes.read(body)
    }

    public func scan<Value: Sendable>(
        _ body: @escaping @Sendable (SQLScope) throws -> Value
    ) async throws -> Value {
        try log.admitRead()
        return try await scans.scan(body)
    }

    public func write<Value: Sendable>(
        _ body: @escaping @Sendable (SQLScope) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { caller in
            do throws(SQLError) {
                try groupCommit.submit(CallersWrite(caller: caller, body: body))
            } catch {
                caller.resume(throwing: error)
            }
        }
    }

    /// Lets go of the lock and of a temporary directory.
    func releaseFiles() {
        held.withLock { held in
            held.lock = nil
            held.directory = nil
        }
    }
}
