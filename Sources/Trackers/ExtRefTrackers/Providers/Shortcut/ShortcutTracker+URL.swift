// SPDX-License-Identifier: Apache-2.0

extension ShortcutTracker {
    /// Knows `/story/123` and `/story/123/what-its-title-was` behind the workspace.
    public func key(at location: IssueLocation) -> String? {
        let segments = location.segments
        guard segments.first == "story", (2...3).contains(segments.count),
            !segments[1].lowercased().hasPrefix("sc-")
        else { return nil }
        return canonicalKey(segments[1])
    }
}
