// SPDX-License-Identifier: Apache-2.0

/// Times as text, in UTC (RFC 3339).
public enum RFC3339 {
    private static let secondsPerDay: Int64 = 86_400

    /// `2026-11-19T08:30:00Z`, with milliseconds, microseconds or nanoseconds when there are any.
    public static func text(_ time: GoogleTimestamp) -> String {
        civil(time.seconds, between: "T") + fraction(time.nanos) + "Z"
    }

    /// `2026-11-19 08:30:00` for people; empty for no time.
    public static func short(_ time: GoogleTimestamp?) -> String {
        time.map { civil($0.seconds, between: " ") } ?? ""
    }

    /// Reads `2026-11-19` or `2026-11-19T08:30:00Z`; nil when it is neither.
    public static func parse(_ text: String) -> GoogleTimestamp? {
        let whole = text.count == 10 ? text + "T00:00:00Z" : text
        guard let match = whole.wholeMatch(of: /(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z/),
            let year = Int64(match.1), let month = Int64(match.2), let day = Int64(match.3),
            let hour = Int64(match.4), let minute = Int64(match.5), let second = Int64(match.6),
            (1...12).contains(month), hour < 24, minute < 60, second < 60
        else { return nil }
        let time = GoogleTimestamp(
            seconds: days(year: year, month: month, day: day) * secondsPerDay + hour * 3_600 + minute * 60
                + second)
        // The 31st of February would come back as another day.
        return self.text(time) == whole ? time : nil
    }

    private static func civil(_ seconds: Int64, between separator: String) -> String {
        let day = seconds >= 0 ? seconds / secondsPerDay : (seconds - secondsPerDay + 1) / secondsPerDay
        let second = seconds - day * secondsPerDay
        let (year, month, date) = civilDay(day)
        return "\(padded(year, 4))-\(padded(month))-\(padded(date))\(separator)"
            + "\(padded(second / 3_600)):\(padded(second / 60 % 60)):\(padded(second % 60))"
    }

    /// Days since 1970-01-01 to year, month and day of the Gregorian calendar.
    /// Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
    private static func civilDay(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        )
    }

    /// The inverse of ``civilDay(_:)``: days_from_civil of the same source.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func fraction(_ nanos: Int32) -> String {
        guard nanos > 0 else { return "" }
        let digits = padded(Int64(nanos), 9)
        if nanos % 1_000_000 == 0 { return "." + digits.prefix(3) }
        return "." + (nanos % 1_000 == 0 ? digits.prefix(6) : digits.prefix(9))
    }

    private static func padded(_ value: Int64, _ width: Int = 2) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
