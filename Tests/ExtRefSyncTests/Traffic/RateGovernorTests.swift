// SPDX-License-Identifier: Apache-2.0

import ExtRefTestKit
import ExtRefTrackers
import Testing

@testable import ExtRefSync

@Suite struct RateGovernorTests {
    private typealias Samples = TrafficSamples

    /// When either may go after one exchange at second 100.
    private func ready(after outcome: TrafficOutcome) -> (interactive: Duration, background: Duration) {
        var rate = RateGovernor()
        rate.leave(at: .seconds(100))
        rate.note(outcome, departure: .seconds(100), underWay: 0, at: .seconds(100))
        let now = Duration.seconds(100)
        return (rate.ready(for: .interactive, at: now) - now, rate.ready(for: .background, at: now) - now)
    }

    @Test(
        arguments: [
            (.rateLimited, .seconds(30), .seconds(30)), (.unavailable, .seconds(7), .seconds(7)),
            // A tracker that says zero does not mean it; one that says nothing gets half a minute.
            (.rateLimited, .zero, .seconds(30)), (.rateLimited, nil, .seconds(30)),
            (.unavailable, nil, .zero), (.notFound, nil, .zero),
        ] as [(TrackerError.Code, Duration?, Duration)])
    func `a wait that was asked for holds back everybody`(
        code: TrackerError.Code, told: Duration?, wait: Duration
    ) {
        let ready = ready(after: Samples.failed(code, retryAfter: told))
        #expect(ready.interactive == wait && ready.background == wait)
    }

    @Test(
        arguments: [
            // All are of a limit of 100 that ends in a minute.
            ("100", 0, 0), ("51", 0, 0), ("50", 0, 60), ("1", 0, 60), ("0", 60, 60),
        ] as [(String, Int64, Int64)])
    func `background work stops at half of a budget, people at its end`(
        left: String, interactive: Int64, background: Int64
    ) {
        let ready = ready(
            after: Samples.good([
                "x-ratelimit-limit": "100", "x-ratelimit-remaining": left, "x-ratelimit-reset": "60",
            ]))
        #expect(ready.interactive == .seconds(interactive) && ready.background == .seconds(background))
    }

    @Test func `a slow answer of Azure DevOps holds back background work only`() {
        let ready = ready(after: Samples.good(["x-ratelimit-delay": "12.5"]))
        #expect(ready.interactive == .zero && ready.background == .milliseconds(12_500))
    }

    @Test func `a Retry-After counts whatever the answer is`() {
        let ready = ready(after: Samples.good(["retry-after": "9"]))
        #expect(ready.interactive == .seconds(9) && ready.background == .seconds(9))
    }

    @Test func `a budget whose end is not told is believed for a minute`() {
        let ready = ready(
            after: Samples.good(["x-ratelimit-limit": "200", "x-ratelimit-remaining": "0"]))
        #expect(ready.interactive == .zero && ready.background == TrafficLimits.untoldBudgetPause)
    }

    @Test func `a budget without an end of its own ends with the wait, or as was told before`() {
        let waited = ready(
            after: Samples.good(["x-ratelimit-remaining": "0", "x-ratelimit-limit": "9", "retry-after": "2"]))
        #expect(waited.interactive == .seconds(2) && waited.background == .seconds(2))
        var rate = RateGovernor()
        for (left, reset) in [("90", "30"), ("1", nil)] {
            var headers = ["x-ratelimit-limit": "100", "x-ratelimit-remaining": left]
            headers["x-ratelimit-reset"] = reset
            rate.note(Samples.good(headers), departure: .zero, underWay: 0, at: .zero)
        }
        #expect(rate.ready(for: .background, at: .zero) == .seconds(30))
    }

    @Test func `of several budgets a used-up one holds back only who can wait`() {
        var rate = RateGovernor()
        for (name, left) in [("core", "4999"), ("search", "0")] {
            rate.note(
                Samples.good([
                    "x-ratelimit-resource": name, "x-ratelimit-limit": "5000",
                    "x-ratelimit-remaining": left, "x-ratelimit-reset": "60",
                ]), departure: .zero, underWay: 0, at: .zero)
        }
        #expect(rate.ready(for: .interactive, at: .zero) == .zero)
        #expect(rate.ready(for: .background, at: .zero) == .seconds(60))
    }

