// SPDX-License-Identifier: Apache-2.0

internal import NIOCore

/// The one timer of a connection. It is only ever brought forward: an alarm that rings too early is cheap,
/// one that is cancelled and set anew for each call is not.
struct Alarm {
    private var timer: Scheduled<Void>?
    private var time: ContinuousClock.Instant?

    /// Whether the alarm would ring after `time`, or not at all.
    func isLater(than time: ContinuousClock.Instant) -> Bool {
        self.time.map { $0 > time } ?? true
    }

    /// Makes the alarm ring at `time` or before. Who is rung calls `rang()`.
    mutating func set(
        to time: ContinuousClock.Instant, on eventLoop: any EventLoop, ring: @escaping @Sendable () -> Void
    ) {
        guard isLater(than: time) else { return }
        timer?.cancel()
        self.time = time
        let wait = max(ContinuousClock.now.duration(to: time), .zero)
        timer = eventLoop.scheduleTask(in: TimeAmount(wait), ring)
    }

    /// The alarm has rung and may be set again.
    mutating func rang() {
        timer = nil
        time = nil
    }

    /// Makes the alarm not ring.
    mutating func cancel() {
        timer?.cancel()
        rang()
    }
}
