// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefStore
import Synchronization

/// Forgets the answers of `request_id`s past their retention, and ended wishes for an issue with them, an
/// hourly crumb of work on a tenant's own writes.
///
/// No timer walks all tenants: a tenant that writes nothing remembers nothing new either.
final class AnswerRetention: Sendable {
    private let lastPurges = Mutex<[TenantID: Timestamp]>([:])

    /// Forgets what is too old, when this tenant's turn has come.
    func purge(at now: Timestamp, in context: WriteContext) throws {
        guard takeTurn(context.tenantID, at: now) else { return }
        _ = try context.requestIDs.purge(before: now - DomainLimits.requestIDRetention)
        try context.issueCreations.purge(before: now - DomainLimits.requestIDRetention)
    }

    private func takeTurn(_ tenantID: TenantID, at now: Timestamp) -> Bool {
        lastPurges.withLock { purges in
            if let last = purges[tenantID], now - last < ServiceLimits.answerPurgeInterval { return false }
            if purges.count >= ServiceLimits.cachedTenantsMax { purges.removeAll() }
            purges[tenantID] = now
            return true
        }
    }
}
