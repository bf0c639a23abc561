// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

/// Where a list of changes, oldest first, goes on: from the time of the last one seen, and by position only
/// among those of one time.
///
/// Going on by position alone would skip an issue each time another one changes meanwhile and leaves the
/// front of the list for its end.
struct ChangesCursor: Sendable, Hashable {
    /// Farthest position; a tracker that lets so many issues change at once is broken.
    private static let offsetMax = 1_000_000

    let since: Timestamp
    let offset: Int

    /// Reads what ``next(after:isLast:)`` wrote; an empty page is the first.
    init(since: Timestamp, page: String) throws(TrackerError) {
        guard !page.isEmpty else {
            self.since = since
            offset = 0
            return
        }
        let parts = page.split(separator: "+", omittingEmptySubsequences: false)
        guard parts.count == 2, let milliseconds = Int64(parts[0]), let offset = Int(parts[1]),
            (0...Self.offsetMax).contains(offset)
        else { throw TrackerError(.invalidRequest, "This is no page of changes.") }
        self.since = Timestamp(milliseconds: milliseconds)
        self.offset = offset
    }

    /// Names the page behind this one; empty when there is none.
    /// - Parameters:
    ///   - times: when each entry of this page changed, as far as that could be read.
    ///   - isLast: whether the tracker says that nothing follows.
    func next(after times: [Timestamp?], isLast: Bool) -> String {
        guard !isLast, !times.isEmpty else { return "" }
        if let last = times.compactMap(\.self).max(), last > since { return "\(last.milliseconds)+0" }
        let next = offset + times.count
        return next <= Self.offsetMax ? "\(since.milliseconds)+\(next)" : ""
    }
}
