// SPDX-License-Identifier: Apache-2.0

internal import ExtRefTestKit
internal import SQLiteEngine
internal import Synchronization

/// The whole sync between trackers that misbehave, people, and a server that is killed again and again, in
/// an order that a seed makes of it: planner, job runners, governor, webhook intake, feed and store as the
/// server puts them together, with a database in memory and trackers that are watchful.
///
/// What must hold: nothing confirmed is lost; what links show comes to be what trackers say; no job has two
/// holders; no source is called that is switched off, that asked to be left alone, or more often at once than
/// allowed; whoever follows the feed sees every change once, in order, and knows what the store knows.
public enum WorldSimulation {
    /// Jobs of a world after which it is taken for endless.
    private static let stepsMax = 2_000_000

    /// Runs the world of a seed. Two runs are the same, job by job, when the process was started with
    /// `SWIFT_DETERMINISTIC_HASHING` set.
    public static func run(seed: UInt64) -> SimulationReport {
        do {
            let setUps = try WorldSetUp.all.get()
            let setUp = setUps[Int(seed % UInt64(setUps.count))]
            return try setUp.withDatabase { database in try run(seed, setUp, database) }
        } catch {
            return SimulationReport(seed: seed, complaints: ["\(error)"])
        }
    }

    private static func run(
        _ seed: UInt64, _ setUp: WorldSetUp, _ database: SQLiteMemoryEngine
    ) throws -> SimulationReport {
        try Simulation.run(seed: seed, stepsMax: stepsMax) { simulation in
            let world = SimulatedWorld(simulation, setUp, database)
            let complaints = try await world.run()
            let witness = world.witness.withLock(\.self)
            return world.sites.state.withLock { state in
                SimulationReport(
                    seed: seed, complaints: complaints, recovery: witness.convergence, calls: state.calls,
                    changes: witness.seen.count, events: state.events)
            }
        }
    }
}
