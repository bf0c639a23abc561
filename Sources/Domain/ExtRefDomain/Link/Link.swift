// SPDX-License-Identifier: Apache-2.0

/// What a link points to.
public enum LinkTarget: Sendable, Hashable {
    /// An issue of a configured source.
    case issue(IssueID, source: SourceID)
    /// A bare http(s) URL of no known source.
    case url(String)
}

/// Connects a test object to an issue or a URL, with a meaning. Unique on (object, target, relation).
public struct Link: Sendable, Hashable {
    public let id: LinkID
    public let tenantID: TenantID
    /// The project sits on the link, never on the issue: two projects share one issue row without owning it.
    public let projectID: ProjectID
    public let object: TestObject
    /// The objects that hold this one, nearest first: a result's run, its milestone. Found from each of them.
    public var ancestors: [TestObject]
    public let target: LinkTarget
    public var relationID: RelationID
    public var note: String
    public let createdBy: PrincipalID
    public let createdAt: Timestamp
    public var updatedAt: Timestamp
    /// Grows by one with every change; the etag is made of it.
    public var revision: Int64

    public init(
        id: LinkID, tenantID: TenantID, projectID: ProjectID, object: TestObject, ancestors: [TestObject],
        target: LinkTarget, relationID: RelationID, note: String, createdBy: PrincipalID,
        createdAt: Timestamp,
        updatedAt: Timestamp, revision: Int64 = 1
    ) {
        self.id = id
        self.tenantID = tenantID
        self.projectID = projectID
        self.object = object
        self.ancestors = ancestors
        self.target = target
        self.relationID = relationID
        self.note = note
        self.createdBy = createdBy
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.revision = revision
    }
}
