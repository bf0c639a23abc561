// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefTestKit
import ExtRefTrackers
import Testing

@testable import ExtRefSync

@Suite struct TrafficGovernorTests {
    private typealias Samples = TrafficSamples
    private static let start = Timestamp(seconds: 1_795_340_867)

    private static func governor(_ simulation: Simulation) -> TrafficGovernor {
        TrafficGovernor(
            clock: simulation.clock, wallClock: { [clock = simulation.clock] in start + clock.elapsed },
            generator: simulation.numbers)
    }

    private static func failure(
        _ work: () async throws(TrackerError) -> TrafficPass
    ) async -> TrackerError? {
        do throws(TrackerError) {
            _ = try await work()
            return nil
        } catch { return error }
    }

    @Test func `a short wait is slept through, a long one answered at once with the time`() throws {
        try Simulation.run(seed: 1) { simulation in
            let governor = Self.governor(simulation)
            let pass = try await governor.admit(Samples.wish())
            governor.finish(pass, Samples.failed(.rateLimited, retryAfter: .seconds(30)))
            for wish in [Samples.wish("a", .interactive), Samples.wish("a", .background)] {
                let refusal = await Self.failure { () async throws(TrackerError) in
                    try await governor.admit(wish)
                }
                #expect(refusal?.code == .rateLimited && refusal?.retryAfter == .seconds(30))
                #expect(refusal?.isUnsent == true && simulation.clock.elapsed == .zero)
            }
            try await simulation.clock.sleep(for: .milliseconds(28_500))
            let next = try await governor.admit(Samples.wish())
            #expect(next.admittedAt == .seconds(30) && simulation.clock.elapsed == .seconds(30))
        }
    }

    @Test func `waiting takes at most half of the time that is left`() throws {
        try Simulation.run(seed: 1) { simulation in
            let governor = Self.governor(simulation)
            let pass = try await governor.admit(Samples.wish())
            governor.finish(pass, Samples.failed(.rateLimited, retryAfter: .seconds(2)))
            let refusal = await Self.failure { () async throws(TrackerError) in
                try await governor.admit(Samples.wish(timeLeft: .milliseconds(3_900)))
            }
            #expect(refusal?.code == .rateLimited)
            #expect(try await governor.admit(Samples.wish(timeLeft: .seconds(4))).admittedAt == .seconds(2))
        }
    }

