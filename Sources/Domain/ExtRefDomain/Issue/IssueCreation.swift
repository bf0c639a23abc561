// SPDX-License-Identifier: Apache-2.0

/// A wish to create an issue in a tracker, written down before anything is sent, so that an answer that gets
/// lost costs neither a duplicate nor the issue.
public struct IssueCreation: Sendable, Hashable {
    /// How far it came.
    public enum State: String, Sendable, CaseIterable {
        /// A call is at it, or died over it: something may have been sent.
        case sending
        /// The answer was lost: only the tracker knows what became of it.
        case uncertain
        /// The issue exists and is linked.
        case created
        /// The tracker refused it; nothing was created.
        case refused
    }

    /// The marker in the issue is made of it.
    public let id: CreationID
    public let tenantID: TenantID
    public let projectID: ProjectID
    public let sourceID: SourceID
    public let principalID: PrincipalID
    /// The caller's `request_id`; empty when there was none.
    public let requestID: String
    public let payloadHash: [UInt8]
    /// The whole request with everything it left open settled, so that the wish can be finished when nobody
    /// repeats it.
    public var request: [UInt8]
    public var state: State
    /// How often sending began.
    public var attempts: Int64
    public let startedAt: Timestamp
    /// When it came to its state; while it is being sent, when that began.
    public var updatedAt: Timestamp

    public init(
        id: CreationID, tenantID: TenantID, projectID: ProjectID, sourceID: SourceID,
        principalID: PrincipalID,
        requestID: String, payloadHash: [UInt8], request: [UInt8], state: State = .sending,
        attempts: Int64 = 1,
        startedAt: Timestamp, updatedAt: Timestamp
    ) {
        self.id = id
        self.tenantID = tenantID
        self.projectID = projectID
        self.sourceID = sourceID
        self.principalID = principalID
        self.requestID = requestID
        self.payloadHash = payloadHash
        self.request = request
        self.state = state
        self.attempts = attempts
        self.startedAt = startedAt
        self.updatedAt = updatedAt
    }
}
