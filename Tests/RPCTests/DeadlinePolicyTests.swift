// SPDX-License-Identifier: Apache-2.0

import RPC
import Testing

@Suite struct DeadlinePolicyTests {
    @Test(arguments: [
        (Int64(0), Duration.seconds(30)), (1, .nanoseconds(1)), (1_000_000_000, .seconds(1)),
        (3_600_000_000_000, .seconds(300)), (Int64.max, .seconds(300)),
    ]) func givesTheTimeAskedForUpToTheLongest(_ nanoseconds: Int64, _ expected: Duration) {
        let now = ContinuousClock.now
        #expect(DeadlinePolicy().deadline(timeoutNanoseconds: nanoseconds, now: now) == now + expected)
    }

    @Test(arguments: [-1, Int64.min]) func aNegativeTimeIsOver(_ nanoseconds: Int64) {
        #expect(DeadlinePolicy().deadline(timeoutNanoseconds: nanoseconds, now: .now) == nil)
    }

    @Test func theStandardTimeIsNeverLongerThanTheLongest() {
        let now = ContinuousClock.now
        let policy = DeadlinePolicy(standard: .seconds(30), longest: .seconds(5))
        #expect(policy.deadline(timeoutNanoseconds: 0, now: now) == now + .seconds(5))
    }
}
