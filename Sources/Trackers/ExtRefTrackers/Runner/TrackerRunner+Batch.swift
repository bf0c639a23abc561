// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

extension TrackerRunner {
    /// Reads batch after batch; one that fails ends the rest, because the next would fail likewise.
    func fetchAll(
        _ references: [IssueReference], from source: TrackerSource, with tracker: any BatchFetching
    ) async throws(TrackerError) -> BatchOutcome {
        var seen = Set<IssueReference>()
        var rest = references.filter { seen.insert($0).inserted }[...]
        var outcome = BatchOutcome()
        var isFirst = true
        while !rest.isEmpty {
            let batch = Array(rest.prefix(tracker.batchIssuesMax))
            do throws(TrackerError) {
                try await fetch(batch, from: source, with: tracker, into: &outcome)
            } catch {
                if isFirst { throw error }
                outcome.failure = error
                outcome.unanswered = Array(rest)
                break
            }
            isFirst = false
            rest = rest.dropFirst(batch.count)
        }
        return outcome
    }

    private func fetch(
        _ batch: [IssueReference], from source: TrackerSource, with tracker: any BatchFetching,
        into outcome: inout BatchOutcome
    ) async throws(TrackerError) {
        let request = try tracker.batchRequest(batch, from: source)
        let response = try await exchange(request, with: source, reading: tracker)
        // A tracker may answer with more than it was asked for; nobody wants that stored.
        var wantedIDs = Set(batch.map(\.nativeID))
        wantedIDs.remove("")
        let wantedKeys = Set(batch.map(\.key))
        let found = try tracker.readBatch(response, from: source)
            .filter { wantedIDs.contains($0.nativeID) || wantedKeys.contains($0.key) }
        let foundIDs = Set(found.map(\.nativeID))
        let foundKeys = Set(found.map(\.key))
        outcome.found += found
        outcome.notReturned += batch.filter {
            !foundKeys.contains($0.key) && ($0.nativeID.isEmpty || !foundIDs.contains($0.nativeID))
        }
    }
}
