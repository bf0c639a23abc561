// SPDX-License-Identifier: Apache-2.0

internal import ExtRefTestKit

/// The governor of outbound calls alone, between callers who come, wait, give up and are cut off, and
/// trackers that answer, throttle, fail, refuse and hang: much shorter than a whole world, so that many more
/// fit into an hour.
///
/// What must hold: no call leaves before its time, beyond the limits or through an open breaker, and every
/// one ends.
public enum TrafficSimulation {
    private static let stepsMax = 200_000

    /// Runs what a seed makes.
    public static func run(seed: UInt64) -> SimulationReport {
        do {
            return try Simulation.run(seed: seed, stepsMax: stepsMax) { simulation in
                let world = TrafficWorld(simulation)
                await world.run()
                return SimulationReport(seed: seed, complaints: world.complaints, calls: world.calls)
            }
        } catch {
            return SimulationReport(seed: seed, complaints: ["\(error)"])
        }
    }
}
