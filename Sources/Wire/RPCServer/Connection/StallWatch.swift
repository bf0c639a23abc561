// SPDX-License-Identifier: Apache-2.0

/// Notices a peer that takes nothing of what is queued for it.
///
/// A flush costs an addition: what the channel still holds is asked for only a few times within the limit. So
/// a peer is found out at most a quarter of the limit late, and never early.
struct StallWatch {
    private static let checksPerLimit = 4

    private let limit: Duration
    private var writtenBytes = 0
    /// What the peer had taken at the last check that saw progress.
    private var takenBytes = 0
    private var progressTime: ContinuousClock.Instant?

    /// When to call `timePassed`; nil while nothing can be queued.
    private(set) var wakeTime: ContinuousClock.Instant?

    init(limit: Duration) {
        self.limit = limit
    }

    /// Output was handed to the channel.
    mutating func written(_ byteCount: Int, now: @autoclosure () -> ContinuousClock.Instant) {
        writtenBytes += byteCount
        if wakeTime == nil { wakeTime = now() + limit / Self.checksPerLimit }
    }

    /// Time has passed; the channel holds `queuedBytes`.
    ///
    /// - Returns: whether the peer has stalled.
    mutating func timePassed(_ queuedBytes: @autoclosure () -> Int, now: ContinuousClock.Instant) -> Bool {
        guard let wakeTime, wakeTime <= now else { return false }
        let queued = queuedBytes()
        guard queued > 0 else {
            progressTime = nil
            self.wakeTime = nil
            return false
        }
        let taken = writtenBytes - queued
        if progressTime == nil || taken > takenBytes {
            progressTime = now
            takenBytes = taken
        }
        self.wakeTime = now + limit / Self.checksPerLimit
        return progressTime.map { $0 + limit <= now } ?? false
    }
}
