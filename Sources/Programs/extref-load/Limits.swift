// SPDX-License-Identifier: Apache-2.0

/// Bounds of the load generator.
enum LoadLimits {
    static let connectionsMax = 4096
    static let outstandingMax = 4096
    static let secondsMax = 3600.0
    static let payloadBytesMax = 4 << 20
    /// Bytes of one read.
    static let readBytes = 256 << 10
    /// The longest latency that the histogram tells apart.
    static let latencyNanosecondsMax: UInt64 = 60_000_000_000
    /// Time without any answer after which the run is given up.
    static let silenceNanosecondsMax: UInt64 = 10_000_000_000
    /// How often the loop looks at the clock when nothing comes, in milliseconds.
    static let pollMilliseconds: Int32 = 100
}