    @Test func `background work spreads its half over the time there is`() {
        var rate = RateGovernor()
        rate.note(
            Samples.good([
                "x-ratelimit-limit": "1000", "x-ratelimit-remaining": "1000", "x-ratelimit-reset": "1000",
            ]), departure: .zero, underWay: 0, at: .zero)
        var now = Duration.zero
        var calls = 0
        while now < .seconds(1_000) {
            now = rate.ready(for: .background, at: now)
            guard now < .seconds(1_000) else { break }
            rate.leave(at: now)
            calls += 1
            if calls == 200 { #expect(now > .seconds(300) && now < .seconds(420)) }
        }
        #expect(calls <= 500 && calls > 480)
    }

    @Test func `calls of one moment that are throttled together halve the rate once`() {
        var rate = RateGovernor()
        for _ in 0..<8 { rate.leave(at: .seconds(1)) }
        for _ in 0..<8 {
            rate.note(
                Samples.failed(.rateLimited, retryAfter: .seconds(5)), departure: .seconds(1), underWay: 0,
                at: .seconds(2))
        }
        #expect(rate.callsPerSecond == TrafficLimits.callsPerSecondStart / 2)
        rate.note(
            Samples.failed(.rateLimited, retryAfter: .seconds(5)), departure: .seconds(7), underWay: 0,
            at: .seconds(8))
        #expect(rate.callsPerSecond == TrafficLimits.callsPerSecondStart / 4)
    }

    @Test func `the pause grows as long as a tracker throttles without a time`() {
        var rate = RateGovernor()
        var now = Duration.zero
        var pauses = [Int64]()
        for _ in 0..<8 {
            rate.note(Samples.failed(.rateLimited), departure: now, underWay: 0, at: now)
            pauses.append((rate.blockedUntil - now).components.seconds)
            now = rate.blockedUntil
        }
        #expect(pauses == [30, 60, 120, 240, 480, 900, 900, 900])
        rate.note(Samples.good(), departure: now, underWay: 0, at: now)
        rate.note(Samples.failed(.rateLimited), departure: now, underWay: 0, at: now + .seconds(1))
        #expect(rate.blockedUntil - now == .seconds(31))
    }

    @Test func `a rate that holds calls back grows by one call a second in a second`() {
        var rate = RateGovernor()
        var now = Duration.zero
        while now < .seconds(10) {
            now = rate.ready(for: .interactive, at: now)
            rate.leave(at: now)
            rate.note(Samples.good(), departure: now, underWay: 0, at: now)
        }
        let grown = rate.callsPerSecond - TrafficLimits.callsPerSecondStart
        #expect(grown > 8.5 && grown <= 10.5)
        // Nobody wants more: it stays.
        let before = rate.callsPerSecond
        for second in 20..<40 {
            rate.leave(at: .seconds(second))
            rate.note(Samples.good(), departure: .seconds(second), underWay: 0, at: .seconds(second))
        }
        #expect(rate.callsPerSecond == before)
    }

    @Test(arguments: SimulationSeeds.chosen(count: 200))
    func `nothing is ready before a wait is over, and what is ready for the background is for people`(
        seed: UInt64
    ) {
        var numbers = SeededNumbers(seed: seed)
        var rate = RateGovernor()
        var now = Duration.zero
        var blocked = Duration.zero
        for _ in 0..<200 {
            now += .milliseconds(Int64.random(in: 0...2_000, using: &numbers))
            let outcome = Self.outcome(&numbers)
            if let wait = outcome.failure?.retryAfter { blocked = max(blocked, now + wait) }
            if let wait = outcome.hints?.retryAfter { blocked = max(blocked, now + wait) }
            rate.leave(at: now)
            rate.note(outcome, departure: now, underWay: 0, at: now)
            let people = rate.ready(for: .interactive, at: now)
            let background = rate.ready(for: .background, at: now)
            #expect(people >= blocked && people >= now && background >= people, "seed \(seed)")
            #expect(rate.callsPerSecond >= TrafficLimits.callsPerSecondMin, "seed \(seed)")
            #expect(rate.callsPerSecond <= TrafficLimits.callsPerSecondMax, "seed \(seed)")
        }
    }

    private static func outcome(_ numbers: inout SeededNumbers) -> TrafficOutcome {
        let seconds = Int64.random(in: 0...100, using: &numbers)
        return switch Int.random(in: 0...6, using: &numbers) {
        case 0: Samples.failed(.rateLimited, retryAfter: .seconds(seconds))
        case 1: Samples.failed(.unavailable, retryAfter: .seconds(seconds))
        case 2: Samples.failed(.rateLimited)
        case 3: Samples.good(["retry-after": "\(seconds)"])
        case 4:
            Samples.good([
                "x-ratelimit-limit": "100", "x-ratelimit-remaining": "\(seconds)", "x-ratelimit-reset": "30",
            ])
        case 5: Samples.good(["x-ratelimit-delay": "\(seconds)"])
        default: Samples.good()
        }
    }
}
