// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import ExtRefStore
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
        callsRemaining = -1
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
