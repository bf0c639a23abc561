// SPDX-License-Identifier: Apache-2.0

internal import NIOCore

/// The one timer of a connection. It is moved only forward in time's direction towards now: an alarm that
/// rings too early is cheap, one that is cancelled and set for each call is not.
struct Alarm {
    private var timer: Scheduled<Void>?
    private var time: ContinuousClock.Instant?

    /// Makes the alarm ring at `time` or before.
    mutating func set(
        to time: ContinuousClock.Instant, on eventLoop: any EventLoop, ring: @escaping @Sendable () -> Void
    ) {
        let now = ContinuousClock.now
        // An alarm whose time is over has rung.
        if let set = self.time, set <= time, set > now { return }
        cancel()
        self.time = time
        timer = eventLoop.scheduleTask(in: TimeAmount(max(now.duration(to: time), .zero)), ring)
    }

    /// Makes the alarm not ring.
    mutating func cancel() {
        timer?.cancel()
        timer = nil
        time = nil
    }
}
