// SPDX-License-Identifier: Apache-2.0

import ExtRefTestKit
import Foundation
import SimulatedWorld
import Testing

/// A few worlds, as fast as an unoptimised build is; `make simulate` runs many.
@Suite(.timeLimit(.minutes(10))) struct SimulatedWorldTests {
    private static let worlds = 100

    @Test func `nothing confirmed is lost, nobody is called who must not be, and all comes true`()
        async throws
    {
        var (calls, changes) = (0, 0)
        let seeds = SimulationSeeds.chosen(count: Self.worlds)
        for seed in seeds {
            let report = WorldSimulation.run(seed: seed)
            #expect(report.complaints.isEmpty, "see it again: TEST_SIMULATION_SEED=\(seed)")
            (calls, changes) = (calls + report.calls, changes + report.changes)
        }
        #expect(calls > seeds.count && changes > seeds.count, "worlds in which nothing happens")
    }

    @Test func `no call leaves before its time or beyond the limits, and every one ends`() async throws {
        for seed in SimulationSeeds.chosen(count: Self.worlds) {
            let report = TrafficSimulation.run(seed: seed)
            #expect(report.complaints.isEmpty, "see it again: TEST_SIMULATION_SEED=\(seed)")
            #expect(report.calls > 0, "seed \(seed): nobody calls")
        }
    }

    @Test func `of fifty sources three in trouble delay none of the others`() throws {
        let seed = SimulationSeeds.chosen(count: 1)[0]
        let (calm, troubled) = (
            try NeighbourSimulation.run(seed: seed, inTrouble: false),
            try NeighbourSimulation.run(seed: seed, inTrouble: true)
        )
        let lags = [calm, troubled].map { report in
            (mean: report.lags.reduce(.zero, +) / report.lags.count, worst: report.lags.max() ?? .zero)
        }
        print("neighbours: lag \(lags[0]) with all well, \(lags[1]) with three in trouble, seed \(seed)")
        #expect(calm.lags.count == troubled.lags.count && calm.lags.count > 900)
        #expect(lags[1].mean <= lags[0].mean * 11 / 10, "seed \(seed)")
        #expect(lags[1].worst <= lags[0].worst * 11 / 10, "seed \(seed)")
        #expect(
            0 < troubled.callsInTrouble && troubled.callsInTrouble < calm.callsInTrouble,
            "they are left alone more often than those that are well")
    }

    /// Without it, the order of a set differs from run to run.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["SWIFT_DETERMINISTIC_HASHING"] != nil))
    func `a seed makes the same world twice`() throws {
        for seed in SimulationSeeds.chosen(count: 10) {
            let (first, second) = (WorldSimulation.run(seed: seed), WorldSimulation.run(seed: seed))
            let parting = zip(first.events, second.events).first { $0 != $1 }
            #expect(parting == nil, "seed \(seed): they part at \(parting ?? ("", ""))")
            #expect(first.events.count == second.events.count && !first.events.isEmpty, "seed \(seed)")
        }
    }
}
