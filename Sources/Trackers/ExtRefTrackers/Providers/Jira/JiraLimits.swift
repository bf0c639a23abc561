// SPDX-License-Identifier: Apache-2.0

/// Every bound of the two Jira adapters, by name.
enum JiraLimits {
    /// Issues in one `bulkfetch`; Cloud refuses more.
    static let batchIssuesMax = 100
    /// Issues on one page of a search with the fields that are read here.
    static let pageIssuesMax = 100
    /// Pages that one batch on Data Center may come in, where an administrator lowered the page size.
    static let batchPagesMax = 10
    /// Entries on one page of a project's types or fields; Cloud refuses more.
    static let formPageMax = 200
    /// Pages read of them.
    static let formPagesMax = 5
    /// Values offered for one field.
    static let choicesMax = 1_000
    /// How long a project's types and fields may be used again.
    static let formLife = Duration.seconds(120)
    /// Longest token of a next page that is sent back.
    static let pageTokenBytesMax = 8_192
    /// Pages of new issues looked through for one that was created.
    static let newestPagesMax = 4
    /// Numbers beyond the newest known one that are tried on Cloud, all in one call, and on Data Center, one
    /// by one.
    static let unindexedInBulkMax = 80
    static let unindexedSinglesMax = 5
    /// Longest title of a remote link.
    static let linkTitleScalarsMax = 255
}
