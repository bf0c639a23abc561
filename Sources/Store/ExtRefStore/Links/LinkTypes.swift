// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// A link and, unless it points to a bare URL, its issue.
public struct LinkDetail: Sendable, Hashable {
    public let link: Link
    public let issue: ExternalIssue?

    public init(link: Link, issue: ExternalIssue?) {
        self.link = link
        self.issue = issue
    }
}

/// Which links a list shows.
public struct LinkFilter: Sendable, Hashable {
    /// Those of this project; nil = all of the tenant.
    public var projectID: ProjectID?
    /// Those of this object. Needs ``projectID``.
    public var object: TestObject?
    /// Whether links of what ``object`` holds count as its own.
    public var includesDescendants = false
    public var sourceID: SourceID?
    public var issueID: IssueID?
    public var relationID: RelationID?
    public var semanticType: SemanticType?
    /// Those whose issue has one of these categories, a bare URL counting as unknown; empty = every one.
    public var statusCategories: Set<StatusCategory> = []

    /// Shows the links of a project, or of one object in it.
    public init(projectID: ProjectID? = nil, object: TestObject? = nil, includesDescendants: Bool = false) {
        self.projectID = projectID
        self.object = object
        self.includesDescendants = includesDescendants
    }
}

/// What a row of a results table shows about its links.
public struct LinkBadge: Sendable, Hashable {
    public let links: Int
    /// Links whose issue is not known to be closed.
    public let open: Int
    /// Links of a defect relation.
    public let defects: Int
    /// Defect links whose issue is not known to be closed.
    public let openDefects: Int
    /// Links whose issue the tracker no longer shows.
    public let unreachable: Int

    public init(links: Int, open: Int, defects: Int, openDefects: Int, unreachable: Int) {
        self.links = links
        self.open = open
        self.defects = defects
        self.openDefects = openDefects
        self.unreachable = unreachable
    }

    /// No links at all.
    public static let empty = LinkBadge(links: 0, open: 0, defects: 0, openDefects: 0, unreachable: 0)
}

/// How many links have this relation, source and category.
public struct LinkCount: Sendable, Hashable {
    public let relationID: RelationID
    /// nil for bare URLs.
    public let sourceID: SourceID?
    /// Unknown for bare URLs.
    public let category: StatusCategory
    public let links: Int
}

/// How many distinct issues links point to.
public struct LinkedIssueCounts: Sendable, Hashable {
    public let issues: Int
    /// Issues with a link of a defect relation.
    public let defects: Int
    /// Of those, the ones not known to be closed.
    public let openDefects: Int
}

/// Where an object is: ids of objects are unique within a project.
public struct ObjectAddress: Sendable, Hashable {
    public let projectID: ProjectID
    public let object: TestObject

    public init(projectID: ProjectID, object: TestObject) {
        self.projectID = projectID
        self.object = object
    }
}

/// What copying or moving the links of an object did.
public struct ObjectTransfer: Sendable, Hashable {
    /// The links that the destination has now and had not before: copies, or the moved ones.
    public internal(set) var arrived: [Link] = []
    /// Links that were deleted at the origin because the destination had their twin. Empty after copying.
    public internal(set) var removed: [Link] = []
    /// How many links the destination had already.
    public internal(set) var alreadyThere = 0
}

/// Links that were given another relation or issue.
struct Relinking {
    var repointed: [Link] = []
    var removed: [Link] = []

    static func += (left: inout Relinking, right: Relinking) {
        left.repointed += right.repointed
        left.removed += right.removed
    }
}
