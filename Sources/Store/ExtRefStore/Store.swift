// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
public import SQLEngine
internal import Synchronization

/// The one door to the data: every read and write goes through a closure that sees one tenant in one
/// transaction.
///
/// ```swift
/// let link = try await store.write(tenant) { tx in
///     let (link, isNew) = try tx.links.insert(link)
///     if isNew { try tx.changes.append(change) }
///     try tx.audit.append(entry)
///     return link
/// }
/// ```
public final class Store: Sendable {
    private struct State {
        var seeded: Set<TenantID> = []
        /// The configuration's version of busy tenants as of their last commit; a read need not ask for it
        /// then.
        var versions: [TenantID: Int64] = [:]
        var changeObserver: (@Sendable (TenantID, Int64) -> Void)?
        var jobObservers: [@Sendable (Timestamp) -> Void] = []
    }

    private let engine: any StorageEngine
    private let state = Mutex(State())

    /// Takes an engine and brings its schema up to date.
    /// - Throws: `schemaTooNew` when a newer program wrote it; it is not touched then.
    public init(_ engine: any StorageEngine) throws(StoreError) {
        self.engine = engine
        do { try engine.migrate(Schema.migrations) } catch { throw StoreError(error) }
    }

    /// What happened since the start.
    public var statistics: SQLStatistics { engine.statistics }

    /// Finishes waiting writes and closes the engine.
    public func close() throws(StoreError) {
        do { try engine.close() } catch { throw StoreError(error) }
    }

    /// Calls the observer after each commit that added to a tenant's change feed, with its newest number
    /// then. One observer; it must return quickly.
    public func onChange(_ observer: @escaping @Sendable (TenantID, Int64) -> Void) {
        state.withLock { $0.changeObserver = observer }
    }

    /// Calls the observer after each commit that added or hastened a job, with the time it is due. It must
    /// return quickly.
    public func onJob(_ observer: @escaping @Sendable (Timestamp) -> Void) {
        state.withLock { $0.jobObservers.append(observer) }
    }

    /// Reads a handful of rows in one snapshot. With an embedded engine the closure runs at once on this
    /// thread.
    /// - Throws: `StoreError`, or what the closure threw.
    public func read<Value>(
        _ tenantID: TenantID, _ body: (ReadContext) throws -> Value
    ) async throws -> Value {
        // Taken before the snapshot is: what it sees is never older than this version.
        let known = engine.isSoleWriter ? state.withLock { $0.versions[tenantID] } : nil
        do {
            return try await engine.read { scope in
                let context = ReadContext(tenantID: tenantID, scope: scope, knownVersion: known)
                defer { if known == nil { remember(context.sql.notes.configurationVersion, of: tenantID) } }
                return try body(context)
            }
        } catch let error as SQLError {
            throw StoreError(error)
        }
    }

    /// Reads in one snapshot on a thread that may be busy for long: exports, guards over thousands of
    /// objects.
    /// - Throws: `StoreError`, or what the closure threw.
    public func scan<Value: Sendable>(
        _ tenantID: TenantID, _ body: @escaping @Sendable (ReadContext) throws -> Value
    ) async throws -> Value {
        do {
            return try await engine.scan { scope in
                try body(ReadContext(tenantID: tenantID, scope: scope))
            }
        } catch let error as SQLError {
            throw StoreError(error)
        }
    }

    /// Writes: all the closure did or nothing, and returns when it is durable. The closure runs on the
    /// writer's thread, so it must be quick and cannot wait for anything.
    /// - Throws: `StoreError`, or what the closure threw.
    public func write<Value: Sendable>(
        _ tenantID: TenantID, _ body: @escaping @Sendable (WriteContext) throws -> Value
    ) async throws -> Value {
        do {
            let (value, sequence, version, jobDueAt) = try await engine.write { scope in
                let context = WriteContext(tenantID: tenantID, scope: scope)
                let value = try body(context)
                let notes = context.sql.notes
                return (value, notes.lastSequence, notes.configurationVersion, notes.jobDueAt)
            }
            remember(version, of: tenantID)
            if let jobDueAt { for observer in state.withLock({ $0.jobObservers }) { observer(jobDueAt) } }
            if let sequence { state.withLock { $0.changeObserver }?(tenantID, sequence) }
            return value
        } catch let error as SQLError {
            throw StoreError(error)
        }
    }

    // MARK: What is remembered of tenants

    /// Versions only grow, so of two that arrive in any order the greater is the newer. That holds only while
    /// none is forgotten: past the bound a new tenant is not remembered and its reads ask the database.
    private func remember(_ version: Int64?, of tenantID: TenantID) {
        guard let version else { return }
        state.withLock { state in
            let known = state.versions[tenantID]
            guard known != nil || state.versions.count < StoreLimits.seededTenantsMax else { return }
            state.versions[tenantID] = max(version, known ?? 0)
        }
    }

    func rememberedVersion(of tenantID: TenantID) -> Int64? {
        engine.isSoleWriter ? state.withLock { $0.versions[tenantID] } : nil
    }

    func isKnownAsSeeded(_ tenantID: TenantID) -> Bool {
        state.withLock { $0.seeded.contains(tenantID) }
    }

    func rememberAsSeeded(_ tenantID: TenantID) {
        state.withLock { state in
            if state.seeded.count >= StoreLimits.seededTenantsMax { state.seeded.removeAll() }
            state.seeded.insert(tenantID)
        }
    }

    // MARK: What belongs to no tenant

    func acrossTenants<Value>(_ body: (SQLScope) throws -> Value) async throws -> Value {
        do {
            return try await engine.read(body)
        } catch let error as SQLError {
            throw StoreError(error)
        }
    }

    func writeAcrossTenants(_ body: @escaping @Sendable (SQLScope) throws -> Void) async throws {
        do {
            try await engine.write(body)
        } catch let error as SQLError {
            throw StoreError(error)
        }
    }

    /// Reads a value that belongs to the store as a whole, such as the canary that proves the right key.
    public func metaValue(_ name: String) async throws -> [UInt8]? {
        do {
            return try await engine.read { scope in
                try scope.first(MetaStatements.get, [.text(name)]) { (row: inout SQLRow) in row.blob() }
            }
        } catch let error as SQLError {
            throw StoreError(error)
        }
    }

    /// Stores a value that belongs to the store as a whole.
    public func setMetaValue(_ name: String, _ value: [UInt8]) async throws {
        do {
            _ = try await engine.write { scope in
                try scope.run(MetaStatements.set, [.text(name), .blob(value)])
            }
        } catch let error as SQLError {
            throw StoreError(error)
        }
    }
}

enum MetaStatements {
    static let get = SQLStatement("SELECT value FROM store_meta WHERE name = $1")
    static let set = SQLStatement(
        """
        INSERT INTO store_meta (name, value) VALUES ($1, $2)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value
        """)
}
