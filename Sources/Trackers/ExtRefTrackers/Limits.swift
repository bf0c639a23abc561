// SPDX-License-Identifier: Apache-2.0

/// Every bound of the trackers wing, by name. Those of single calls are in ``HTTPLimits``.
public enum TrackerLimits {
    /// Largest answer of a tracker that is read as JSON. A full page of 100 issues with long descriptions
    /// fits.
    public static let jsonBytesMax = 4 * 1_024 * 1_024
    /// Deepest nesting of such an answer; vendors stay below ten.
    public static let jsonDepthMax = 64
    /// How long one call to a tracker may take, whatever the caller allows.
    public static let callTimeMax = Duration.seconds(10)
    /// How much earlier than the caller's budget a transfer ends, so that the answer still goes out in time.
    public static let budgetMargin = Duration.milliseconds(20)
    /// How long a connection test may take in all.
    public static let probeTimeMax = Duration.seconds(10)
    /// Longest wait that a tracker's `Retry-After` may ask of us.
    public static let retryAfterMax = Duration.seconds(24 * 3_600)
    /// Words looked at in one free text.
    public static let extractWordsMax = 8_192
    /// Questions to key patterns for one free text; each has its own budget of steps.
    public static let extractPatternMatchesMax = 8_192
    /// Candidates reported for one ambiguous reference.
    public static let ambiguousCandidatesMax = 20
    /// Longest words of a search.
    public static let searchScalarsMax = 256
    /// Most results of a search.
    public static let searchResultsMax = 50
    /// Sentences kept from a tracker's list of field errors, and the scalars of each.
    public static let fieldErrorsMax = 10
}
