// SPDX-License-Identifier: Apache-2.0

extension YouTrackTracker {
    /// Pages that show one issue beside others and name it as `issue`.
    private static let listPages: Set<String> = ["agiles", "issues", "gantt-charts", "dashboard"]

    /// Knows `/issue/K` with a title behind it, boards and lists with `?issue=K`, and `/api/issues/K`.
    public func key(at location: IssueLocation) -> String? {
        let segments = location.segments
        guard let first = segments.first else { return nil }
        if first == "issue", (2...3).contains(segments.count) { return canonicalKey(segments[1]) }
        if first == "api", segments.count == 3, segments[1] == "issues" { return canonicalKey(segments[2]) }
        return Self.listPages.contains(first) ? location.queryValue("issue").flatMap(canonicalKey) : nil
    }
}
