// SPDX-License-Identifier: Apache-2.0

/// Every bound of the domain, by name. Text is counted in Unicode scalars, which is what a proto validator
/// counts.
public enum DomainLimits {
    /// Longest tenant, project, principal or test object id. The host's ids are UUIDs or short slugs.
    public static let hostIDScalarsMax = 128
    /// Longest display name of a source or relation.
    public static let nameScalarsMax = 120
    /// Longest note on a link.
    public static let noteScalarsMax = 2_000
    /// Longest URL kept or accepted anywhere.
    public static let urlBytesMax = 2_048
    /// Longest issue key; the longest real one is `group/sub/group/project#123456`.
    public static let keyScalarsMax = 512
    /// Longest key pattern an admin may store.
    public static let keyPatternScalarsMax = 512
    /// Longest issue title kept; trackers allow 255 (Jira) to 1,024 (GitLab).
    public static let titleScalarsMax = 1_024
    /// Longest status, type, priority, resolution or person name kept.
    public static let shortTextScalarsMax = 255
    /// Most assignees kept for one issue.
    public static let assigneesMax = 50
    /// Most labels kept for one issue.
    public static let labelsMax = 100
    /// Most projects in an availability list.
    public static let availabilityProjectsMax = 1_000
    /// Most entries in a source's list of allowed external projects.
    public static let externalProjectsMax = 1_000
    /// Most entries in a source's status map.
    public static let statusMappingsMax = 200
    /// Most ancestors of a test object (result, case, run, cycle, milestone, with room).
    public static let ancestorsMax = 8
    /// Most items in one batch call.
    public static let batchItemsMax = 1_000
    /// Most objects in one badge query.
    public static let badgeObjectsMax = 500
    /// Most objects in one close-guard query.
    public static let guardObjectsMax = 10_000
    /// Largest page of a list; larger wishes are cut to it (AIP-158).
    public static let pageSizeMax = 500
    /// Page size when the caller names none.
    public static let pageSizeDefault = 50
    /// Longest `request_id` (AIP-155: a UUID fits).
    public static let requestIDBytesMax = 36
    /// How long a `request_id` keeps answering with its first result.
    public static let requestIDRetention = Duration.seconds(24 * 3_600)
    /// Longest free text that references are extracted from.
    public static let extractTextScalarsMax = 65_536
    /// Most candidates one text may yield.
    public static let extractCandidatesMax = 100
    /// Longest template of a title, description or test object's address.
    public static let textTemplateBytesMax = 8_192
    /// Longest fingerprint of a failure.
    public static let fingerprintBytesMax = 128
    /// Most open issues offered for reuse.
    public static let reusableIssuesMax = 10
    /// Longest caller's wait of a call for the tracker before a link is saved as pending.
    public static let inlineFetchBudget = Duration.seconds(3)
}
