// SPDX-License-Identifier: Apache-2.0

internal import CProtobufC

/// Memory for the C structs of one call: taken bit by bit, given back all at once.
///
/// An arena belongs to the thread that made it and must not leave the scope it was made in. Small calls reuse
/// the first block of an arena that the thread kept (`ArenaPool`) and so never reach malloc.
@safe
public struct Arena: ~Copyable {
    let state: UnsafeMutablePointer<ArenaState>

    /// Creates an arena without a bound, for encoding: its caller already holds the message in memory.
    public init() {
        unsafe state = ArenaPool.take()
        unsafe state.pointee.open(expectedBytes: nil)
    }

    /// Creates an arena for unpacking that hands out `expectedBytes` bytes and hardly more: past its first
    /// block it takes just that many from malloc, in one piece.
    init(expectedBytes: Int) {
        unsafe state = ArenaPool.take()
        unsafe state.pointee.open(expectedBytes: expectedBytes)
    }

    deinit {
        unsafe ArenaPool.giveBack(state)
    }

    /// The bytes handed out so far, padding included.
    public var usedBytes: Int {
        unsafe state.pointee.usedBytes
    }

    /// The most bytes held at once: `usedBytes` plus what is unused at the ends of its blocks.
    public var reservedBytes: Int {
        unsafe state.pointee.reservedBytes
    }

    /// Answers `byteCount` uninitialized bytes, aligned to 16.
    ///
    /// When the system has no memory the process ends, as it does in Swift's own allocations.
    @unsafe
    public func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer {
        guard let memory = unsafe state.pointee.allocate(byteCount) else {
            preconditionFailure("no memory for \(byteCount) bytes of a message")
        }
        return unsafe memory
    }

    /// The arena in the form that protobuf-c takes: NULL past the cap, and free does nothing.
    var protobufAllocator: UnsafeMutablePointer<ProtobufCAllocator> {
        unsafe UnsafeMutableRawPointer(state).assumingMemoryBound(to: ProtobufCAllocator.self)
    }
}
