// SPDX-License-Identifier: Apache-2.0

/// Every bound of the HTTP client, by name.
public enum HTTPLimits {
    /// Largest decoded response body. Counted after decompression, where a bomb shows its size.
    public static let bodyBytesMax = 10 * 1_024 * 1_024
    /// Most bytes of status lines and headers of one response, informational ones included.
    public static let headerBytesMax = 64 * 1_024
    /// Most header fields of one response.
    public static let headerFieldsMax = 256
    /// Longest header value a request may carry; tokens in the wild stay below 4 KiB.
    public static let headerValueBytesMax = 16 * 1_024
    /// Largest request body.
    public static let requestBodyBytesMax = 1_024 * 1_024
    /// How long a request may take from the call to the last byte, waiting included.
    public static let totalTimeMax = Duration.seconds(15)
    /// How long TCP and TLS set-up may take together.
    public static let connectTimeMax = Duration.seconds(5)
    /// How long a name may take to resolve.
    public static let resolveTimeMax = Duration.seconds(5)
    /// Below this speed for ``slowTimeMax`` a transfer is cut.
    public static let slowBytesPerSecond = 512
    /// How long a transfer may stay below ``slowBytesPerSecond``.
    public static let slowTimeMax = Duration.seconds(10)
    /// Transfers under way at once in one partition, normally one integration source.
    public static let transfersPerPartitionMax = 8
    /// Transfers under way at once in all.
    public static let transfersMax = 64
    /// Calls waiting for a place in all; more are refused at once.
    public static let waitingMax = 256
    /// Calls waiting for a place in one partition, so that one stuck tracker cannot fill the queue.
    public static let waitingPerPartitionMax = 64
    /// Threads that may sit in the system's name resolution.
    public static let resolverThreadsMax = 16
    /// Of these, how many may serve names that recently kept silent.
    public static let resolverThreadsForSilentNamesMax = 4
    /// Names waiting for a resolver thread.
    public static let resolverQueueMax = 256
    /// Silent names remembered.
    public static let silentNamesMax = 256
    /// Idle connections kept open.
    public static let idleConnectionsMax = 64
    /// How long a connection may idle and still be used again.
    public static let idleTimeMax = Duration.seconds(60)
    /// Longest sleep of the transfer thread while nothing is due; any call wakes it.
    static let pollTimeMax = Duration.seconds(60)
}
