// SPDX-License-Identifier: Apache-2.0

private import NIOCore

extension ServerConfiguration {
    /// One event loop for each core: handlers run on the loops, so fewer would leave cores unused, and what
    /// blocks has threads of its own.
    static var coreCount: Int { System.coreCount }
}
