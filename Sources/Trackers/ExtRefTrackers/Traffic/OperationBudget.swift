// SPDX-License-Identifier: Apache-2.0

/// The time that an operation may take. It travels with the task, so that whatever waits deep inside knows
/// what it may wait for.
struct OperationBudget: Sendable {
    @TaskLocal static var current: OperationBudget?

    let allowed: Duration
    let elapsed: Stopwatch

    var left: Duration { max(.zero, allowed - elapsed()) }
}
