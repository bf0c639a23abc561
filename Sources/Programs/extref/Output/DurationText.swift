// SPDX-License-Identifier: Apache-2.0

import RPCMessages

/// Lengths of time as text.
enum DurationText {
    /// `12 ms` or `1.5 s`, for people.
    static func short(_ duration: GoogleDuration?) -> String {
        guard let duration else { return "" }
        let milliseconds = duration.seconds * 1_000 + Int64(duration.nanos) / 1_000_000
        if milliseconds < 1_000 { return "\(milliseconds) ms" }
        return "\(milliseconds / 1_000).\(milliseconds % 1_000 / 100) s"
    }

    /// Reads `90`, `90s`, `15m`, `12h` or `30d`; nil when it is none of them, negative, or beyond 10,000
    /// days.
    static func parse(_ text: String) -> Duration? {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        let unit = text.last.flatMap { units[$0] }
        guard let count = Int64(unit == nil ? text[...] : text.dropLast()), count >= 0 else { return nil }
        let (seconds, overflows) = count.multipliedReportingOverflow(by: unit ?? 1)
        return overflows || seconds > 10_000 * 86_400 ? nil : .seconds(seconds)
    }
}
