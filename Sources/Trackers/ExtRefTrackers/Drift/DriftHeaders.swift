// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

/// Reads the headers by which a tracker announces the end of a call.
enum DriftHeaders {
    /// What the headers of an answer, whatever its status is, announce.
    static func signs(of response: TrackerResponse) -> [DriftSign] {
        [sunset(response), deprecation(response)].compactMap(\.self)
    }

    /// `Sunset: Sat, 31 Dec 2027 23:59:59 GMT` (RFC 8594, section 3). A date that cannot be read still
    /// announces an end.
    private static func sunset(_ response: TrackerResponse) -> DriftSign? {
        guard let text = value("sunset", of: response) else { return nil }
        return DriftSign(.sunset, effectiveAt: date(text))
    }

    /// `Deprecation: @1688169599` (RFC 9745, section 2.1); its drafts had a date or `true`.
    private static func deprecation(_ response: TrackerResponse) -> DriftSign? {
        guard let text = value("deprecation", of: response), !denials.contains(text.lowercased()) else {
            return nil
        }
        return DriftSign(.deprecated, effectiveAt: date(text))
    }

    private static let denials: Set<String> = ["false", "?0"]

    private static func value(_ name: String, of response: TrackerResponse) -> String? {
        response.header(name).map { $0.trimmingBlanks() }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Seconds since 1970 behind an `@` (RFC 9651, section 3.3.7), an HTTP date, or one of ISO 8601; within
    /// the years that people write dates of.
    private static func date(_ text: String) -> Timestamp? {
        if text.hasPrefix("@") {
            // Parameters may follow.
            return Int64(text.dropFirst().prefix { $0 != ";" }).flatMap {
                secondsBelieved.contains($0) ? Timestamp(seconds: $0) : nil
            }
        }
        return RetryAfter.date(text) ?? TrackerDate.parse(text)
    }

    /// To the end of the year 9999.
    private static let secondsBelieved: ClosedRange<Int64> = 0...253_402_300_799
}
