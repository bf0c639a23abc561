// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefStore
import ExtRefSync

/// What an admin wants to know of a source's sync, in one snapshot.
struct SyncReport: Sendable {
    let sync: SourceSync?
    let due: DueIssues
    let nextAttemptAt: Timestamp?
    let traffic: TrafficState?
    let warnings: [DriftWarning]
    let now: Timestamp

    init(
        of source: IntegrationSource, _ environment: ServiceEnvironment, at now: Timestamp,
        in store: StoreContext<some StoreAccess>
    ) throws {
        self.now = now
        traffic = environment.traffic(source.id)
        warnings = environment.drift.warnings(of: source, at: now)
        sync = try store.syncs.get(source.id)
        due = try store.issues.countDue(in: source.id, by: now)
        nextAttemptAt = source.isEnabled ? try store.jobs.due(.syncSource, of: source.id.rawValue) : nil
    }
}
