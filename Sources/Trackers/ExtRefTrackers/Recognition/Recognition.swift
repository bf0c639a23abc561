// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// What a text that somebody typed or pasted means.
public enum Recognition: Sendable, Hashable {
    /// An issue of one source.
    case matched(RecognisedIssue)
    /// An issue, but of which of these sources? At least two, likeliest first.
    case ambiguous([RecognisedIssue])
    /// A page of a known source that shows no single issue.
    case knownSourceNotAnIssue(SourceID, reason: String)
    /// A sound web address that belongs to no source. It may be kept as a bare link. Where no source could
    /// ever be added for it, because its tracker is no more, the explanation says so; it is empty otherwise.
    case unknownSource(WebURL, explanation: String)
    /// A key of this source that its rules refuse: ``ErrorReason/keyInvalid`` or
    /// ``ErrorReason/keyPatternMismatch``.
    case keyRefused(SourceID, ErrorReason, reason: String)
    /// Neither an address nor a key.
    case invalid(reason: String)
}

/// An issue that a text names.
public struct RecognisedIssue: Sendable, Hashable {
    public let sourceID: SourceID
    public let providerID: ProviderID
    /// The form that is stored.
    public let key: String
    /// The form that people read, such as `#12`.
    public let displayKey: String
    /// The address that every spelling of this issue's address comes down to.
    public let canonicalURL: String
    /// How sure it is: 0 to 1.
    public let confidence: Double
}

/// An issue named somewhere inside a text.
public struct ReferenceCandidate: Sendable, Hashable {
    public let issue: RecognisedIssue
    /// Where, in Unicode scalars from the text's start.
    public let range: Range<Int>
}
