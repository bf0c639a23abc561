// SPDX-License-Identifier: Apache-2.0

/// What became of a match.
public enum PatternOutcome: Sendable, Hashable {
    /// The whole subject fits.
    case matched
    /// It does not.
    case notMatched
    /// The budget ran out first: counts as no match, but the pattern is to blame and not the subject.
    case stepsExceeded

    /// Whether the subject is known to fit.
    public var isMatch: Bool { self == .matched }
}
