// SPDX-License-Identifier: Apache-2.0

/// Counts the calls of the last hour, minute by minute.
struct CallCount: Sendable {
    private static let minutes = 60
    private var counts = [Int](repeating: 0, count: minutes)
    private var newest: Int64 = 0

    mutating func add(at now: Duration) {
        turn(to: now)
        counts[Int(newest) % Self.minutes] += 1
    }

    func total(at now: Duration) -> Int {
        var copy = self
        copy.turn(to: now)
        return copy.counts.reduce(0, +)
    }

    private mutating func turn(to now: Duration) {
        let minute = max(newest, now.components.seconds / 60)
        for passed in 0..<min(minute - newest, Int64(Self.minutes)) {
            counts[Int(minute - passed) % Self.minutes] = 0
        }
        newest = minute
    }
}
