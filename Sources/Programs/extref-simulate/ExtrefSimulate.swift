// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Dispatch
import Foundation
import SimulatedWorld
import Synchronization

/// Runs simulated worlds, as many as a machine has time for.
@main struct ExtrefSimulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "extref-simulate",
        abstract: "Run the sync in simulated worlds, one for each seed, and report what must not happen.",
        discussion: """
            A world has one or two trackers that misbehave, people, and a server that is killed and \
            started again, on a clock of its own. To see a failed world again, run its seed alone; with \
            SWIFT_DETERMINISTIC_HASHING=1 in the environment, both times, it is the same in every detail.
            """)

    /// What is simulated.
    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case worlds, traffic

        func run(_ seed: UInt64) -> SimulationReport {
            switch self {
            case .worlds: WorldSimulation.run(seed: seed)
            case .traffic: TrafficSimulation.run(seed: seed)
            }
        }
    }

    @Option(help: "worlds: the whole sync; traffic: the governor of calls to trackers alone.")
    var kind = Kind.worlds

    @Option(help: "How many seeds.")
    var count = 10_000

    @Option(help: "The first seed; the others follow it. By default a random one.")
    var seed: UInt64?

    @Flag(help: "Print what happened in each world.")
    var events = false

    func validate() throws {
        guard count > 0 else { throw ValidationError("--count must be at least 1.") }
    }

    func run() async throws {
        let start = seed ?? UInt64.random(in: 0...(.max / 2))
        let began = ContinuousClock.now
        let tally = Tally(first: start, count: count)
        await withDiscardingTaskGroup { group in
            for _ in 0..<ProcessInfo.processInfo.activeProcessorCount {
                group.addTask { work(tally) }
            }
        }
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        print("\(kind.rawValue): \(tally.summary(of: kind)), in \(Int(seconds)) s")
        guard tally.failures == 0 else { throw ExitCode.failure }
    }

    private func work(_ tally: Tally) {
        while let seed = tally.next() {
            let report = kind.run(seed)
            if events { for event in report.events { print("\(seed) \(event)") } }
            for complaint in report.complaints { print("seed \(seed): \(complaint)") }
            if let done = tally.add(report) {
                FileHandle.standardError.write(Data("\(done) of \(count) \(kind.rawValue)\n".utf8))
            }
        }
    }
}

/// Hands out seeds and adds up what became of their worlds.
final class Tally: Sendable {
    private struct State {
        var handedOut: UInt64 = 0
        var done = 0
        var failures = 0
        var calls = 0
        var changes = 0
        var slowest = (recovery: Duration.zero, seed: UInt64(0))
        var spokeAt = ContinuousClock.now
    }

    /// How often progress is told.
    private static let progressInterval = Duration.seconds(2)

    private let first: UInt64
    private let count: Int
    private let state = Mutex(State())

    init(first: UInt64, count: Int) {
        self.first = first
        self.count = count
    }

    func next() -> UInt64? {
        state.withLock { state in
            guard state.handedOut < UInt64(count) else { return nil }
            defer { state.handedOut += 1 }
            return first &+ state.handedOut
        }
    }

    /// - Returns: how many are done, when it is time to tell.
    func add(_ report: SimulationReport) -> Int? {
        state.withLock { state in
            state.done += 1
            state.failures += report.complaints.isEmpty ? 0 : 1
            state.calls += report.calls
            state.changes += report.changes
            if report.recovery > state.slowest.recovery { state.slowest = (report.recovery, report.seed) }
            guard ContinuousClock.now - state.spokeAt > Self.progressInterval else { return nil }
            state.spokeAt = .now
            return state.done
        }
    }

    var failures: Int { state.withLock(\.failures) }

    func summary(of kind: ExtrefSimulate.Kind) -> String {
        state.withLock { state in
            let calls =
                "\(state.done) seeds from \(first), \(state.failures) failed; \(state.calls) calls to trackers"
            guard kind == .worlds else { return calls }
            return calls + """
                , \(state.changes) changes seen; slowest recovery \(Int(state.slowest.recovery / .seconds(1))) s, \
                seed \(state.slowest.seed)
                """
        }
    }
}
