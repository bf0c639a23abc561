// SPDX-License-Identifier: Apache-2.0

/// Trackers whose addresses people still paste, and for which no source can be added any more.
enum RetiredTrackers {
    /// Why an address that belongs to no source never will; empty for every other address.
    static func explanation(of url: PastedURL) -> String {
        isBitbucketIssue(url)
            ? "Bitbucket Cloud switched its issue tracker off on 20 August 2026; the address can only be "
                + "kept as a plain link."
            : ""
    }

    /// `bitbucket.org/WORKSPACE/REPOSITORY/issues/N`, with a title behind it. Pull requests live on.
    private static func isBitbucketIssue(_ url: PastedURL) -> Bool {
        url.host == "bitbucket.org" && url.port == nil && (4...5).contains(url.segments.count)
            && url.segments[2] == "issues" && NumberKey.plain(url.segments[3]) != nil
    }
}
