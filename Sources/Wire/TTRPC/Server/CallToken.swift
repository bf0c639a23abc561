// SPDX-License-Identifier: Apache-2.0

/// Names one call of one connection, also after its stream's id has been used again.
public struct CallToken: Sendable, Hashable {
    /// A small number that no other running call of the connection has. Arrays may be indexed by it.
    public let slot: Int
    /// The stream on which the call came.
    public let streamID: UInt32
    /// How many calls the connection had before.
    let serial: UInt64
}
