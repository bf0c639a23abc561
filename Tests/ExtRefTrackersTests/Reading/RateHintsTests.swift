// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct RateHintsTests {
    /// 2026-11-22T09:47:47Z.
    private static let now = Timestamp(seconds: 1_795_340_867)

    static let resets: [(String, Duration?)] = [
        // Seconds from now (Forgejo, the IETF draft), also with a fraction.
        ("0", .zero), ("30", .seconds(30)), (" 30 ", .seconds(30)), ("1.5", .milliseconds(1_500)),
        // Seconds since 1970 (GitHub, GitLab, Azure DevOps).
        ("1795340897", .seconds(30)), ("1795340867", .zero), ("1795340000", .zero),
        // Milliseconds since 1970 (Linear).
        ("1795340897250", .milliseconds(30_250)), ("1795340000000", .zero),
        // ISO 8601 (Jira).
        ("2026-11-22T09:48:17Z", .seconds(30)), ("2026-11-22T09:48:17.000+0000", .seconds(30)),
        ("2026-11-22T10:48:17+01:00", .seconds(30)), ("2026-11-22T09:00:00Z", .zero),
        // An HTTP date.
        ("Sun, 22 Nov 2026 09:48:17 GMT", .seconds(30)),
        // Never longer than a day.
        ("86401", TrackerLimits.retryAfterMax), ("1999999999", TrackerLimits.retryAfterMax),
        ("99999999999999", TrackerLimits.retryAfterMax),
        // No time at all.
        ("", nil), ("soon", nil), ("-5", nil), ("nan", nil), ("inf", nil), ("1e300", nil), ("0x", nil),
    ]

    @Test(arguments: resets)
    func `a reset is read in every vendor's dialect`(text: String, wait: Duration?) {
        #expect(RateHints.wait(text, from: Self.now) == wait)
    }

    @Test(arguments: [
        ["x-ratelimit-limit": "100", "x-ratelimit-remaining": "9", "x-ratelimit-reset": "60"],
        ["ratelimit-limit": "100", "ratelimit-remaining": "9", "ratelimit-reset": "60"],
        [
            "x-ratelimit-requests-limit": "100", "x-ratelimit-requests-remaining": "9",
            "x-ratelimit-requests-reset": "1795340927000",
        ],
    ])
    func `limit and rest are found under every vendor's names`(headers: [String: String]) {
        let hints = hints(headers)
        #expect(hints.limit == 100 && hints.remaining == 9 && hints.reset == .seconds(60))
    }

    @Test(
        arguments: [
            ("0", Duration.seconds(60)), ("1", nil), ("", .seconds(60)), ("x", .seconds(60)),
        ] as [(String, Duration?)])
    func `the reset is waited for when nothing is left, or nobody says what is`(left: String, wait: Duration?)
    {
        var headers = ["x-ratelimit-reset": "60"]
        if !left.isEmpty { headers["x-ratelimit-remaining"] = left }
        #expect(hints(headers).waitingTime == wait)
    }

    @Test(arguments: [("100", "9", true), ("100", "10", false), ("0", "0", false), ("-1", "0", false)])
    func `less than a tenth is little`(limit: String, left: String, isLow: Bool) {
        #expect(hints(["x-ratelimit-limit": limit, "x-ratelimit-remaining": left]).isLow == isLow)
    }

    @Test func `an answer without hints has none`() {
        let hints = hints([:])
        #expect(hints.limit == nil && hints.remaining == nil && hints.reset == nil && !hints.isLow)
        #expect(hints.waitingTime == nil)
    }

    private func hints(_ headers: [String: String]) -> RateHints {
        RateHints(
            TrackerResponse(status: 200, headers: headers.map { .init($0.key, $0.value) }), at: Self.now)
    }
}