    @Test func `who waits for a place gets it, or an answer when the time is over`() throws {
        try Simulation.run(seed: 1) { simulation in
            let governor = Self.governor(simulation)
            var passes = [TrafficPass]()
            for _ in 0..<8 { passes.append(try await governor.admit(Samples.wish())) }
            let waits = await withTaskGroup(of: (TrackerError.Code?, Duration).self) { group in
                for seconds in [3, 9] {
                    group.addTask {
                        let failure = await Self.failure { () async throws(TrackerError) in
                            try await governor.admit(Samples.wish(timeLeft: .seconds(seconds)))
                        }
                        return (failure?.code, simulation.clock.elapsed)
                    }
                }
                group.addTask { [passes] in
                    try? await simulation.clock.sleep(for: .seconds(5))
                    governor.finish(passes[0], Samples.good())
                    return (.gone, simulation.clock.elapsed)
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(waits.contains { $0 == (.overloaded, .seconds(3)) })
            #expect(waits.contains { $0 == (nil, .seconds(5)) })
            let state = governor.state(of: SourceID(trusted: "src_a"))
            #expect(state?.underWay == 8 && state?.waiting == 0)
        }
    }

    @Test func `a cancelled wait ends at once and leaves nothing behind`() throws {
        try Simulation.run(seed: 1) { simulation in
            let governor = Self.governor(simulation)
            var passes = [TrafficPass]()
            for _ in 0..<8 { passes.append(try await governor.admit(Samples.wish())) }
            let failure = await withTaskGroup(of: TrackerError?.self) { group in
                group.addTask {
                    await Self.failure { () async throws(TrackerError) in
                        try await governor.admit(Samples.wish())
                    }
                }
                try? await simulation.clock.sleep(for: .seconds(1))
                group.cancelAll()
                return await group.next() ?? nil
            }
            #expect(failure?.code == .cancelled && simulation.clock.elapsed == .seconds(1))
            for pass in passes { governor.finish(pass, Samples.good()) }
            let state = governor.state(of: SourceID(trusted: "src_a"))
            #expect(state?.underWay == 0 && state?.waiting == 0)
        }
    }

    @Test func `the queue of a source is bounded, and another source goes on`() throws {
        try Simulation.run(seed: 1) { simulation in
            let governor = Self.governor(simulation)
            for _ in 0..<8 { _ = try await governor.admit(Samples.wish()) }
            let codes = await withTaskGroup(of: TrackerError.Code?.self) { group in
                for _ in 0..<TrafficLimits.waitingPerSourceMax + 5 {
                    group.addTask {
                        await Self.failure { () async throws(TrackerError) in
                            try await governor.admit(Samples.wish(timeLeft: .seconds(2)))
                        }?.code
                    }
                }
                group.addTask {
                    await Self.failure { () async throws(TrackerError) in
                        try await governor.admit(Samples.wish("b"))
                    }?.code
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes.count { $0 == nil } == 1 && codes.count { $0 == .overloaded } == 69)
        }
    }

    @Test func `operators see what holds a source back`() throws {
        try Simulation.run(seed: 1) { simulation in
            let governor = Self.governor(simulation)
            let id = SourceID(trusted: "src_a")
            #expect(governor.state(of: id) == nil)
            let first = try await governor.admit(Samples.wish())
            governor.finish(
                first,
                Samples.good([
                    "x-ratelimit-limit": "100", "x-ratelimit-remaining": "40", "x-ratelimit-reset": "60",
                ]))
            let calm = try #require(governor.state(of: id))
            #expect(calm.callsLastHour == 1 && calm.budgetLimit == 100 && calm.budgetLeft == 40)
            #expect(calm.budgetEndsAt == Self.start + .seconds(60) && calm.lastFailure == nil)
            #expect(calm.breaker == .closed && calm.blockedUntil == nil)
            for _ in 0..<5 {
                governor.finish(try await governor.admit(Samples.wish()), Samples.failed(.connectFailed))
            }
            let down = try #require(governor.state(of: id))
            #expect(down.breaker == .open && down.lastFailure == .connectFailed && down.callsLastHour == 6)
            let until = try #require(down.blockedUntil)
            #expect(until >= Self.start + .seconds(24) && until <= Self.start + .seconds(36))
        }
    }

    @Test func `repeats are for what may pass, within the time, three attempts in all`() throws {
        try Simulation.run(seed: 1) { simulation in
            let governor = Self.governor(simulation)
            func pause(
                _ attempt: Int = 2, _ code: TrackerError.Code = .unavailable, retryAfter: Duration? = nil,
                _ wish: TrafficWish = Samples.wish()
            ) -> Duration? {
                governor.pause(
                    beforeAttempt: attempt, of: wish,
                    after: TrackerError(code, "x", retryAfter: retryAfter))
            }
            #expect(pause() == nil, "nothing was ever sent")
            governor.finish(try await governor.admit(Samples.wish()), Samples.failed(.unavailable))
            #expect(pause() != nil && pause(3) != nil && pause(4) == nil)
            #expect(pause(2, .notFound) == nil && pause(2, .credentialsRejected) == nil)
            #expect(pause(2, .rateLimited, retryAfter: .seconds(2)) == .seconds(2))
            #expect(pause(2, .rateLimited, retryAfter: .seconds(3)) == nil)
            #expect(pause(2, .unavailable, Samples.wish(isTest: true)) == nil)
            #expect(
                pause(2, .unavailable, retryAfter: .seconds(2), Samples.wish(timeLeft: .seconds(3))) == nil)
        }
    }
}
