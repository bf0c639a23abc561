// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// Which issues a list shows.
public struct IssueFilter: Sendable, Hashable {
    /// Those that links of this project point to; nil = all of the tenant.
    public var linkedIn: ProjectID?
    /// Those that links of this object or of what it holds point to. Needs ``linkedIn``.
    public var under: TestObject?
    /// Those of this source.
    public var sourceID: SourceID?
    /// Those of these categories; empty = every one.
    public var statusCategories: Set<StatusCategory> = []
    /// Those of these states; empty = every one.
    public var reachabilities: Set<Reachability> = []

    /// Shows all issues, or those of a project.
    public init(linkedIn: ProjectID? = nil, under: TestObject? = nil, sourceID: SourceID? = nil) {
        self.linkedIn = linkedIn
        self.under = under
        self.sourceID = sourceID
    }
}

/// An issue and how many links point to it within what the list looked at.
public struct IssueWithUse: Sendable, Hashable {
    public let issue: ExternalIssue
    public let links: Int
}

/// What storing a snapshot did.
public struct IssueUpsert: Sendable, Hashable {
    /// The issue as stored.
    public let issue: ExternalIssue
    /// The same row before; nil when it is new.
    public let before: ExternalIssue?
    /// Rows that turned out to be the same issue and are gone.
    public let merged: [IssueID]
    /// Links of those rows that point to ``issue`` now.
    public let repointed: [Link]
    /// Links of those rows that were removed because ``issue`` had their twin already.
    public let removed: [Link]

    public var isNew: Bool { before == nil }
}
