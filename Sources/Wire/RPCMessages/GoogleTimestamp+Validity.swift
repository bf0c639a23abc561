// SPDX-License-Identifier: Apache-2.0

extension GoogleTimestamp {
    /// 0001-01-01T00:00:00Z in seconds since 1970.
    private static let secondsMin: Int64 = -62_135_596_800
    /// 9999-12-31T23:59:59Z in seconds since 1970.
    private static let secondsMax: Int64 = 253_402_300_799

    /// Whether the timestamp keeps protobuf's rules: a year from 1 to 9999, and 0 to 999,999,999 nanoseconds.
    public var isValid: Bool {
        (Self.secondsMin...Self.secondsMax).contains(seconds) && (0..<1_000_000_000).contains(nanos)
    }
}
