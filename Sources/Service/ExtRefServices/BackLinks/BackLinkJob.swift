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
            return Start(
                record: record,
                source: try environment.trackerSource(source, in: store, priority: .background))
        }
        guard let start else { return .done }
        guard start.source.source.isEnabled else {
            return .waiting(after: ServiceLimits.disabledPause, reason: "the source is disabled")
        }
        return try await start.record.isWanted ? put(start) : remove(start)
    }

    private func put(_ start: Start) async throws -> JobOutcome {
        // From here on it may be there, whatever becomes of us: its removal must not be forgotten.
        var record = start.record
        record.putAt = environment.clock()
        guard try await keep(record) else { return .done }
        do throws(TrackerError) {
            record.remoteID = try await environment.trackers.putBackLink(
                record.backLink, on: record.reference, in: start.source,
                budget: ServiceLimits.backLinkBudget)
        } catch {
            if !error.isUncertain { record.putAt = start.record.putAt }
            return try await failed(error, record)
        }
        record.lastError = ""
        if try await !keep(record) { try await takeOffLater(record) }
        return .done
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
            if ![.notFound, .gone].contains(error.code) { return try await failed(error, start.record) }
        }
        try await environment.store.write(job.tenantID) { store in
            guard try store.backLinks.get(start.record.linkID)?.isWanted == false else { return }
            try store.backLinks.delete(start.record.linkID)
        }
        return .done
    }

    private func failed(_ error: TrackerError, _ known: BackLinkRecord) async throws -> JobOutcome {
        var record = known
        record.lastError = error.message
        if try await !keep(record) {
            if record.isWanted, record.putAt != nil { try await takeOffLater(record) }
            return .done
        }
        let isHopeless = [.unsupported, .invalidRequest, .notFound, .gone].contains(error.code)
        return isHopeless
            ? .abandoned(reason: error.message) : .retry(after: error.retryAfter, reason: error.message)
    }

    /// Keeps what was learnt. What the record asks for may have changed meanwhile: then there is another job
    /// for it.
    /// - Returns: false when there is no record any more.
    private func keep(_ record: BackLinkRecord) async throws -> Bool {
        try await environment.store.write(job.tenantID) { store in
            guard var current = try store.backLinks.get(record.linkID) else { return false }
            current.remoteID = record.remoteID
            current.putAt = record.putAt
            current.lastError = record.lastError
            try store.backLinks.put(current)
            return true
        }
    }

    /// The link was deleted, and its back-link taken for gone, while this job put it there.
    private func takeOffLater(_ record: BackLinkRecord) async throws {
        let now = environment.clock()
        try await environment.store.write(job.tenantID) { [environment] store in
            // With its source, what was known of the tracker is gone too.
            guard let source = try store.sources.get(record.sourceID), source.deletedAt == nil else { return }
            var unwanted = record
            unwanted.isWanted = false
            try store.backLinks.put(unwanted)
            try store.jobs.add(
                Job(
                    id: environment.makeID(), tenantID: record.tenantID, kind: .backLink,
                    sourceID: record.sourceID, subject: record.linkID.rawValue, dueAt: now), at: now)
        }
    }
}

extension BackLinkRecord {
    fileprivate var reference: IssueReference { IssueReference(key: issueKey, nativeID: nativeID) }

    fileprivate var backLink: BackLink {
        BackLink(linkID: linkID.rawValue, url: url, title: title, relationship: relationship)
    }
}
