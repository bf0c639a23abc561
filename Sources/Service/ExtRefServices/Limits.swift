// SPDX-License-Identifier: Apache-2.0

/// Bounds of the services beyond those of the domain.
public enum ServiceLimits {
    /// Tenants whose configuration is kept in memory; the longest unused goes first.
    public static let cachedTenantsMax = 256
    /// Sources or relations of one tenant, deleted ones with links included.
    public static let configurationItemsMax = 5_000
    /// How often a busy tenant's remembered answers are looked through for those past their retention.
    public static let answerPurgeInterval = Duration.seconds(3_600)
    /// Kept back from a caller's deadline, so that an answer still arrives in time.
    public static let replyMargin = Duration.milliseconds(50)
    /// Longest time a refresh waits for a tracker.
    public static let refreshBudget = Duration.seconds(10)
    /// Most issues one read refreshes when the caller names a `max_age`.
    public static let refreshIssuesMax = 100
    /// Longest time a batch waits for trackers before the rest is saved as pending.
    public static let batchFetchBudget = Duration.seconds(8)
    /// Links of one object in a badge answer.
    public static let objectLinksMax = 100
    /// A state read this recently is taken for a new link without asking the tracker again.
    public static let freshEnough = Duration.seconds(30)
    /// Entries in `settings` or `secrets` of a source.
    public static let authenticationFieldsMax = 16
    /// Longest value of a setting, in bytes.
    public static let settingBytesMax = 2_048
    /// Longest value of a secret, in bytes; a PEM key fits.
    public static let secretBytesMax = 16_384
    /// Most object kinds a relation may be restricted to.
    public static let objectKindsMax = 16
}
