// SPDX-License-Identifier: Apache-2.0

/// How long a failed job waits: doubling from try to try, with full jitter, so that what failed together does
/// not come back together (AWS, "Exponential Backoff And Jitter").
enum RetryDelay {
    /// - Parameter attempts: tries so far; at least 1.
    static func next(after attempts: Int64, using generator: inout some RandomNumberGenerator) -> Duration {
        let doublings = Int(min(max(attempts - 1, 0), 20))
        let ceiling = min(SyncLimits.retryDelayMin * (1 << doublings), SyncLimits.retryDelayMax)
        let milliseconds = ceiling.components.seconds * 1_000
        return SyncLimits.retryDelayMin / 2
            + .milliseconds(Int64.random(in: 0...milliseconds, using: &generator))
    }
}
