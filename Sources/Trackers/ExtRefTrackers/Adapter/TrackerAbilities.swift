// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// Reads single issues.
public protocol IssueFetching: Tracker {
    /// Reads one issue, wherever it moved.
    func fetch(
        _ reference: IssueReference, from source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot>

    /// Whether an issue's key never changes, so that an answer with another key is a wrong answer.
    var hasImmutableKeys: Bool { get }

    /// What an answer's status means here, where it differs from the common reading; nil = the common
    /// reading.
    func failure(_ response: TrackerResponse) -> TrackerError?
}

extension IssueFetching {
    public var hasImmutableKeys: Bool { false }

    public func failure(_ response: TrackerResponse) -> TrackerError? { nil }
}

/// Reads many issues in one call.
public protocol BatchFetching: IssueFetching {
    /// Most issues in one call: the vendor's own maximum.
    var batchIssuesMax: Int { get }

    /// Whether a source may use that call; where its way to authenticate forbids it, issues are read one by
    /// one.
    func canFetchBatch(from source: IntegrationSource) -> Bool

    /// Sorts references into groups that one call can hold; by default in order, ``batchIssuesMax`` each.
    func batches(of references: [IssueReference]) -> [[IssueReference]]

    /// Reads one group. Issues that the answer leaves out may be missing or forbidden.
    func fetchBatch(
        _ references: [IssueReference], from source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<BatchAnswer>
}

extension BatchFetching {
    public func canFetchBatch(from source: IntegrationSource) -> Bool { true }

    public func batches(of references: [IssueReference]) -> [[IssueReference]] {
        stride(from: 0, to: references.count, by: batchIssuesMax).map {
            Array(references[$0..<min($0 + batchIssuesMax, references.count)])
        }
    }
}

/// What a batch call brought.
public struct BatchAnswer: Sendable, Hashable {
    /// The issues read.
    public var found: [IssueSnapshot]
    /// Issues for which the tracker says why it does not show them.
    public var refused: [IssueReference: TrackerError.Code]

    /// Makes an answer.
    public init(found: [IssueSnapshot], refused: [IssueReference: TrackerError.Code] = [:]) {
        self.found = found
        self.refused = refused
    }
}

/// Finds issues by words.
public protocol IssueSearching: IssueFetching {
    /// Finds at most `limit` issues that hold the words, latest change first where the tracker can sort. A
    /// text that is a key means that issue. Limits itself to the source's allowed external projects where
    /// the tracker can; what comes back is filtered by them again.
    func search(
        _ words: String, limit: Int, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[IssueSnapshot]>
}

/// Tells what changed, so that not every issue has to be read again.
public protocol ChangesReading: IssueFetching {
    /// Reads a page of issues that changed at or after a time, oldest change first.
    /// - Parameters:
    ///   - since: from when on; the tracker may be coarser and tell more.
    ///   - project: the external project to look at; empty where ``changesNeedProject`` is false.
    ///   - page: what the page before named as the next; empty = the first.
    func changes(
        since: Timestamp, project: String, page: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<ChangesPage>

    /// Whether the question can only be asked project by project.
    var changesNeedProject: Bool { get }
}

/// A page of changed issues.
public struct ChangesPage: Sendable, Hashable {
    public let issues: [IssueSnapshot]
    /// Names the next page; empty on the last one.
    public let next: String

    /// Makes a page.
    public init(issues: [IssueSnapshot], next: String) {
        self.issues = issues
        self.next = next
    }
}

/// Names an issue to a tracker.
public struct IssueReference: Sendable, Hashable {
    /// The canonical key.
    public let key: String
    /// The immutable id, if it is known already; adapters prefer it.
    public let nativeID: String

    /// Makes a reference.
    public init(key: String, nativeID: String = "") {
        self.key = key
        self.nativeID = nativeID
    }
}
