// SPDX-License-Identifier: Apache-2.0

/// Notices a peer that takes nothing of what is queued for it.
struct StallWatch {
    private let limit: Duration
    private var queuedBytes = 0
    /// When something was last queued into an empty queue, or taken out of it.
    private var progressTime: ContinuousClock.Instant?

    init(limit: Duration) {
        self.limit = limit
    }

    /// When the peer will have stalled; nil while nothing is queued.
    var wakeTime: ContinuousClock.Instant? { progressTime.map { $0 + limit } }

    /// Output was written to the channel, which still holds `queuedBytes` of it.
    mutating func outputQueued(_ queuedBytes: Int, now: @autoclosure () -> ContinuousClock.Instant) {
        self.queuedBytes = queuedBytes
        if queuedBytes == 0 {
            progressTime = nil
        } else if progressTime == nil {
            progressTime = now()
        }
    }

    /// Time has passed; the channel holds `queuedBytes`.
    ///
    /// - Returns: whether the peer has stalled.
    mutating func timePassed(_ queuedBytes: Int, now: ContinuousClock.Instant) -> Bool {
        guard let progressTime else { return false }
        if queuedBytes < self.queuedBytes {
            self.progressTime = queuedBytes == 0 ? nil : now
            self.queuedBytes = queuedBytes
            return false
        }
        return progressTime + limit <= now
    }
}
