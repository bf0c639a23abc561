// SPDX-License-Identifier: Apache-2.0

/// One visible field before and after a change; text as people read it, never a secret.
public struct FieldChange: Sendable, Hashable {
    public let field: String
    public let before: String
    public let after: String

    public init(_ field: String, before: String, after: String) {
        self.field = field
        self.before = before
        self.after = after
    }
}

/// What set a change off.
public enum ChangeOrigin: String, Sendable, Hashable, CaseIterable {
    case user, webhook, poll, `import`
}

/// One entry of a tenant's change feed, numbered without gaps in commit order.
public struct Change: Sendable, Hashable {
    /// What happened to what.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case linkCreated = "link_created"
        case linkUpdated = "link_updated"
        case linkDeleted = "link_deleted"
        case issueUpdated = "issue_updated"
        case sourceChanged = "source_changed"
        case relationChanged = "relation_changed"
    }

    public let tenantID: TenantID
    /// 0 until the store has numbered it.
    public var sequence: Int64
    public let kind: Kind
    public let projectID: ProjectID?
    public let object: TestObject?
    public let linkID: LinkID?
    public let issueID: IssueID?
    public let sourceID: SourceID?
    public let relationID: RelationID?
    public let fields: [FieldChange]
    public let origin: ChangeOrigin
    public let occurredAt: Timestamp

    public init(
        tenantID: TenantID, sequence: Int64 = 0, kind: Kind, projectID: ProjectID? = nil,
        object: TestObject? = nil,
        linkID: LinkID? = nil, issueID: IssueID? = nil, sourceID: SourceID? = nil,
        relationID: RelationID? = nil,
        fields: [FieldChange] = [], origin: ChangeOrigin, occurredAt: Timestamp
    ) {
        self.tenantID = tenantID
        self.sequence = sequence
        self.kind = kind
        self.projectID = projectID
        self.object = object
        self.linkID = linkID
        self.issueID = issueID
        self.sourceID = sourceID
        self.relationID = relationID
        self.fields = fields
        self.origin = origin
        self.occurredAt = occurredAt
    }
}
