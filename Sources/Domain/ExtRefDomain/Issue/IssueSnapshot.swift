// SPDX-License-Identifier: Apache-2.0

/// The visible state of an issue as a tracker answered it. Absent stays nil: nothing is invented.
public struct IssueSnapshot: Sendable, Hashable {
    /// The tracker's immutable id; never shown.
    public var nativeID: String
    /// The id people use, in the tracker's own spelling: `PROJ-12`, `owner/repo#3`, `42`.
    public var key: String
    /// Keys that meant this issue before.
    public var previousKeys: [String] = []
    /// The id it had before it moved, where a move changes the id and the tracker led us here from it; nil
    /// otherwise.
    public var formerNativeID: String?
    /// The external project, in the form an allow-list names it.
    public var projectKey: String = ""
    public var webURL: String
    public var title: String
    /// The tracker's own word.
    public var statusName: String
    /// The provider's own judgement, before a source's status map.
    public var providerCategory: StatusCategory
    public var resolution: String?
    public var assignees: [ExternalPerson] = []
    public var priority: String?
    public var type: String?
    public var labels: [String] = []
    public var createdAt: Timestamp?
    public var updatedAt: Timestamp?
    public var closedAt: Timestamp?

    public init(
        nativeID: String, key: String, webURL: String, title: String, statusName: String,
        providerCategory: StatusCategory
    ) {
        self.nativeID = nativeID
        self.key = key
        self.webURL = webURL
        self.title = title
        self.statusName = statusName
        self.providerCategory = providerCategory
    }
}
