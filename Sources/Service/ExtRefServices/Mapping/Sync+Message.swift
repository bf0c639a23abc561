// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import ExtRefStore
import ExtRefSync
import ExtRefTrackers
import RPCMessages

extension Wire.SourceSync {
    init(_ report: SyncReport) {
        self.init()
        lastPassTime = report.sync?.lastPassAt.map { GoogleTimestamp($0) }
        lastAttemptTime = report.sync?.lastAttemptAt.map { GoogleTimestamp($0) }
        nextAttemptTime = report.nextAttemptAt.map { GoogleTimestamp($0) }
        queueLength = Int32(clamping: report.due.count)
        // What waits since before the first pass has no time of its own.
        let oldest = report.due.oldest.flatMap { $0.milliseconds > 0 ? $0 : nil }
        lag = oldest.map { GoogleDuration(report.now - $0) }
        failureCount = Int32(clamping: report.sync?.failures ?? 0)
        errorReason = report.sync?.lastErrorReason ?? ""
        errorMessage = report.sync?.lastErrorMessage ?? ""
        warnings = report.warnings.map(SourceWarning.init)
        callsRemaining = -1
        guard let traffic = report.traffic else { return }
        callsLastHour = Int32(clamping: traffic.callsLastHour)
        if let left = traffic.budgetLeft { callsRemaining = Int32(clamping: left) }
        breakerState = traffic.breaker.message
        blockedUntilTime = traffic.blockedUntil.map { GoogleTimestamp($0) }
        errorsLastHour = Dictionary(
            traffic.failuresLastHour.map {
                (TrackerError($0.key, "").reason.rawValue, Int32(clamping: $0.value))
            }, uniquingKeysWith: +)
    }
}

extension ExtRefSync.BreakerState {
    fileprivate var message: ExtRefMessages.BreakerState {
        switch self {
        case .closed: .closed
        case .open: .open
        case .probing: .halfOpen
        }
    }
}

extension Wire.WebhookDelivery {
    init(_ record: WebhookRecord) {
        self.init()
        id = record.id.rawValue
        vendorID = record.vendorID
        receiveTime = GoogleTimestamp(record.receivedAt)
        outcome = record.outcome.message
        reason = record.reason
        issueCount = Int32(clamping: record.issues)
    }
}

extension WebhookRecord.Outcome: WireEnum {
    var message: WebhookOutcome {
        switch self {
        case .accepted: .accepted
        case .duplicate: .duplicate
        case .ignored: .ignored
        case .refused: .refused
        }
    }
}
