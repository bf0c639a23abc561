// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials

/// Which seeds a simulation runs with.
public enum SimulationSeeds {
    /// One seed when `TEST_SIMULATION_SEED` names it, to see a failure again; else some from a random start.
    public static func chosen(count: Int) -> [UInt64] {
        if let seed = number("TEST_SIMULATION_SEED") { return [seed] }
        let start = UInt64.random(in: 0...(.max / 2))
        return (0..<UInt64(count)).map { start + $0 }
    }

    private static func number(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
    }
}
