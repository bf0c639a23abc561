// SPDX-License-Identifier: Apache-2.0

/// How long a source is left alone after a failure that concerns it as a whole. Pure.
public enum SourcePause {
    /// What kind of failure it was.
    public enum Trouble: Sendable, Hashable {
        /// The tracker or the way to it is in trouble, which passes by itself.
        case passing
        /// Somebody has to change something; until then every call fails alike.
        case lasting
    }

    /// - Parameters:
    ///   - failures: in a row, this one included.
    ///   - asked: the wait that the tracker asks for, obeyed to the second.
    public static func next(
        after failures: Int64, _ trouble: Trouble, asked: Duration?,
        using generator: inout some RandomNumberGenerator
    ) -> Duration {
        let (least, most) =
            switch trouble {
            case .passing: (SyncLimits.passingPauseMin, SyncLimits.passingPauseMax)
            case .lasting: (SyncLimits.lastingPauseMin, SyncLimits.lastingPauseMax)
            }
        let doublings = Int(min(max(failures - 1, 0), 20))
        let pause = min(least * (1 << doublings), most)
        // A fifth more or less, so that what failed together does not come back together.
        let jittered = pause / 100 * Int.random(in: 80...120, using: &generator)
        guard let asked else { return jittered }
        return asked + .milliseconds(Int64.random(in: 0...1_000, using: &generator))
    }
}
