// SPDX-License-Identifier: Apache-2.0

import RPC
import Testing

@Suite struct RetryPolicyTests {
    private let policy = RetryPolicy(
        attemptsMax: 5, delayFirst: .milliseconds(20), delayMax: .milliseconds(100))

    @Test(arguments: [(1, 20), (2, 40), (3, 80), (4, 100), (60, 100), (Int.max, 100)])
    func waitsUpToTwiceAsLongEachTime(_ attempt: Int, _ ceiling: Int) throws {
        var random = Congruential(state: 7)
        let delays = (0..<1000).map { _ in policy.delay(afterAttempt: attempt, asked: nil, using: &random) }
        let shortest = try #require(delays.min())
        let longest = try #require(delays.max())
        #expect(longest <= .milliseconds(ceiling) && longest > .milliseconds(ceiling) * 0.9)
        #expect(shortest >= .zero && shortest < .milliseconds(ceiling) * 0.1)
    }

    @Test func waitsAsLongAsTheServerAsks() {
        var random = Congruential(state: 7)
        #expect(policy.delay(afterAttempt: 1, asked: .seconds(2), using: &random) == .seconds(2))
    }
}

/// A generator whose seed tells everything.
private struct Congruential: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 33)
    }
}
