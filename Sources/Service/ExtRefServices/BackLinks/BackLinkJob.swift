// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefStore
import ExtRefSync
import ExtRefTrackers

/// Brings one link's back-link into the state its record asks for.
struct BackLinkJob {
    /// What a job starts from, in one snapshot.
    private struct Start: Sendable {
        let record: BackLinkRecord
        let source: TrackerSource
    }

    let environment: ServiceEnvironment
    let job: Job

    func perform() async throws -> JobOutcome {
        guard let linkID = LinkID(job.subject) else { return .abandoned(reason: "no link's id") }
        let start = try await environment.store.read(job.tenantID) { store -> Start? in
            guard let record = try store.backLinks.get(linkID),
                let source = try store.sources.get(record.sourceID), source.deletedAt == nil
            else { return nil }
            return Start(record: record, source: try environment.trackerSource(source, in: store))
        }
        guard let start else { return .done }
        guard start.source.source.isEnabled else {
            return .retry(after: Self.disabledPause, reason: "the source is disabled")
        }
        return try await start.record.isWanted ? put(start) : remove(start)
    }

    /// How long a disabled source is left alone; enabling it does not announce itself.
    private static let disabledPause = Duration.seconds(300)

    private func put(_ start: Start) async throws -> JobOutcome {
        do {
            let remoteID = try await environment.trackers.putBackLink(
                start.record.backLink, on: start.record.reference, in: start.source,
                budget: ServiceLimits.backLinkBudget)
            var record = start.record
            record.remoteID = remoteID
            record.putAt = environment.clock()
            record.lastError = ""
            try await keep(record, of: start)
            return .done
        } catch let error as TrackerError {
            return try await failed(error, start)
        }
    }

    private func remove(_ start: Start) async throws -> JobOutcome {
        do throws(TrackerError) {
            if start.record.putAt != nil {
                try await environment.trackers.removeBackLink(
                    start.record.backLink, remoteID: start.record.remoteID, from: start.record.reference,
                    in: start.source, budget: ServiceLimits.backLinkBudget)
            }
        } catch {
            // Where the issue is gone, so is what was on it.
            if ![.notFound, .gone].contains(error.code) { return try await failed(error, start) }
        }
        try await environment.store.write(job.tenantID) { store in
            guard try store.backLinks.get(start.record.linkID)?.isWanted == false else { return }
            try store.backLinks.delete(start.record.linkID)
        }
        return .done
    }

    private func failed(_ error: TrackerError, _ start: Start) async throws -> JobOutcome {
        var record = start.record
        record.lastError = error.message
        try await keep(record, of: start)
        let isHopeless = [.unsupported, .invalidRequest, .notFound, .gone].contains(error.code)
        return isHopeless
            ? .abandoned(reason: error.message) : .retry(after: error.retryAfter, reason: error.message)
    }

    /// Keeps what was learnt, unless the record was changed meanwhile: then there is another job for it.
    private func keep(_ record: BackLinkRecord, of start: Start) async throws {
        try await environment.store.write(job.tenantID) { store in
            guard var current = try store.backLinks.get(record.linkID) else { return }
            current.remoteID = record.remoteID
            current.putAt = record.putAt
            current.lastError = record.lastError
            try store.backLinks.put(current)
        }
    }
}

extension BackLinkRecord {
    fileprivate var reference: IssueReference { IssueReference(key: issueKey, nativeID: nativeID) }

    fileprivate var backLink: BackLink {
        BackLink(linkID: linkID.rawValue, url: url, title: title, relationship: relationship)
    }
}
