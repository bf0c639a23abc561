// SPDX-License-Identifier: Apache-2.0

import ExtRefTestKit
import ExtRefTrackers
import Testing

@testable import ExtRefSync

@Suite struct RetryBudgetTests {
    @Test func `four failures may be repeated, and fifty successes pay for the next`() {
        var budget = RetryBudget()
        for _ in 0..<4 { budget.note(.failing) }
        #expect(budget.allowsRetry)
        budget.note(.failing)
        #expect(!budget.allowsRetry)
        budget.note(.working)
        #expect(budget.allowsRetry)
        for _ in 0..<100 { budget.note(.throttling) }
        for _ in 0..<50 { budget.note(.working) }
        #expect(!budget.allowsRetry)
        budget.note(.working)
        #expect(budget.allowsRetry)
    }

    @Test(arguments: SimulationSeeds.chosen(count: 20), [0.05, 0.1, 0.3, 0.5, 1])
    func `repeats stay near a tenth of the calls, however many fail`(seed: UInt64, share: Double) {
        var numbers = SeededNumbers(seed: seed)
        var budget = RetryBudget()
        var sent = 0
        let calls = 2_000
        for _ in 0..<calls {
            for _ in 0..<TrafficLimits.attemptsMax {
                sent += 1
                let fails = Double.random(in: 0..<1, using: &numbers) < share
                budget.note(fails ? .failing : .working)
                guard fails, budget.allowsRetry else { break }
            }
        }
        #expect(Double(sent) <= Double(calls) * 1.13 + 10, "seed \(seed): \(sent)")
        if share >= 0.3 { #expect(Double(sent) <= Double(calls) * 1.1, "seed \(seed): \(sent)") }
    }

    @Test(arguments: [(2, 200), (3, 800), (4, 3_200), (9, 30_000), (60, 30_000)] as [(Int, Int64)])
    func `pauses have full jitter below a growing ceiling`(attempt: Int, ceiling: Int64) {
        let seed = UInt64.random(in: 0 ... .max)
        var numbers = SeededNumbers(seed: seed)
        let pauses = (0..<500).map { _ in RetryBudget.pause(beforeAttempt: attempt, using: &numbers) }
        #expect(pauses.allSatisfy { $0 >= .zero && $0 <= .milliseconds(ceiling) }, "seed \(seed)")
        #expect(pauses.contains { $0 < .milliseconds(ceiling / 4) }, "seed \(seed)")
        #expect(pauses.contains { $0 > .milliseconds(ceiling * 3 / 4) }, "seed \(seed)")
    }

    @Test(arguments: TrackerError.Code.allCases)
    func `only what may pass by itself is repeated, and nothing that never left`(code: TrackerError.Code) {
        let mayPass: Set<TrackerError.Code> = [
            .unavailable, .nameNotResolved, .connectFailed, .timedOut, .rateLimited,
        ]
        #expect(RetryBudget.mayPass(TrackerError(code, "x")) == mayPass.contains(code))
        #expect(!RetryBudget.mayPass(.unsent(code, "x")))
    }
}
