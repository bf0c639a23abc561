// SPDX-License-Identifier: Apache-2.0

internal import CProtobufC

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The head of an arena: it lies in front of the first block, in the same piece of memory.
@unsafe
struct ArenaState {
    /// First, so that a pointer to the state is a pointer to the allocator.
    let allocator: ProtobufCAllocator
    /// The next idle arena of the thread, while this one is idle too.
    var nextIdle: UnsafeMutablePointer<ArenaState>?
    /// The bytes that further blocks may still take from malloc.
    private var bytesLeft = 0
    /// The size of the next block.
    private var nextBlockBytes = 0

    private let firstBlock: UnsafeMutableRawPointer
    private var cursor: UnsafeMutableRawPointer
    private var end: UnsafeMutableRawPointer
    /// Further blocks, the newest first; each begins with a pointer to the one before.
    private var newestBlock: UnsafeMutableRawPointer?
    private(set) var reservedBytes = ArenaLimits.firstBlockBytes
    /// Unused bytes at the ends of full blocks.
    private var wastedBytes = 0

    private static let headBytes = unsafe rounded(MemoryLayout<ArenaState>.size)
    /// A further block begins with its link, padded to keep the alignment.
    private static let linkBytes = ArenaLimits.alignment

    /// Makes an arena with an empty first block.
    static func make() -> UnsafeMutablePointer<ArenaState> {
        let memory = unsafe UnsafeMutableRawPointer.allocate(
            byteCount: headBytes + ArenaLimits.firstBlockBytes, alignment: ArenaLimits.alignment)
        let state = unsafe memory.bindMemory(to: ArenaState.self, capacity: 1)
        unsafe state.initialize(to: ArenaState(firstBlock: memory + headBytes, owner: memory))
        return unsafe state
    }

    private init(firstBlock: UnsafeMutableRawPointer, owner: UnsafeMutableRawPointer) {
        unsafe allocator = ProtobufCAllocator(
            alloc: { unsafe $0?.assumingMemoryBound(to: ArenaState.self).pointee.allocate($1) },
            free: { _, _ in },
            allocator_data: owner)
        unsafe self.firstBlock = unsafe firstBlock
        unsafe cursor = unsafe firstBlock
        unsafe end = unsafe firstBlock + ArenaLimits.firstBlockBytes
    }

    var usedBytes: Int {
        unsafe reservedBytes - wastedBytes - (end - cursor)
    }

    /// Answers `byteCount` bytes, or nil past the cap or when malloc has none.
    mutating func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer? {
        // A size near Int.max would wrap when it is rounded.
        guard byteCount >= 0, byteCount <= Int.max / 2 else { return nil }
        let size = unsafe Self.rounded(byteCount)
        if unsafe size > end - cursor {
            guard unsafe addBlock(holding: size) else { return nil }
        }
        let memory = unsafe cursor
        unsafe cursor += size
        return unsafe memory
    }

    /// Opens an empty arena for use.
    ///
    /// - Parameter expectedBytes: what the user will take in total, and may not exceed; then at most one
    ///   further block is made, just large enough. Nil means unknown and unbounded; then blocks double.
    mutating func open(expectedBytes: Int?) {
        let bytes = unsafe expectedBytes.map(Self.rounded)
        unsafe bytesLeft = bytes ?? .max
        unsafe nextBlockBytes = bytes ?? 2 * ArenaLimits.firstBlockBytes
    }

    /// Gives every further block back and forgets all allocations.
    mutating func reset() {
        while let block = unsafe newestBlock {
            unsafe newestBlock = block.load(as: UnsafeMutableRawPointer?.self)
            unsafe free(block)
        }
        unsafe cursor = unsafe firstBlock
        unsafe end = unsafe firstBlock + ArenaLimits.firstBlockBytes
        unsafe reservedBytes = ArenaLimits.firstBlockBytes
        unsafe wastedBytes = 0
    }

    private mutating func addBlock(holding size: Int) -> Bool {
        guard unsafe size <= bytesLeft else { return false }
        let payload = unsafe max(size, min(nextBlockBytes, bytesLeft))
        guard let block = unsafe malloc(payload + Self.linkBytes) else { return false }
        unsafe block.storeBytes(of: newestBlock, as: UnsafeMutableRawPointer?.self)
        unsafe newestBlock = unsafe block
        unsafe wastedBytes += unsafe end - cursor
        unsafe cursor = unsafe block + Self.linkBytes
        unsafe end = unsafe cursor + payload
        unsafe reservedBytes += payload
        unsafe bytesLeft -= payload
        unsafe nextBlockBytes = 2 * payload
        return true
    }

    private static func rounded(_ byteCount: Int) -> Int {
        (byteCount + ArenaLimits.alignment - 1) & ~(ArenaLimits.alignment - 1)
    }
}
