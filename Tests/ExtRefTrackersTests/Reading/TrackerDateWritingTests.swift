// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct TrackerDateWritingTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (1_784_721_600_042, "2026-07-22T12:00:00.042Z"),
            (951_782_400_999, "2000-02-29T00:00:00.999Z"), (-1, "1969-12-31T23:59:59.999Z"),
        ] as [(Int64, String)])
    func `a time is written to the millisecond and reads back`(milliseconds: Int64, text: String) {
        let time = Timestamp(milliseconds: milliseconds)
        #expect(TrackerDate.text(time) == text && TrackerDate.parse(text) == time)
    }
}
