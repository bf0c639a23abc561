// SPDX-License-Identifier: Apache-2.0

extension RedmineTracker {
    /// Pages of one issue below `/issues/N`.
    private static let issuePages: Set<String> = ["edit", "time_entries", "relations", "watchers", "copy"]
    /// Formats Redmine serves an issue in.
    private static let formats = [".json", ".xml", ".pdf", ".atom"]

    /// Knows `/issues/N`, `/issues/N.json`, `/issues/N/edit`, `/issues/show/N` (before 1.4) and each of them
    /// below `/projects/P`.
    public func key(at location: IssueLocation) -> String? {
        var segments = location.segments[...]
        if segments.count > 2, segments.first == "projects" { segments = segments.dropFirst(2) }
        guard segments.popFirst() == "issues" else { return nil }
        if segments.count == 2, segments.first == "show" { segments.removeFirst() }
        guard let id = segments.popFirst() else { return nil }
        guard segments.isEmpty || segments.count == 1 && Self.issuePages.contains(segments.first ?? "") else {
            return nil
        }
        let format = Self.formats.first(where: id.hasSuffix) ?? ""
        let number = String(id.dropLast(format.count))
        return NumberKey.plain(number)
    }
}
