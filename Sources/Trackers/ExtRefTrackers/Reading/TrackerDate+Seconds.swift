// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
internal import FoundationEssentials

extension TrackerDate {
    /// A time as trackers without fractions take it: RFC 3339 in UTC, such as `2026-11-22T09:47:47Z`, rounded
    /// down.
    static func wholeSeconds(_ time: Timestamp) -> String {
        Date(timeIntervalSince1970: Double(time.seconds)).formatted(.iso8601)
    }
}
