// SPDX-License-Identifier: Apache-2.0

import ExtRefTrackers
import Testing

@testable import ExtRefSync

@Suite struct FailureMemoryTests {
    private var memory = FailureMemory()
    private static let revoked = TrackerError(.credentialsRejected, "The tracker does not accept them.")

    private mutating func fail(at seconds: Int64) {
        memory.note(.misconfigured, Self.revoked, departure: .seconds(seconds), at: .seconds(seconds))
    }

    private mutating func work(at seconds: Int64, since departure: Int64? = nil) {
        memory.note(.working, nil, departure: .seconds(departure ?? seconds), at: .seconds(seconds))
    }

    private func mayGo(_ priority: TrafficPriority, at seconds: Int64) -> Bool {
        memory.refusal(priority, at: .seconds(seconds)) == nil
    }

    @Test mutating func `a day with a revoked token costs ten calls of background work`() {
        var calls = [Int64]()
        for second in Int64(0)..<86_400 where mayGo(.background, at: second) {
            memory.leave(.background, at: .seconds(second))
            fail(at: second)
            calls.append(second)
        }
        let steps = zip(calls.dropFirst(), calls).map(-)
        #expect(steps == [60, 120, 240, 480, 960, 1_920, 3_840, 7_680, 15_360, 21_600, 21_600])
    }

    @Test mutating func `a person may ask again, but not in a rush`() {
        fail(at: 0)
        #expect(!mayGo(.interactive, at: 4) && mayGo(.interactive, at: 5))
        memory.leave(.interactive, at: .seconds(5))
        // Until its end is known nobody else goes.
        #expect(!mayGo(.interactive, at: 9) && mayGo(.interactive, at: 10))
        fail(at: 6)
        #expect(!mayGo(.background, at: 59) && mayGo(.background, at: 60))
    }

    @Test mutating func `many failures of one step are one`() {
        for second in Int64(0)..<50 { fail(at: second) }
        #expect(mayGo(.background, at: 60))
    }

    @Test mutating func `a refusal says what is wrong, and was not sent`() throws {
        fail(at: 0)
        let background = try #require(memory.refusal(.background, at: .seconds(1)))
        #expect(background.code == .credentialsRejected && background.message == Self.revoked.message)
        #expect(background.isUnsent && background.retryAfter == nil)
        #expect(memory.refusal(.interactive, at: .seconds(1))?.retryAfter == .seconds(4))
    }

    @Test mutating func `a call that works ends it, one that left before it says nothing`() {
        fail(at: 10)
        work(at: 11, since: 9)
        #expect(!mayGo(.background, at: 12))
        work(at: 15, since: 12)
        #expect(mayGo(.background, at: 15) && memory.nextAttempt == nil)
    }

    @Test mutating func `what works every other time is not set right`() {
        var calls = 0
        for second in Int64(0)..<3_600 where mayGo(.background, at: second) {
            memory.leave(.background, at: .seconds(second))
            work(at: second)
            fail(at: second)
            calls += 1
        }
        #expect(calls <= 7)
        // Once it worked for as long as it was left alone, it begins anew.
        work(at: 10_000)
        fail(at: 20_000)
        #expect(mayGo(.background, at: 20_060))
    }

    @Test(arguments: [ExchangeVerdict.throttling, .failing, .silent])
    mutating func `other trouble changes nothing`(verdict: ExchangeVerdict) {
        fail(at: 0)
        memory.note(verdict, TrackerError(.unavailable, "x"), departure: .seconds(1), at: .seconds(2))
        #expect(!mayGo(.background, at: 59) && mayGo(.background, at: 60))
    }
}
