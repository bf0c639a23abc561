// SPDX-License-Identifier: Apache-2.0

/// Leaves a link to the test object on the issue.
public protocol BackLinking: IssueFetching {
    /// What it leaves there.
    var backLinkForm: BackLinkForm { get }

    /// Puts the link on the issue; a second time changes nothing but its text.
    /// - Returns: what ``removeBackLink(_:remoteID:from:in:)`` needs to find it; may be empty.
    func putBackLink(
        _ link: BackLink, on issue: IssueReference, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<String>

    /// Takes the link off; one that is not there is no failure.
    func removeBackLink(
        _ link: BackLink, remoteID: String, from issue: IssueReference, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<Void>
}

/// What a back-link is in the tracker.
public enum BackLinkForm: Sendable, Hashable {
    /// An object of its own that the tracker keeps single.
    case linkObject
    /// A comment, which notifies people: only when an admin allows it.
    case comment
}

/// A link from an issue to a test object.
public struct BackLink: Sendable, Hashable {
    /// Our link's id, which makes the back-link findable.
    public let linkID: String
    /// Where the host shows the test object.
    public let url: String
    /// What people read, such as `Test case TC-12`.
    public let title: String
    /// What the link means seen from the issue, such as `Tested by`.
    public let relationship: String

    /// Makes a back-link.
    public init(linkID: String, url: String, title: String, relationship: String) {
        self.linkID = linkID
        self.url = url
        self.title = title
        self.relationship = relationship
    }

    /// What a comment says, in Markdown's and plain text's common subset, its marker last.
    public var commentText: String { "\(relationship): \(title)\n\(url)\n\n(\(linkID))" }
}
