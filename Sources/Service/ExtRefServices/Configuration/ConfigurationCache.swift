// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefStore
import ExtRefTrackers
import PatternMatching
import Synchronization

/// Keeps the configuration of busy tenants in memory; the store's version counter says when one is out of
/// date.
final class ConfigurationCache: Sendable {
    private struct Entry {
        let snapshot: ConfigurationSnapshot
        var lastUse: UInt64
    }

    private struct State {
        var entries: [TenantID: Entry] = [:]
        var uses: UInt64 = 0
    }

    private let registry: TrackerRegistry
    private let patterns: PatternCache
    private let state = Mutex(State())

    init(registry: TrackerRegistry, patterns: PatternCache) {
        self.registry = registry
        self.patterns = patterns
    }

    /// The configuration as committed; read from the store only when its version moved.
    func snapshot(_ context: ReadContext) throws(StoreError) -> ConfigurationSnapshot {
        let version = try context.configurationVersion()
        if let known = known(context.tenantID, version: version) { return known }
        let loaded = try load(context, version: version)
        keep(loaded, for: context.tenantID)
        return loaded
    }

    /// The configuration as this write sees it. Never kept: what it holds may still be rolled back, and its
    /// version number be given to another state.
    func snapshot(within context: WriteContext) throws(StoreError) -> ConfigurationSnapshot {
        let version = try context.configurationVersion()
        if let known = known(context.tenantID, version: version) { return known }
        return try load(context, version: version)
    }

    private func known(_ tenantID: TenantID, version: Int64) -> ConfigurationSnapshot? {
        state.withLock { state in
            guard let entry = state.entries[tenantID], entry.snapshot.version == version else { return nil }
            state.uses += 1
            state.entries[tenantID]?.lastUse = state.uses
            return entry.snapshot
        }
    }

    private func keep(_ snapshot: ConfigurationSnapshot, for tenantID: TenantID) {
        state.withLock { state in
            state.uses += 1
            if state.entries.count >= ServiceLimits.cachedTenantsMax, state.entries[tenantID] == nil,
                let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse })
            {
                state.entries[oldest.key] = nil
            }
            state.entries[tenantID] = Entry(snapshot: snapshot, lastUse: state.uses)
        }
    }

    private func load(
        _ context: StoreContext<some StoreAccess>, version: Int64
    ) throws(StoreError) -> ConfigurationSnapshot {
        var sources = [IntegrationSource]()
        var page = PageRequest(size: DomainLimits.pageSizeMax)
        repeat {
            let found = try context.sources.list(SourceFilter(includesDeleted: true), page: page)
            sources += found.items
            page = PageRequest(size: DomainLimits.pageSizeMax, after: found.next)
        } while page.after != nil && sources.count < ServiceLimits.configurationItemsMax
        var relations = [Relation]()
        page = PageRequest(size: DomainLimits.pageSizeMax)
        repeat {
            let found = try context.relations.list(RelationFilter(includesDeleted: true), page: page)
            relations += found.items
            page = PageRequest(size: DomainLimits.pageSizeMax, after: found.next)
        } while page.after != nil && relations.count < ServiceLimits.configurationItemsMax
        return ConfigurationSnapshot(
            version: version, sources: sources, relations: relations, overlays: try context.overlays.all(),
            registry: registry, patterns: patterns)
    }
}
