// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
internal import FoundationEssentials

extension TrackerDate {
    /// Writes a time the way trackers take it in a question: RFC 3339 in UTC, with milliseconds.
    static func text(_ time: Timestamp) -> String {
        let whole = Date(timeIntervalSince1970: Double(time.seconds)).formatted(.iso8601)
        let milliseconds = String(time.milliseconds - time.seconds * 1_000)
        let fraction = String(repeating: "0", count: 3 - milliseconds.utf8.count) + milliseconds
        return "\(whole.dropLast()).\(fraction)Z"
    }
}
