// SPDX-License-Identifier: Apache-2.0

/// What became of one notification of a tracker.
public struct WebhookRecord: Sendable, Hashable {
    /// What became of it.
    public enum Outcome: String, Sendable, CaseIterable {
        /// Issues it names are read again.
        case accepted
        /// It had arrived before.
        case duplicate
        /// It is of no interest here: no linked issue, or another kind of event.
        case ignored
        /// It could not be authenticated or understood.
        case refused
    }

    public let id: WebhookRecordID
    public let sourceID: SourceID
    /// The vendor's own id of the notification, the same for every repeat; empty where there is none.
    public let vendorID: String
    public let receivedAt: Timestamp
    public let outcome: Outcome
    /// Why, in a sentence a person can act on; never a secret or a part of the body. Empty when accepted.
    public let reason: String
    /// How many linked issues it is about.
    public let issues: Int

    public init(
        id: WebhookRecordID, sourceID: SourceID, vendorID: String, receivedAt: Timestamp, outcome: Outcome,
        reason: String = "", issues: Int = 0
    ) {
        self.id = id
        self.sourceID = sourceID
        self.vendorID = vendorID
        self.receivedAt = receivedAt
        self.outcome = outcome
        self.reason = reason
        self.issues = issues
    }
}
