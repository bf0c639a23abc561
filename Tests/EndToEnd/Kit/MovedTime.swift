// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefTrackers
import Synchronization

/// The system's time, and what a test adds to it.
final class MovedTime: Sendable {
    private let ahead = Mutex(Duration.zero)

    var now: WallClock {
        { [self] in TrackerRunner.systemTime() + ahead.withLock { $0 } }
    }

    func advance(_ duration: Duration) { ahead.withLock { $0 += duration } }
}

/// Pauses that are over in a moment, so that what a server does every so often follows a moved time at once.
struct ShortPauses: Clock {
    typealias Instant = ContinuousClock.Instant

    private static let pause = Duration.milliseconds(20)
    private let clock = ContinuousClock()

    var now: Instant { clock.now }
    var minimumResolution: Duration { clock.minimumResolution }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try await clock.sleep(until: min(deadline, clock.now + Self.pause), tolerance: tolerance)
    }
}
