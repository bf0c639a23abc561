// SPDX-License-Identifier: Apache-2.0

/// The moments at which something on a connection becomes too late.
///
/// The wake time is a lower bound: it is brought forward when something new needs it and computed anew only
/// when it has come. So a call costs one comparison, not a timer.
struct ConnectionTiming {
    private let settings: ServerConnectionSettings
    private var lastReceived: ContinuousClock.Instant
    private var frameBegun: ContinuousClock.Instant?
    private var oversizedTimes: [ContinuousClock.Instant] = []
    private(set) var wakeTime: ContinuousClock.Instant?

    init(_ settings: ServerConnectionSettings, now: ContinuousClock.Instant) {
        self.settings = settings
        lastReceived = now
        wakeTime = settings.idleDuration.map { now + $0 }
    }

    /// Bytes came. `isFrameNew` tells whether a frame ended in them, so that an unfinished one began in them.
    mutating func received(isInsideFrame: Bool, isFrameNew: Bool, now: ContinuousClock.Instant) {
        lastReceived = now
        guard isInsideFrame else {
            frameBegun = nil
            return
        }
        guard frameBegun == nil || isFrameNew else { return }
        frameBegun = now
        willNeed(now + settings.frameDuration)
    }

    /// Something will be too late at `time`.
    mutating func willNeed(_ time: ContinuousClock.Instant) {
        wakeTime = min(wakeTime ?? time, time)
    }

    func isFrameOverdue(at now: ContinuousClock.Instant) -> Bool {
        frameBegun.map { $0 + settings.frameDuration <= now } ?? false
    }

    func isIdleOverdue(at now: ContinuousClock.Instant) -> Bool {
        settings.idleDuration.map { lastReceived + $0 <= now } ?? false
    }

    /// Counts an oversized frame.
    ///
    /// - Returns: whether there were too many of late.
    mutating func oversized(now: ContinuousClock.Instant) -> Bool {
        let window = settings.oversizedWindow
        oversizedTimes.removeAll { $0 + window <= now }
        oversizedTimes.append(now)
        return oversizedTimes.count >= settings.oversizedMax
    }

    mutating func recompute(
        earliestDeadline: ContinuousClock.Instant?, isIdle: Bool, now: ContinuousClock.Instant
    ) {
        wakeTime = earliestDeadline
        if let frameBegun { willNeed(frameBegun + settings.frameDuration) }
        guard let idleDuration = settings.idleDuration else { return }
        // While a handler runs the connection is not idle; look again when it could be.
        willNeed(isIdle ? lastReceived + idleDuration : now + idleDuration)
    }
}
