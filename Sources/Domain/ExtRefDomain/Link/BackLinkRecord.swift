// SPDX-License-Identifier: Apache-2.0

/// What a link leaves in the tracker, as it should be and as far as it is known to be. It outlives its link
/// until the tracker's side is gone too.
public struct BackLinkRecord: Sendable, Hashable {
    public let linkID: LinkID
    public let tenantID: TenantID
    public let sourceID: SourceID
    /// The issue, by the key and id it had when this was written down.
    public var issueKey: String
    public var nativeID: String
    public var url: String
    public var title: String
    /// What the link means, seen from the issue.
    public var relationship: String
    /// Whether it should be there; false = it is to be taken off.
    public var isWanted: Bool
    /// What the tracker called it; empty while it is not there, or has no such name.
    public var remoteID: String
    /// When it was last put there, or may have been; nil = it certainly is not there.
    public var putAt: Timestamp?
    /// Why it could not be done the last time, for people; empty = it could, or was not tried.
    public var lastError: String

    public init(
        linkID: LinkID, tenantID: TenantID, sourceID: SourceID, issueKey: String, nativeID: String,
        url: String,
        title: String, relationship: String, isWanted: Bool = true, remoteID: String = "",
        putAt: Timestamp? = nil, lastError: String = ""
    ) {
        self.linkID = linkID
        self.tenantID = tenantID
        self.sourceID = sourceID
        self.issueKey = issueKey
        self.nativeID = nativeID
        self.url = url
        self.title = title
        self.relationship = relationship
        self.isWanted = isWanted
        self.remoteID = remoteID
        self.putAt = putAt
        self.lastError = lastError
    }
}
