// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

/// Reads the date formats of all trackers: RFC 3339 and its relatives.
///
/// Between date and time stands `T`, a blank or a dot; fractions have any number of digits; the zone is `Z`,
/// `UTC`, `+hh:mm`, `+hhmm` or `+hh`, and UTC when there is none. A date alone is its first moment. Two-digit
/// years and local forms are refused: a wrong time is worse than none.
enum TrackerDate {
    /// Reads a time; nil when it is none.
    static func parse(_ text: String) -> Timestamp? {
        var scanner = DigitScanner(text.trimmingBlanks())
        guard let date = date(&scanner) else { return nil }
        if scanner.isAtEnd { return date }
        guard scanner.skip(anyOf: "T t."), let time = timeOfDay(&scanner), let offset = zone(&scanner),
            scanner.isAtEnd
        else { return nil }
        return Timestamp(milliseconds: date.milliseconds + time - offset)
    }

    private static func date(_ scanner: inout DigitScanner) -> Timestamp? {
        guard let year = scanner.number(digits: 4), scanner.skip(anyOf: "-"),
            let month = scanner.number(digits: 2),
            scanner.skip(anyOf: "-"), let day = scanner.number(digits: 2)
        else { return nil }
        return CivilDate(year: year, month: month, day: day).map {
            Timestamp(seconds: $0.daysSinceEpoch * 86_400)
        }
    }

    /// Milliseconds since midnight.
    private static func timeOfDay(_ scanner: inout DigitScanner) -> Int64? {
        guard let hour = scanner.number(digits: 2), hour < 24, scanner.skip(anyOf: ":"),
            let minute = scanner.number(digits: 2), minute < 60
        else { return nil }
        var milliseconds = Int64(hour * 3_600 + minute * 60) * 1_000
        guard scanner.skip(anyOf: ":") else { return milliseconds }
        // 60 is a leap second; Unix time has none.
        guard let second = scanner.number(digits: 2), second <= 60 else { return nil }
        milliseconds += Int64(min(second, 59)) * 1_000
        guard scanner.skip(anyOf: ".,") else { return milliseconds }
        return scanner.fractionMilliseconds().map { milliseconds + $0 }
    }

    /// Milliseconds to subtract.
    private static func zone(_ scanner: inout DigitScanner) -> Int64? {
        _ = scanner.skip(anyOf: " ")
        if scanner.isAtEnd || scanner.skip("UTC") || scanner.skip("GMT") || scanner.skip(anyOf: "Zz") {
            return 0
        }
        let isWest = scanner.skip(anyOf: "-")
        guard isWest || scanner.skip(anyOf: "+"), let hours = scanner.number(digits: 2), hours <= 14 else {
            return nil
        }
        _ = scanner.skip(anyOf: ":")
        let minutes = scanner.isAtEnd ? 0 : scanner.number(digits: 2)
        guard let minutes, minutes < 60 else { return nil }
        return Int64(hours * 3_600 + minutes * 60) * 1_000 * (isWest ? -1 : 1)
    }
}

/// A day of the Gregorian calendar that exists.
struct CivilDate {
    private let year: Int
    private let month: Int
    private let day: Int

    /// Accepts the years 1000 to 9999.
    init?(year: Int, month: Int, day: Int) {
        guard (1_000...9_999).contains(year), (1...12).contains(month), day >= 1 else { return nil }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard day <= lengths[month - 1] else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
    }

    /// Days since 1970-01-01. The year is counted from March, so that the leap day comes last.
    var daysSinceEpoch: Int64 {
        let shifted = month > 2 ? year : year - 1
        let monthFromMarch = (month + 9) % 12
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
        return Int64(365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468)
    }
}

/// Reads fixed groups of digits.
struct DigitScanner {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = text[...].utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func number(digits: Int) -> Int? {
        let group = rest.prefix(digits)
        guard group.count == digits, group.allSatisfy(Self.isDigit) else { return nil }
        rest = rest.dropFirst(digits)
        return group.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    /// One to many digits behind the point; only three count.
    mutating func fractionMilliseconds() -> Int64? {
        let group = rest.prefix(while: Self.isDigit)
        guard !group.isEmpty else { return nil }
        rest = rest.dropFirst(group.count)
        let digits = group.prefix(3).reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
        return [100, 10, 1][min(group.count, 3) - 1] * digits
    }

    mutating func skip(anyOf characters: String) -> Bool {
        guard let first = rest.first, characters.utf8.contains(first) else { return false }
        rest = rest.dropFirst()
        return true
    }

    mutating func skip(_ word: String) -> Bool {
        guard rest.starts(with: word.utf8) else { return false }
        rest = rest.dropFirst(word.utf8.count)
        return true
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
