// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefSecurity
import ExtRefStore
import Synchronization

/// The sources that trackers may notify, in memory: what is made up costs no look into the database.
final class WebhookSources: Sendable {
    /// A source as its notifications are judged.
    struct Known: Sendable {
        let source: IntegrationSource
        let secrets: WebhookSecrets
    }

    private struct Entry {
        let version: Int64
        /// nil when it is deleted or switched off.
        let known: Known?
    }

    private struct State {
        var owners: [SourceID: TenantID] = [:]
        var entries: [SourceID: Entry] = [:]
        var lookedAt: Timestamp?
        var notedAt: [SourceID: Timestamp] = [:]
    }

    private let state = Mutex(State())

    /// Notes that a source has a webhook secret now, or waits for one.
    func add(_ source: SourceID, of tenantID: TenantID) {
        state.withLock { $0.owners[source] = tenantID }
    }

    /// Finds a source that is switched on and has a secret, or waits for one.
    func find(_ id: SourceID, _ environment: ServiceEnvironment) async throws -> Known? {
        guard let tenantID = try await owner(of: id, environment) else { return nil }
        if let version = environment.store.knownConfigurationVersion(of: tenantID),
            let entry = state.withLock({ $0.entries[id] }), entry.version == version
        {
            return entry.known
        }
        let entry = try await environment.store.read(tenantID) { store in
            let configuration = try environment.configurations.snapshot(store)
            guard let source = configuration.sources[id], source.isEnabled, source.deletedAt == nil else {
                return Entry(version: configuration.version, known: nil)
            }
            let secrets = try WebhookSecrets(of: source, sealer: environment.sealer, in: store)
            return Entry(version: configuration.version, known: Known(source: source, secrets: secrets))
        }
        state.withLock { state in
            if state.entries.count >= ServiceLimits.webhookSourcesMax { state.entries.removeAll() }
            state.entries[id] = entry
        }
        return entry.known
    }

    /// Whether a notification that is not stored may leave a line in the source's log now.
    func mayNote(_ id: SourceID, at now: Timestamp) -> Bool {
        state.withLock { state in
            if let last = state.notedAt[id], now - last < ServiceLimits.webhookNoteInterval { return false }
            if state.notedAt.count >= ServiceLimits.webhookSourcesMax { state.notedAt.removeAll() }
            state.notedAt[id] = now
            return true
        }
    }

    private func owner(of id: SourceID, _ environment: ServiceEnvironment) async throws -> TenantID? {
        let now = environment.clock()
        let (owner, needsLook) = state.withLock { state -> (TenantID?, Bool) in
            if let owner = state.owners[id] { return (owner, false) }
            let isFresh = state.lookedAt.map { now - $0 < ServiceLimits.webhookSourcesInterval } ?? false
            if !isFresh { state.lookedAt = now }
            return (nil, !isFresh)
        }
        guard needsLook else { return owner }
        do {
            for field in WebhookSecrets.openingFields {
                let owners = try await environment.store.sources(withCredential: field)
                state.withLock { $0.owners.merge(owners) { _, new in new } }
            }
            return state.withLock { $0.owners[id] }
        } catch {
            state.withLock { $0.lookedAt = nil }
            throw error
        }
    }
}
