// SPDX-License-Identifier: Apache-2.0

/// Bounds of the store that are not rules of the domain.
public enum StoreLimits {
    /// Most links answered for one badge query over many objects; the rest is cut and said so by the counts.
    public static let objectLinksMax = 5_000
    /// Most changes one read of the feed answers.
    public static let changesPageMax = 1_000
    /// Most changes one read of the feed looks at, so that a filter that matches little stays cheap.
    public static let changesScannedMax = 5_000
    /// Most old request ids that one purge deletes.
    public static let requestIDsPurgedMax = 1_000
    /// Most ended wishes for an issue that one purge deletes.
    public static let creationsPurgedMax = 1_000
    /// Notifications of one source that its log keeps.
    public static let webhookRecordsMax = 200
    /// Most receipts of old notifications that one purge deletes.
    public static let webhookReceiptsPurgedMax = 100
    /// Most audit entries one step of a verification reads; about half a second.
    public static let auditVerifiedMax = 50_000
    /// Most earlier keys shown with an issue; look-ups know all of them.
    static let previousKeysMax = 50
    /// Most tenants whose seeding is remembered in memory; beyond it the memory starts anew.
    static let seededTenantsMax = 100_000
}
