// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension TrackerRunner {
    /// Tells whether a source's tracker can be asked what changed.
    public func canTellChanges(of source: IntegrationSource) -> Bool {
        registry[source.providerID] is any ChangesReading && !source.switchedOff.contains(.changesSince)
            && !source.health.deniedCapabilities.contains(.changesSince)
    }

    /// Tells whether a source's tracker can be asked what changed in one external project at a time only.
    public func tellsChangesByProject(of source: IntegrationSource) -> Bool {
        (registry[source.providerID] as? any ChangesReading)?.changesNeedProject == true
    }

    /// Reads one page of what changed, see ``ChangesReading/changes(since:project:page:in:)``.
    public func fetchChanges(
        since: Timestamp, project: String, page: String, in source: TrackerSource, budget: Duration
    ) async throws(TrackerError) -> ChangesPage {
        let tracker = try ability((any ChangesReading).self, of: source, "tell what changed")
        return try await withBudget(budget) { () async throws(TrackerError) in
            let source = try await self.authorized(source, tracker)
            let call = try tracker.changes(since: since, project: project, page: page, in: source)
            return try await self.run(call, with: source, reading: tracker)
        }
    }
}
