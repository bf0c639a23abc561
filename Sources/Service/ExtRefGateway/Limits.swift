// SPDX-License-Identifier: Apache-2.0

/// What the HTTP listener may cost its host.
public enum GatewayLimits {
    /// Largest body of a notification.
    public static let bodyBytesMax = 1 << 20
    /// Header fields of a request, and bytes of all and of one. Proxies in front add some.
    public static let headersMax = 64
    public static let headerListBytesMax = 32 << 10
    public static let headerBytesMax = 16 << 10
    /// Longest path that is looked at.
    public static let pathBytesMax = 2_048
    /// Connections at once; trackers open one a notification, or share a few. Readers of the change feed hold
    /// one each, which leaves trackers at least half.
    public static let connectionsMax = 1_024
    /// Notifications that are read and stored at once; one more is asked to come again.
    public static let requestsAtOnceMax = 256
    /// Time between two pieces of a request, and for the whole body.
    public static let idleSeconds: Int64 = 10
    public static let bodyDuration = Duration.seconds(15)
    /// When a tracker that came at a bad moment may come again, in seconds.
    public static let retrySeconds = 10
    /// Longest query of an address.
    public static let queryBytesMax = 2_048
    /// How often a stream of events shows a sign of life; proxies commonly cut what is silent for a minute.
    public static let heartbeatInterval = Duration.seconds(15)
    /// Longest time for a reader of events to take what is offered.
    public static let eventWriteDuration = Duration.seconds(30)
    /// How long a reader of events is told to wait before it comes again, in milliseconds.
    public static let eventRetryMilliseconds = 3_000
    /// Size of the pieces in which events are handed to a connection; its own buffer is as large.
    public static let eventPieceBytes = 64 << 10
}
