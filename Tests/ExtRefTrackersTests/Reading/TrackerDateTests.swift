// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct TrackerDateTests {
    @Test(
        arguments: [
            ("2026-11-22T09:47:47Z", 1_795_340_867_000), ("2026-11-22T09:47:47.5Z", 1_795_340_867_500),
            ("2026-11-22T09:47:47.5943909Z", 1_795_340_867_594),
            ("2026-11-22T10:47:47+01:00", 1_795_340_867_000),
            ("2026-11-22T09:47:47.000+0000", 1_795_340_867_000),
            ("2026-11-22T04:47:47-05", 1_795_340_867_000),
            ("2026-11-22 09:47:47 UTC", 1_795_340_867_000), ("2026-11-22.09:47:47", 1_795_340_867_000),
            ("2026-11-22T09:47Z", 1_795_340_820_000), ("2026-11-22", 1_795_305_600_000),
            ("1970-01-01T00:00:00Z", 0),
            ("1969-12-31T23:59:59.999Z", -1), ("2000-02-29T00:00:00Z", 951_782_400_000),
            ("2024-02-29", 1_709_164_800_000),
            ("2016-12-31T23:59:60Z", 1_483_228_799_000), (" 2026-11-22t09:47:47z ", 1_795_340_867_000),
            ("9999-12-31T23:59:59Z", 253_402_300_799_000), ("2026-11-22T09:47:47,25Z", 1_795_340_867_250),
        ] as [(String, Int64)])
    func `every vendor's form is read`(text: String, milliseconds: Int64) {
        #expect(TrackerDate.parse(text) == Timestamp(milliseconds: milliseconds))
    }

    @Test(arguments: [
        "", "yesterday", "2026-13-01", "2026-02-29", "1900-02-29", "2026-00-10", "2026-11-31",
        "2026-11-22T24:00:00Z",
        "2026-11-22T09:60:00Z", "2026-11-22T09:47:61Z", "11/22/26 10:09:08", "26-11-22", "2026-11-22T",
        "2026-11-22T09",
        "2026-11-22T09:47:47.Z", "2026-11-22T09:47:47+15:00", "2026-11-22T09:47:47+1",
        "2026-11-22T09:47:47ZZ", "1795340867000",
        "٢٠٢٦-11-22", "2026-11-22T09:47:47 Europe/Berlin", "0000-01-01",
    ])
    func `what is no certain time is none`(text: String) {
        #expect(TrackerDate.parse(text) == nil)
    }

    @Test func `days follow each other over four centuries`() throws {
        var expected: Int64 = -135_140  // 1600-01-01
        for year in 1_600...2_000 {
            for month in 1...12 {
                for day in 1...31 {
                    guard let date = CivilDate(year: year, month: month, day: day) else { continue }
                    #expect(date.daysSinceEpoch == expected)
                    expected += 1
                }
            }
        }
    }

    @Test(
        arguments: [
            ("0", 0), ("120", 120), (" 7 ", 7), ("99999999999999999999999", 86_400),
            ("Sun, 22 Nov 2026 09:48:17 GMT", 30),
            ("Sun, 22 Nov 2026 09:00:00 GMT", 0), ("Mon, 22 Nov 2027 09:48:17 GMT", 86_400),
        ] as [(String, Int64)])
    func `Retry-After is read in both forms and bounded`(value: String, seconds: Int64) throws {
        let now = try #require(TrackerDate.parse("2026-11-22T09:47:47Z"))
        #expect(RetryAfter.duration(value, now: now) == .seconds(seconds))
    }

    @Test(arguments: [
        "", "-5", "1.5", "soon", "Sunday, 22-Nov-26 09:48:17 GMT", "Sun, 99 Nov 2026 09:48:17 GMT", ",",
    ])
    func `a Retry-After in no known form is none`(value: String) {
        #expect(RetryAfter.duration(value, now: Timestamp(milliseconds: 0)) == nil)
    }
}
