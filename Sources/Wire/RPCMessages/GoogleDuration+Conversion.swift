// SPDX-License-Identifier: Apache-2.0

extension GoogleDuration {
    /// The longest duration that protobuf allows in either direction, about 10,000 years.
    static let secondsMax: Int64 = 315_576_000_000
    private static let attosecondsPerNanosecond: Int64 = 1_000_000_000

    /// Creates the message for a duration; it is cut to whole nanoseconds and to what protobuf allows.
    public init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        guard abs(seconds) < Self.secondsMax else {
            self.init(seconds: seconds.signum() * Self.secondsMax)
            return
        }
        self.init(seconds: seconds, nanos: Int32(attoseconds / Self.attosecondsPerNanosecond))
    }

    /// The duration, or nil when the message breaks protobuf's rules: out of range, or signs that differ.
    public var duration: Duration? {
        guard (-Self.secondsMax...Self.secondsMax).contains(seconds), abs(Int64(nanos)) < 1_000_000_000,
            seconds.signum() * Int64(nanos).signum() >= 0
        else { return nil }
        return .seconds(seconds) + .nanoseconds(Int64(nanos))
    }
}
