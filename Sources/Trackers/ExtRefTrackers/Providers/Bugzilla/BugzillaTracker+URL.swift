// SPDX-License-Identifier: Apache-2.0

extension BugzillaTracker {
    /// Pages about one bug that name it as `id`.
    private static let pages: Set<String> = ["show_bug.cgi", "show_activity.cgi"]

    /// Knows `/show_bug.cgi?id=N`, `/rest/bug/N` and the short `/N`, each with a CVE's name too.
    public func key(at location: IssueLocation) -> String? {
        let segments = location.segments
        guard let first = segments.first else { return nil }
        if segments.count == 1 {
            return Self.pages.contains(first) ? location.queryValue("id").flatMap(plainKey) : plainKey(first)
        }
        guard segments.count == 3, segments.starts(with: ["rest", "bug"]) else { return nil }
        return plainKey(segments[2])
    }

    private func plainKey(_ text: String) -> String? { NumberKey.plain(text) ?? Self.cve(text) }
}
