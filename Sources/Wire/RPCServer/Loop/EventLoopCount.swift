// SPDX-License-Identifier: Apache-2.0

private import NIOCore

extension ServerConfiguration {
    /// One event loop for each core but one: handlers run on the loops, and what blocks (the store's writer,
    /// outbound HTTP) has threads of its own that must not wait for a core. On two cores two loops answered
    /// fewer single calls than one, with four times the p99.
    static var eventLoopCountDefault: Int { max(1, System.coreCount - 1) }
}
