// SPDX-License-Identifier: Apache-2.0

/// How long each step of a request took; nil = not reached or not needed.
public struct HTTPTimings: Sendable, Hashable {
    /// Waiting for a place in the bulkhead.
    public var queue: Duration?
    /// Own name resolution; nil for an address literal.
    public var dns: Duration?
    /// TCP set-up; nil on a pooled connection, zero when it was made but TLS on top of it was not.
    public var connect: Duration?
    /// TLS set-up; nil on a pooled connection and for http.
    public var tls: Duration?
    /// From the request's first byte to the response's.
    public var firstByte: Duration?
    /// From the call to the end.
    public var total: Duration?
    /// Whether a pooled connection carried it.
    public var isConnectionReused = false

    /// Makes timings of a request that has not started.
    public init() {}
}
