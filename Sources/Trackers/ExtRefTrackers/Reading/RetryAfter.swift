// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

/// Reads `Retry-After` (RFC 9110, 10.2.3): seconds, or a date such as `Sun, 06 Nov 1994 08:49:37 GMT`.
enum RetryAfter {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// How long to wait: 0 to ``TrackerLimits/retryAfterMax``; nil when the value is neither form.
    static func duration(_ value: String, now: Timestamp) -> Duration? {
        let text = value.trimmingBlanks()
        if !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            return min(
                Int64(text).map { .seconds($0) } ?? TrackerLimits.retryAfterMax, TrackerLimits.retryAfterMax)
        }
        guard let date = date(text) else { return nil }
        return max(.zero, min(date - now, TrackerLimits.retryAfterMax))
    }

    /// Reads an HTTP date.
    static func date(_ text: String) -> Timestamp? {
        guard let comma = text.firstIndex(of: ",") else { return nil }
        let parts = text[text.index(after: comma)...].split(separator: " ")
        guard parts.count == 5, parts[4] == "GMT", let month = months.firstIndex(of: String(parts[1])) else {
            return nil
        }
        let digits = String(month + 1)
        let number = digits.utf8.count == 1 ? "0" + digits : digits
        return TrackerDate.parse("\(parts[2])-\(number)-\(parts[0])T\(parts[3])Z")
    }
}
