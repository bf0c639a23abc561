// SPDX-License-Identifier: Apache-2.0

import ExtRefTestKit
import Testing

@testable import ExtRefSync

@Suite struct CircuitBreakerTests {
    private var numbers = SeededNumbers(seed: 1)
    private var breaker = CircuitBreaker()

    private mutating func note(
        _ verdict: ExchangeVerdict, _ call: UInt64 = 0, isTest: Bool = false, at seconds: Int64 = 0
    ) {
        breaker.note(verdict, of: call, isTest: isTest, at: .seconds(seconds), using: &numbers)
    }

    /// Opens it and tells when a probe may leave.
    private mutating func open() throws -> Duration {
        for _ in 0..<TrafficLimits.breakerFailuresInARow { note(.failing) }
        return try #require(breaker.refusedUntil(at: .zero))
    }

    @Test(
        arguments: [
            // f = failing, w = working, t = throttled, m = misconfigured, s = silent.
            ("ffff", false), ("fffff", true), ("ffffwffff", false), ("fftff", false), ("ffmff", false),
            ("ffsfsff", true), ("sssssssss", false), ("mmmmmmmmm", false), ("ttttttttt", false),
            ("wfwfwfwfwfwfwfwfwfw", false), ("wfwfwfwfwfwfwfwfwfwf", true),
            ("wwfwwfwwfwwfwwfwwfwwfwwfwwfwwf", false), ("wwwwwwwwwwwwwwwwwwwwfwffwffwffwffwff", true),
        ])
    mutating func `five failures in a row open it, or half of twenty`(history: String, isOpen: Bool) {
        let words: [Character: ExchangeVerdict] = [
            "f": .failing, "w": .working, "t": .throttling, "m": .misconfigured, "s": .silent,
        ]
        for word in history { if let verdict = words[word] { note(verdict) } }
        #expect((breaker.state == .open) == isOpen)
    }

    @Test(arguments: SimulationSeeds.chosen(count: 50))
    mutating func `each failed probe doubles the step, with a fifth of jitter, up to a quarter of an hour`(
        seed: UInt64
    ) throws {
        numbers = SeededNumbers(seed: seed)
        var now = Duration.zero
        var until = try open()
        for step in 0..<8 {
            let whole = min(TrafficLimits.breakerStepMin * (1 << step), TrafficLimits.breakerStepMax)
            #expect(until - now >= whole * 80 / 100 && until - now <= whole * 120 / 100, "seed \(seed)")
            #expect(breaker.refusedUntil(at: until - .milliseconds(1)) == until, "seed \(seed)")
            #expect(breaker.refusedUntil(at: until) == nil, "seed \(seed)")
            now = until
            breaker.leave(UInt64(step), at: now)
            breaker.note(.failing, of: UInt64(step), at: now, using: &numbers)
            until = try #require(breaker.refusedUntil(at: now))
        }
    }

    @Test mutating func `exactly one call is the probe, and its success closes the breaker`() throws {
        let until = try open()
        breaker.leave(7, at: until)
        #expect(breaker.state == .probing && breaker.refusedUntil(at: until) != nil)
        // Calls that left before say nothing now.
        note(.working, 3)
        note(.failing, 4)
        #expect(breaker.state == .probing)
        note(.working, 7)
        #expect(breaker.state == .closed && breaker.refusedUntil(at: until) == nil)
        // The failures of before are forgotten.
        for _ in 0..<4 { note(.failing) }
        #expect(breaker.state == .closed)
    }

    @Test(arguments: [ExchangeVerdict.throttling, .misconfigured])
    mutating func `a tracker that answers is no wall`(verdict: ExchangeVerdict) throws {
        breaker.leave(7, at: try open())
        note(verdict, 7)
        #expect(breaker.state == .closed)
    }

    @Test mutating func `a probe that says nothing lets the next one go`() throws {
        let until = try open()
        breaker.leave(7, at: until)
        breaker.note(.silent, of: 7, at: until, using: &numbers)
        #expect(breaker.refusedUntil(at: until) == nil)
        breaker.leave(8, at: until)
        #expect(breaker.refusedUntil(at: until) != nil)
        // And one whose end nobody told does not block the way for ever.
        #expect(breaker.refusedUntil(at: until + TrafficLimits.breakerProbeTimeMax) == nil)
    }

    @Test mutating func `an admin's test closes an open breaker when it works, and harms nothing when not`()
        throws
    {
        let until = try open()
        note(.failing, 9, isTest: true)
        #expect(breaker.refusedUntil(at: .zero) == until)
        note(.working, 3)
        #expect(breaker.state == .open)
        note(.working, 9, isTest: true)
        #expect(breaker.state == .closed)
    }
}
