// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

extension TrackerRunner {
    /// Reads batch after batch; one that fails ends the rest, because the next would fail likewise.
    func fetchAll(
        _ references: [IssueReference], from source: TrackerSource, with tracker: any BatchFetching
    ) async throws(TrackerError) -> BatchOutcome {
        let source = try await authorized(source, tracker)
        var rest = tracker.batches(of: Self.distinct(references))[...]
        var outcome = BatchOutcome()
        var isFirst = true
        while let batch = rest.first {
            do throws(TrackerError) {
                try await fetch(batch, from: source, with: tracker, into: &outcome)
            } catch {
                if isFirst { throw error }
                outcome.failure = error
                outcome.unanswered = rest.flatMap(\.self)
                break
            }
            isFirst = false
            rest = rest.dropFirst()
        }
        return outcome
    }

    private func fetch(
        _ batch: [IssueReference], from source: TrackerSource, with tracker: any BatchFetching,
        into outcome: inout BatchOutcome
    ) async throws(TrackerError) {
        let call = try tracker.fetchBatch(batch, from: source)
        let answer = try await run(call, with: source, reading: tracker)
        // A tracker may answer with more than it was asked for; nobody wants that stored.
        var wantedIDs = Set(batch.map(\.nativeID))
        wantedIDs.remove("")
        let wantedKeys = Set(batch.map { $0.key.lowercased() })
        let found = answer.found.filter { issue in
            wantedIDs.contains(issue.nativeID) || issue.formerNativeID.map(wantedIDs.contains) == true
                || wantedKeys.contains(issue.key.lowercased())
                || issue.previousKeys.contains { wantedKeys.contains($0.lowercased()) }
        }
        let foundIDs = Set(found.map(\.nativeID) + found.compactMap(\.formerNativeID))
        let foundKeys = Set(found.flatMap { [$0.key] + $0.previousKeys }.map { $0.lowercased() })
        outcome.found += found
        for reference in batch {
            if let code = answer.refused[reference] {
                outcome.refused[reference] = TrackerError(code, Self.sentence(for: code))
            } else if !foundKeys.contains(reference.key.lowercased()),
                reference.nativeID.isEmpty || !foundIDs.contains(reference.nativeID)
            {
                outcome.notReturned.append(reference)
            }
        }
    }

    private static func sentence(for code: TrackerError.Code) -> String {
        switch code {
        case .permissionDenied: "The tracker does not show this issue to the source's account."
        case .gone: "The tracker says that it was deleted."
        default: "The tracker does not know it, or hides it from these credentials."
        }
    }

    /// Reads one by one where the vendor has no call for many. A failure of the whole source ends the rest.
    func fetchEach(
        _ references: [IssueReference], from source: TrackerSource, with tracker: any IssueFetching
    ) async throws(TrackerError) -> BatchOutcome {
        var rest = Self.distinct(references)[...]
        var outcome = BatchOutcome()
        var isFirst = true
        while !rest.isEmpty {
            let group = rest.prefix(TrackerLimits.singleReadsMax)
            rest = rest.dropFirst(group.count)
            let answers = await readSideBySide(Array(group), from: source, with: tracker)
            for (reference, answer) in answers {
                switch answer {
                case .success(.fetched(let issue, _)): outcome.found.append(issue)
                case .success(.notModified): break
                case .failure(let error) where error.concernsSource:
                    outcome.failure = error
                    outcome.unanswered.append(reference)
                case .failure(let error): outcome.refused[reference] = error
                }
            }
            if let failure = outcome.failure {
                if isFirst, outcome.unanswered.count == group.count { throw failure }
                outcome.unanswered += rest
                return outcome
            }
            isFirst = false
        }
        return outcome
    }

    private func readSideBySide(
        _ references: [IssueReference], from source: TrackerSource, with tracker: any IssueFetching
    ) async -> [(IssueReference, Result<FetchOutcome, TrackerError>)] {
        await withTaskGroup(of: (IssueReference, Result<FetchOutcome, TrackerError>).self) { group in
            for reference in references {
                group.addTask {
                    let outcome = await TrackerError.catching { () async throws(TrackerError) in
                        try await self.fetch(reference, "", from: source, with: tracker)
                    }
                    return (reference, outcome)
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    private static func distinct(_ references: [IssueReference]) -> [IssueReference] {
        var seen = Set<IssueReference>()
        return references.filter { seen.insert($0).inserted }
    }
}
