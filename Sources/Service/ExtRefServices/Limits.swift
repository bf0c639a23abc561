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
    /// Issues that one refresh asks for singly because a batch left them out.
    public static let singleReadsMax = 10
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
    /// Most sources one search asks, and how long each may take: none waits for a slower one's answer longer.
    public static let searchSourcesMax = 20
    public static let searchBudget = Duration.seconds(5)
    /// Results for one source when the caller names no number, and most of them.
    public static let searchResultsDefault = 20
    public static let searchResultsMax = 50
    /// Longest time a form waits for the tracker.
    public static let formBudget = Duration.seconds(8)
    /// Longest time a creation waits for the tracker's answer, and a look for what a cut one left.
    public static let createBudget = Duration.seconds(10)
    public static let findCreatedBudget = Duration.seconds(5)
    /// How long a creation may be under way before another call may take it over.
    public static let creationLease = Duration.seconds(30)
    /// How long after a cut answer nothing is sent again: the tracker may still be working on it.
    public static let creationSettleTime = Duration.seconds(5)
    /// When a cut creation is looked into if nobody repeats the call.
    public static let creationFollowUp = Duration.seconds(60)
    /// How long a cut creation is looked into; longest pause between two looks.
    public static let creationFollowUpMax = Duration.seconds(7 * 24 * 3_600)
    public static let creationFollowUpPauseMax = Duration.seconds(3_600)
    /// How long a job of a disabled source is left alone; enabling it does not announce itself.
    public static let disabledPause = Duration.seconds(300)
    /// Values sent with a new issue, the longest name and value of one, and of what the host tells of an
    /// object.
    public static let issueFieldsMax = 64
    public static let issueFieldNameBytesMax = 128
    public static let issueFieldBytesMax = 32_768
    public static let objectFieldsMax = 32
    public static let objectFieldBytesMax = 16_384
    /// Longest time one back-link waits for the tracker.
    public static let backLinkBudget = Duration.seconds(10)
    /// How long a person may take to agree on a vendor's page.
    public static let authorizationTimeMax = Duration.seconds(900)
    /// Longest wait for a change that a caller may wish for.
    public static let feedWaitMax = Duration.seconds(60)
    /// Longest time a call that need not wait looks through the feed for something its filters let pass.
    public static let feedScanBudget = Duration.seconds(5)
    /// Changes that are looked through at once on the call's own thread; more are read where nobody waits.
    public static let feedInlineMax: Int64 = 200
    /// Streams of the change feed at once, and those of one subject; each holds a connection and a place in
    /// the feed, of which calls that wait keep most.
    public static let streamsMax = 256
    public static let streamsPerCallerMax = 32
    /// Changes that a stream holds at once.
    public static let streamPageSize: Int32 = 100
    /// What a stream's call may take longer than it waits; a long look through the feed is in it.
    public static let streamCallMargin = Duration.seconds(10)
    /// How long a stream pauses that found no place to wait at the feed.
    public static let streamPause = Duration.seconds(1)
    /// When a reader may come again for whom there was no stream.
    public static let streamRetry = Duration.seconds(5)
    /// Header fields and bytes of a notification.
    public static let webhookHeadersMax = 64
    public static let webhookBodyBytesMax = 1 << 20
    /// How long a notification is remembered, so that a repeat is known: longer than any vendor repeats.
    public static let webhookReceiptRetention = Duration.seconds(7 * 24 * 3_600)
    /// How often a notification that is not stored leaves a line in its source's log; the rest is dropped.
    public static let webhookNoteInterval = Duration.seconds(10)
    /// How often the database is asked for sources that this process does not know of.
    public static let webhookSourcesInterval = Duration.seconds(60)
    /// Sources whose webhook secrets are kept in memory.
    public static let webhookSourcesMax = 1_000
    /// Native ids, and keys, of one source that are kept in memory, and of all together; a source with more
    /// is looked up in the database.
    public static let indexedIssuesMax = 200_000
    public static let indexedIssuesInAllMax = 2_000_000
    /// How long a webhook secret is still accepted after a rotation: when nothing is said, and at most.
    public static let webhookOverlapDefault = Duration.seconds(24 * 3_600)
    public static let webhookOverlapMax = Duration.seconds(7 * 24 * 3_600)
    /// How long a tracker is awaited that chooses its webhook's secret itself.
    public static let handshakeTime = Duration.seconds(15 * 60)
    /// Longest secret that a tracker may choose, in bytes, and most of one source: it may have one for each
    /// of its webhooks, and each is tried.
    public static let handshakeSecretBytesMax = 256
    public static let handshakeSecretsMax = 32
    /// Random bytes of a webhook secret.
    public static let webhookSecretBytes = 32
    /// Most object kinds a relation may be restricted to.
    public static let objectKindsMax = 16
}
