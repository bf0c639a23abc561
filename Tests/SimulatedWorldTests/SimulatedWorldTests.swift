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
        for seed in SimulationSeeds.chosen(count: Self.worlds) {
            let report = WorldSimulation.run(seed: seed)
            #expect(report.complaints.isEmpty, "see it again: TEST_SIMULATION_SEED=\(seed)")
            #expect(report.calls > 0 && report.changes > 0, "seed \(seed): a world in which nothing happens")
        }
    }

    @Test func `no call leaves before its time or beyond the limits, and every one ends`() async throws {
        for seed in SimulationSeeds.chosen(count: Self.worlds) {
            let report = TrafficSimulation.run(seed: seed)
            #expect(report.complaints.isEmpty, "see it again: TEST_SIMULATION_SEED=\(seed)")
            #expect(report.calls > 0, "seed \(seed): nobody calls")
        }
    }

    /// Without it, the order of a set differs from run to run.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["SWIFT_DETERMINISTIC_HASHING"] != nil))
    func `a seed makes the same world twice`() throws {
        let seed = SimulationSeeds.chosen(count: 1)[0]
        let (first, second) = (WorldSimulation.run(seed: seed), WorldSimulation.run(seed: seed))
        let parting = zip(first.events, second.events).first { $0 != $1 }
        #expect(parting == nil, "seed \(seed): they part at \(parting ?? ("", ""))")
        #expect(first.events.count == second.events.count, "seed \(seed)")
        #expect(first.events.count > 10, "seed \(seed)")
    }
}
