// SPDX-License-Identifier: Apache-2.0

/// One issue of one source as last seen; links point to it. One row per (tenant, source, native id).
public struct ExternalIssue: Sendable, Hashable {
    public let id: IssueID
    public let tenantID: TenantID
    public let sourceID: SourceID
    /// The last good state. While ``reachability`` is ``Reachability/pending`` it holds the key and URL only,
    /// its ``IssueSnapshot/nativeID`` is empty, and it shows ``StatusCategory/unknown``.
    public var snapshot: IssueSnapshot
    /// The category after the source's status map.
    public var statusCategory: StatusCategory
    public var reachability: Reachability
    /// When the last good state was read; nil while never.
    public var fetchedAt: Timestamp?
    /// When the sync will look again; nil = not planned.
    public var nextFetchAt: Timestamp?
    /// When the tracker last said that something happened to it, until that was read; nil otherwise.
    public var hintedAt: Timestamp?
    /// The tracker's ETag of the last good state, for conditional requests; empty = none.
    public var validator: String
    /// The last failure's reason, as in ``ErrorReason``; empty after a good read.
    public var lastErrorReason: String
    /// A sentence about the last failure that a person can act on.
    public var lastErrorMessage: String
    /// Grows by one with every change.
    public var revision: Int64

    public init(
        id: IssueID, tenantID: TenantID, sourceID: SourceID, snapshot: IssueSnapshot,
        statusCategory: StatusCategory, reachability: Reachability, fetchedAt: Timestamp?,
        nextFetchAt: Timestamp? = nil, hintedAt: Timestamp? = nil, validator: String = "",
        lastErrorReason: String = "", lastErrorMessage: String = "", revision: Int64 = 1
    ) {
        self.id = id
        self.tenantID = tenantID
        self.sourceID = sourceID
        self.snapshot = snapshot
        self.statusCategory = statusCategory
        self.reachability = reachability
        self.fetchedAt = fetchedAt
        self.nextFetchAt = nextFetchAt
        self.hintedAt = hintedAt
        self.validator = validator
        self.lastErrorReason = lastErrorReason
        self.lastErrorMessage = lastErrorMessage
        self.revision = revision
    }

    /// Tells whether the last good state is older than the caller tolerates.
    public func isStale(at now: Timestamp, maxAge: Duration) -> Bool {
        guard let fetchedAt else { return true }
        return now - fetchedAt > maxAge
    }
}
