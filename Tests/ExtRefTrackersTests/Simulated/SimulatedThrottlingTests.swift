// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefSync
import Testing

@testable import ExtRefTrackers

/// The governor before the vendors' dialects, on real time: the simulator's log says when calls came.
@Suite(.serialized, .enabled(if: Simulator.isExpected), .timeLimit(.minutes(5)))
struct SimulatedThrottlingTests {
    /// A vendor's way to throttle, for some seconds.
    struct Case: Sendable, CustomTestStringConvertible {
        let tracker: SimulatedTracker
        let kind: String
        var asDate = false
        var seconds = 2
        /// How far from the tracker's own time the wait may seem: dates and resets have whole seconds.
        var slack = 0.0

        var testDescription: String { "\(tracker.provider.rawValue) \(kind)\(asDate ? " by date" : "")" }
    }

    static let cases = [
        Case(tracker: .jiraCloud, kind: "rate_429"), Case(tracker: .jiraCloud, kind: "rate_503"),
        Case(tracker: .gitLab, kind: "rate_429", asDate: true, seconds: 3, slack: 1),
        Case(tracker: .gitHub, kind: "rate_403_secondary"),
        Case(tracker: .gitHub, kind: "rate_403_primary", seconds: 3, slack: 1),
        Case(tracker: .linear, kind: "rate_400_linear", seconds: 3, slack: 1),
        Case(tracker: .azureDevOps, kind: "rate_429"),
    ]

    private func read(
        _ key: String, _ source: TrackerSource, _ runner: TrackerRunner, _ budget: Duration
    ) async -> TrackerError? {
        do throws(TrackerError) {
            _ = try await runner.fetchIssue(IssueReference(key: key), from: source, budget: budget)
            return nil
        } catch { return error }
    }

    private func source(
        _ tracker: SimulatedTracker, _ simulator: Simulator, _ priority: TrafficPriority
    ) -> TrackerSource {
        let source = tracker.source(in: simulator)
        return TrackerSource(source.source, credential: source.credential, priority: priority)
    }

    @Test(arguments: cases)
    func `nothing comes before the time, and callers are answered at once`(_ one: Case) async throws {
        let simulator = try Simulator("governed")
        let runner = simulator.runner(traffic: TrafficGovernor(wallClock: TrackerRunner.systemTime))
        let key = try await one.tracker.makeIssues(in: simulator)[0].key
        // What a conversation needs once is asked for before the trouble begins.
        #expect(
            await read(key, source(one.tracker, simulator, .interactive), runner, .seconds(9))?.code == nil)
        try await simulator.forget()
        try await simulator.throttle(one.kind, seconds: one.seconds, asDate: one.asDate)
        // Less than twice the wait, so that it is not slept through.
        let first = await read(key, source(one.tracker, simulator, .interactive), runner, .seconds(3))
        #expect(first?.code == (one.kind == "rate_503" ? .unavailable : .rateLimited))
        for _ in 0..<20 {
            for priority in TrafficPriority.allCases {
                let refusal = await read(
                    key, source(one.tracker, simulator, priority), runner, .milliseconds(200))
                #expect(refusal?.code == .rateLimited && refusal?.isUnsent == true)
            }
        }
        // With enough time the governor waits, and goes when the tracker allows it.
        let later = await read(key, source(one.tracker, simulator, .background), runner, .seconds(9))
        #expect(later?.code == nil)
        let times = try await simulator.requests(one.tracker.name).map(\.at)
        #expect(times.count >= 2)
        for time in times.dropFirst() {
            #expect(time - times[0] >= Double(one.seconds) - one.slack, "\(times)")
            #expect(time - times[0] < Double(one.seconds) + 5, "\(times)")
        }
    }

    @Test func `a slow answer of Azure DevOps stops what nobody waits for`() async throws {
        let simulator = try Simulator("governed")
        let tracker = SimulatedTracker.azureDevOps
        let runner = simulator.runner(traffic: TrafficGovernor(wallClock: TrackerRunner.systemTime))
        let key = try await tracker.makeIssues(in: simulator)[0].key
        #expect(await read(key, source(tracker, simulator, .interactive), runner, .seconds(9))?.code == nil)
        try await simulator.fault(["kind": "slow_200", "delay": 1])
        #expect(await read(key, source(tracker, simulator, .background), runner, .seconds(9))?.code == nil)
        try await simulator.forget()
        for _ in 0..<20 {
            let refusal = await read(key, source(tracker, simulator, .background), runner, .milliseconds(500))
            #expect(refusal?.code == .rateLimited && refusal?.isUnsent == true)
        }
        #expect(try await simulator.requests(tracker.name).isEmpty)
        #expect(await read(key, source(tracker, simulator, .interactive), runner, .seconds(9))?.code == nil)
    }
}
