// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Runs concurrent code in one thread, on a clock of its own, in an order that a seed decides: whatever goes
/// wrong goes wrong again with the same seed.
///
/// Child tasks stay inside. A `Task { }` of its own leaves the simulation for the machine's real threads,
/// unless it is told to run on ``executor``.
public struct Simulation: Sendable {
    public let seed: UInt64
    public let clock = VirtualClock()
    /// For code that makes tasks of its own and lets one say where they run.
    public let executor: any TaskExecutor

    /// Why a simulation did not come to its end.
    public struct Failure: Error, CustomStringConvertible {
        public let description: String

        public init(description: String) { self.description = description }
    }

    private init(seed: UInt64, executor: SeededExecutor) {
        self.seed = seed
        self.executor = executor
    }

    /// Numbers for whatever the body decides by chance.
    public var numbers: SeededNumbers { SeededNumbers(seed: seed &* 31 &+ 7) }

    /// Runs a body to its end.
    /// - Parameter stepsMax: jobs after which it is taken for endless.
    /// - Throws: ``Failure`` when nothing can go on and nobody sleeps, as after a lost wake-up, or when it
    ///   does not end; and whatever the body throws.
    public static func run<Value: Sendable>(
        seed: UInt64, stepsMax: Int = 10_000_000,
        _ body: @escaping @Sendable (Simulation) async throws -> Value
    ) throws -> Value {
        let executor = SeededExecutor(seed: seed)
        let simulation = Simulation(seed: seed, executor: executor)
        let outcome = Outcome<Value>()
        let task = Task(executorPreference: executor) {
            do { outcome.set(.success(try await body(simulation))) } catch { outcome.set(.failure(error)) }
        }
        for _ in 0..<stepsMax {
            if let result = outcome.value { return try result.get() }
            guard executor.runOne() || simulation.clock.advanceToNext() else {
                task.cancel()
                throw Failure(description: "seed \(seed): everything waits, and nothing will wake it")
            }
        }
        task.cancel()
        throw Failure(description: "seed \(seed): no end after \(stepsMax) steps")
    }
}

/// What a simulated body brought.
private final class Outcome<Value: Sendable>: Sendable {
    private let state = Mutex<Result<Value, any Error>?>(nil)

    var value: Result<Value, any Error>? { state.withLock { $0 } }

    func set(_ result: Result<Value, any Error>) { state.withLock { $0 = result } }
}
