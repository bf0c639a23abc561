// SPDX-License-Identifier: Apache-2.0

import ExtRefTestKit
import ExtRefTrackers
import Testing

@testable import ExtRefSync

@Suite struct TrafficLineTests {
    private typealias Samples = TrafficSamples

    @Test func `the calls of an hour are counted by the minute`() {
        var count = CallCount()
        for minute in 0..<90 { count.add(at: .seconds(minute * 60)) }
        #expect(count.total(at: .seconds(90 * 60)) == 59)
        #expect(count.total(at: .seconds(120 * 60)) == 29)
        #expect(count.total(at: .seconds(1_000 * 60)) == 0)
        count.add(at: .seconds(1_000 * 60))
        // A time that runs back counts as the last one.
        count.add(at: .seconds(5))
        #expect(count.total(at: .seconds(1_000 * 60 + 59)) == 2)
    }

    @Test(arguments: TrackerError.Code.allCases)
    func `every failure has one verdict`(code: TrackerError.Code) {
        let verdict = ExchangeVerdict(Samples.failed(code))
        switch code {
        case .credentialsRejected, .credentialsExpired, .egressDenied, .tlsFailed, .redirected:
            #expect(verdict == .misconfigured)
        case .unavailable, .nameNotResolved, .connectFailed, .timedOut, .badResponse:
            #expect(verdict == .failing)
        case .rateLimited: #expect(verdict == .throttling)
        case .overloaded, .cancelled: #expect(verdict == .silent)
        default: #expect(verdict == .working)
        }
    }

    @Test func `a caller who gave up after a long silence says that the tracker hangs`() {
        #expect(ExchangeVerdict(Samples.failed(.cancelled, latency: .seconds(3))) == .silent)
        #expect(ExchangeVerdict(Samples.failed(.cancelled, latency: .seconds(4))) == .failing)
    }

    @Test func `another revision forgets what was wrong, not what the tracker asked for`() {
        var lines = TrafficLines()
        var numbers = SeededNumbers(seed: 1)
        let old = Samples.key(revision: 1)
        let now = Duration.seconds(1)
        let pass = TrafficPass(number: 1, wish: Samples.wish(), admittedAt: .zero)
        for outcome in [
            Samples.failed(.credentialsRejected), Samples.failed(.rateLimited, retryAfter: .seconds(60)),
        ] {
            lines.use(old) { line in
                line.leave(1, pass.wish, at: .zero)
                line.note(outcome, of: pass, at: now, using: &numbers)
            }
        }
        let fixed = lines.use(Samples.key(revision: 2)) { ($0.memory.failure, $0.rate.blockedUntil) }
        #expect(fixed.0 == nil && fixed.1 == .seconds(61))
        let other = lines.use(Samples.key(revision: 3, account: 2)) { $0.rate.blockedUntil }
        #expect(other == .zero)
        #expect(lines.line(old)?.memory.failure?.code == .credentialsRejected)
    }

    @Test func `of too many lines the one used longest ago goes, but none with calls under way`() {
        var lines = TrafficLines(linesMax: 3)
        lines.use(Samples.key("a")) { $0.leave(1, Samples.wish("a"), at: .zero) }
        for name in ["b", "c", "d", "e"] { lines.use(Samples.key(name)) { _ in } }
        let kept = ["a", "b", "c", "d", "e"].filter { lines.line(Samples.key($0)) != nil }
        #expect(kept == ["a", "d", "e"] && lines.count == 3)
    }

    @Test func `a connection test passes breaker and memory, and obeys the tracker`() {
        var line = TrafficLine()
        var numbers = SeededNumbers(seed: 1)
        let test = Samples.wish(isTest: true)
        func note(_ outcome: TrafficOutcome, _ line: inout TrafficLine) {
            let pass = TrafficPass(number: 1, wish: Samples.wish(), admittedAt: .zero)
            line.leave(1, pass.wish, at: .zero)
            line.note(outcome, of: pass, at: .zero, using: &numbers)
        }
        for _ in 0..<5 { note(Samples.failed(.connectFailed), &line) }
        note(Samples.failed(.credentialsRejected), &line)
        guard case .refused = line.answer(to: Samples.wish(), at: .zero) else {
            Issue.record("the breaker is closed")
            return
        }
        guard case .go = line.answer(to: test, at: .zero) else {
            Issue.record("the test is held back")
            return
        }
        note(Samples.failed(.rateLimited, retryAfter: .seconds(9)), &line)
        guard case .wait(until: .seconds(9)) = line.answer(to: test, at: .zero) else {
            Issue.record("the test goes before its time")
            return
        }
    }
}
