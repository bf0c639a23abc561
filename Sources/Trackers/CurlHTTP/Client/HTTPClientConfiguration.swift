// SPDX-License-Identifier: Apache-2.0

/// What an operator may choose about outbound HTTP. Every bound can only be made tighter than ``HTTPLimits``.
public struct HTTPClientConfiguration: Sendable {
    /// Sent as `User-Agent`; some trackers refuse requests without one.
    public var userAgent = "ExtRef"
    /// A PEM file of certificate authorities for every request that names none; nil = the system's.
    public var caFile: String?
    /// TCP and TLS set-up together.
    public var connectTimeout = HTTPLimits.connectTimeMax
    /// Name resolution.
    public var resolveTimeout = HTTPLimits.resolveTimeMax
    /// Transfers under way at once in all.
    public var transfersMax = HTTPLimits.transfersMax
    /// Transfers under way at once in one partition.
    public var transfersPerPartitionMax = HTTPLimits.transfersPerPartitionMax

    /// Makes the default configuration.
    public init() {}
}
