// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// What reading one issue brought.
public enum FetchOutcome: Sendable, Hashable {
    /// Its state, and the tag to ask with the next time; empty when the tracker gives none.
    case fetched(IssueSnapshot, validator: String)
    /// It is what it was when the validator was handed out.
    case notModified
}

/// What reading many issues brought.
public struct BatchOutcome: Sendable {
    public internal(set) var found: [IssueSnapshot] = []
    /// Asked for, and the tracker says why it does not show them.
    public internal(set) var refused: [IssueReference: TrackerError] = [:]
    /// Asked for, but not in a complete answer: missing or forbidden. Only a single read tells which.
    public internal(set) var notReturned: [IssueReference] = []
    /// Not answered, because this call or one before it failed for the whole source.
    public internal(set) var unanswered: [IssueReference] = []
    /// Why calls after the first were given up; nil when all were made.
    public internal(set) var failure: TrackerError?
}
