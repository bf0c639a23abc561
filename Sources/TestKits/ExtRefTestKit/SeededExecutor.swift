// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Runs tasks one job at a time, in an order that its seed decides, on the thread of whoever drives it.
final class SeededExecutor: TaskExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var numbers: SeededNumbers
    }

    private let state: Mutex<State>

    init(seed: UInt64) {
        state = Mutex(State(numbers: SeededNumbers(seed: seed)))
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.withLock { $0.jobs.append(job) }
    }

    /// Runs one of the jobs that can run.
    /// - Returns: false when there is none.
    func runOne() -> Bool {
        let job = state.withLock { state -> UnownedJob? in
            guard !state.jobs.isEmpty else { return nil }
            let index = Int.random(in: state.jobs.indices, using: &state.numbers)
            state.jobs.swapAt(index, state.jobs.count - 1)
            return state.jobs.removeLast()
        }
        guard let job else { return false }
        unsafe job.runSynchronously(on: asUnownedTaskExecutor())
        return true
    }
}
