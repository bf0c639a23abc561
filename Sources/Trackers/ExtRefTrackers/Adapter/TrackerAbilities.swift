// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// Reads single issues.
public protocol IssueFetching: Tracker {
    /// Writes the request for one issue.
    func fetchRequest(
        _ reference: IssueReference, from source: TrackerSource
    ) throws(TrackerError) -> TrackerRequest

    /// Reads the answer, after its status was found good.
    func readIssue(
        _ response: TrackerResponse, from source: TrackerSource
    ) throws(TrackerError) -> IssueSnapshot

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
    /// Most issues in one call.
    var batchIssuesMax: Int { get }

    /// Writes the request for 1 to ``batchIssuesMax`` issues.
    func batchRequest(
        _ references: [IssueReference], from source: TrackerSource
    ) throws(TrackerError) -> TrackerRequest

    /// Reads the answer, after its status was found good. Issues that it leaves out may be missing or
    /// forbidden.
    func readBatch(
        _ response: TrackerResponse, from source: TrackerSource
    ) throws(TrackerError) -> [IssueSnapshot]
}

/// Finds issues by words.
public protocol IssueSearching: IssueFetching {
    /// Writes the request for at most `limit` issues that hold the words.
    func searchRequest(
        _ words: String, limit: Int, in source: TrackerSource
    ) throws(TrackerError) -> TrackerRequest

    /// Reads the answer, after its status was found good.
    func readSearch(
        _ response: TrackerResponse, from source: TrackerSource
    ) throws(TrackerError) -> [IssueSnapshot]
}

/// Lets a connection be tested.
public protocol ConnectionProbing: IssueFetching {
    /// The calls of a test, in order. Each is harmless and reads little.
    func probes(of source: TrackerSource) -> [TrackerProbe]
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

/// One call of a connection test.
public struct TrackerProbe: Sendable {
    /// What it proves.
    public enum Purpose: Sendable {
        /// Who the tracker takes us for. Its refusal means that the credentials are bad.
        case identity
        /// That issues can be read.
        case read
    }

    public let purpose: Purpose
    public let request: TrackerRequest
    /// Reads a good answer into what was found.
    public let read: @Sendable (TrackerResponse) throws(TrackerError) -> ProbeFinding

    /// Makes a probe.
    public init(
        _ purpose: Purpose, _ request: TrackerRequest,
        read: @escaping @Sendable (TrackerResponse) throws(TrackerError) -> ProbeFinding
    ) {
        self.purpose = purpose
        self.request = request
        self.read = read
    }
}

/// What a probe found out.
public struct ProbeFinding: Sendable, Hashable {
    /// Who the tracker says we are; empty when the probe does not ask.
    public let identity: String
    /// A sentence for the admin.
    public let advice: String
    /// Whether something works less well than it should.
    public let isWarning: Bool

    /// Makes a finding.
    public init(identity: String = "", advice: String, isWarning: Bool = false) {
        self.identity = identity
        self.advice = advice
        self.isWarning = isWarning
    }
}
