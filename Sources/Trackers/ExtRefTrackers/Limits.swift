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
    /// Requests of one operation; the longest conversation, creating an issue with its form, needs six.
    public static let requestsPerCallMax = 24
    /// Single reads side by side where a vendor has no call for many.
    public static let singleReadsMax = 4
    /// Redirects followed for one request that may meet a moved issue.
    public static let redirectsMax = 3
    /// Answers kept for use again, of all sources together, and the largest one kept.
    public static let reusedAnswersMax = 2_048
    public static let reusedAnswerBytesMax = 256 * 1_024
    /// Access tokens kept in memory; the one used longest ago goes first.
    public static let accessTokensMax = 4_096
    /// How long before its end an access token is renewed, and the part of its life that this may take.
    public static let tokenRenewalMargin = Duration.seconds(300)
    public static let tokenRenewalShare = 5
    /// Longest life of an access token that is believed.
    public static let tokenLifeMax = Duration.seconds(30 * 24 * 3_600)
    /// How long before a credential's end a connection test warns.
    public static let expiryWarning = Duration.seconds(14 * 24 * 3_600)
    /// How far the tracker's clock may be from ours before a connection test warns.
    public static let clockSkewMax = Duration.seconds(60)
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
    /// Signs of a changing interface taken from one answer, and the longest name of what one is about and of
    /// the call it was seen on.
    public static let driftSignsPerAnswerMax = 8
    public static let driftSubjectScalarsMax = 80
    public static let driftPlaceScalarsMax = 160
    /// Sentences kept from a tracker's list of field errors, and the scalars of each.
    public static let fieldErrorsMax = 10
}
