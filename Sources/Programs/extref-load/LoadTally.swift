// SPDX-License-Identifier: Apache-2.0

import Histogram

/// What has been measured so far.
struct LoadTally {
    private(set) var latencies = Histogram<UInt64>(
        lowestDiscernibleValue: 1, highestTrackableValue: LoadLimits.latencyNanosecondsMax,
        numberOfSignificantValueDigits: .three)
    private(set) var answerCount = 0
    private(set) var failureCount = 0
    private(set) var firstFailure: String?

    mutating func record(_ nanoseconds: UInt64) {
        answerCount += 1
        latencies.record(min(nanoseconds, LoadLimits.latencyNanosecondsMax))
    }

    mutating func fail(_ description: @autoclosure () -> String) {
        failureCount += 1
        if firstFailure == nil { firstFailure = description() }
    }
}
