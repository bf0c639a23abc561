// SPDX-License-Identifier: Apache-2.0

extension RoundupTracker {
    /// Knows `/issueN`, whatever its query, and `/rest/data/issue/N`.
    public func key(at location: IssueLocation) -> String? {
        let segments = location.segments
        if segments.count == 1, let page = segments.first, page.hasPrefix(Self.designator) {
            return NumberKey.plain(String(page.dropFirst(Self.designator.count)))
        }
        guard segments.count == 4, segments.starts(with: ["rest", "data", Self.designator]) else {
            return nil
        }
        return NumberKey.plain(segments[3])
    }
}
