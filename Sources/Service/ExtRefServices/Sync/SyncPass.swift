// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefStore
import ExtRefSync
import ExtRefTrackers

/// A pass over one source: what is known at its start, and what it keeps on the way, so that a pass that dies
/// is gone on with and not begun again.
struct SyncPass {
    let environment: ServiceEnvironment
    let source: TrackerSource
    let startedAt: Timestamp
    var sync: SourceSync

    var sourceID: SourceID { source.source.id }
    var tenantID: TenantID { source.source.tenantID }

    /// Starts a pass.
    /// - Returns: nil when the source is not to be synced.
    static func begin(
        _ id: SourceID, tenantID: TenantID, environment: ServiceEnvironment
    ) async throws -> SyncPass? {
        let now = environment.clock()
        return try await environment.store.read(tenantID) { store -> SyncPass? in
            guard let source = try store.sources.get(id), isWanted(source, environment) else { return nil }
            var sync = try store.syncs.get(id) ?? SourceSync(of: id, revision: source.revision)
            if sync.sourceRevision != source.revision {
                sync.sourceRevision = source.revision
                sync.failures = 0
            }
            return SyncPass(
                environment: environment,
                source: try environment.trackerSource(source, in: store, priority: .background),
                startedAt: now, sync: sync)
        }
    }

    private static func isWanted(_ source: IntegrationSource, _ environment: ServiceEnvironment) -> Bool {
        source.isEnabled && source.deletedAt == nil && environment.trackers.canFetch(source)
    }

    /// Whether another call may begin: the source is what it was, and there is time left.
    func mayGoOn() async throws -> Bool {
        guard environment.clock() - startedAt < SyncLimits.passTimeMax, !Task.isCancelled else {
            return false
        }
        let revision = source.source.revision
        return try await environment.store.read(tenantID) { [sourceID, environment] store in
            guard let source = try store.sources.get(sourceID) else { return false }
            return source.revision == revision && Self.isWanted(source, environment)
        }
    }

    /// Stores what was read, together with how far the pass came.
    func keep(
        _ sync: SourceSync, _ body: @escaping @Sendable (WriteContext, IssueWriting) throws -> Void
    ) async throws {
        let now = environment.clock()
        try await environment.store.write(tenantID) { [environment, tenantID] store in
            // With the source, what was known of it is gone.
            guard try store.sources.get(sync.sourceID)?.deletedAt == nil else { return }
            let scope = CallScope(syncing: tenantID, now: now)
            let journal = Journal(scope, requestID: "", environment)
            try body(
                store,
                IssueWriting(environment: environment, scope: scope, journal: journal, origin: .poll))
            try store.syncs.put(sync)
        }
    }

    /// Notes that all that was due has been read.
    mutating func conclude() async throws {
        sync.lastPassAt = environment.clock()
        sync.lastAttemptAt = sync.lastPassAt
        sync.failures = 0
        sync.lastErrorReason = ""
        sync.lastErrorMessage = ""
        try await keep(sync) { _, _ in }
    }

    /// How long the source rests: until something is due or the tracker is to be asked again.
    func nextPause() async throws -> Duration {
        let now = environment.clock()
        let nextDue = try await environment.store.read(tenantID) { [sourceID] store in
            try store.issues.nextDue(in: sourceID)
        }
        var next = now + SyncLimits.passPauseMax
        if let nextDue { next = min(next, nextDue) }
        if sync.run != nil { next = now }
        return max(SyncLimits.passPauseMin, next - now)
    }

    /// Notes a failure of the source as a whole.
    /// - Returns: how long it is left alone.
    mutating func noteFailure(_ error: TrackerError) async throws -> Duration {
        var generator = environment.randomness
        // A call that had to wait for its turn and never left is no failure of the tracker.
        if error.isUnsent {
            return error.retryAfter
                ?? max(
                    SyncLimits.passPauseMax,
                    SourcePause.next(
                        after: sync.failures, error.trouble, asked: nil, using: &generator))
        }
        sync.failures += 1
        sync.lastAttemptAt = environment.clock()
        sync.lastErrorReason = error.reason.rawValue
        sync.lastErrorMessage = error.message
        try await keep(sync) { _, _ in }
        return SourcePause.next(
            after: sync.failures, error.trouble, asked: error.retryAfter,
            using: &generator)
    }
}

extension TrackerError {
    /// Whether it passes by itself.
    fileprivate var trouble: SourcePause.Trouble {
        switch code {
        case .badResponse, .rateLimited, .unavailable, .timedOut, .nameNotResolved, .connectFailed,
            .overloaded,
            .cancelled:
            .passing
        default: .lasting
        }
    }
}

extension CallScope {
    /// The scope of what the sync does: nobody asked for it.
    init(syncing tenantID: TenantID, now: Timestamp) {
        self.init(resuming: PrincipalID(trusted: "sync"), of: tenantID, method: "sync", now: now)
    }
}
