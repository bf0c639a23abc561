// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ProtobufC

@Suite struct ArenaTests {
    /// Asks for memory as protobuf-c does; answers the address, or nil when the arena refuses.
    private func ask(_ arena: borrowing Arena, for bytes: Int) -> Int? {
        unsafe arena.state.pointee.allocate(bytes).map { Int(bitPattern: $0) }
    }

    private func identity(of arena: borrowing Arena) -> Int {
        unsafe Int(bitPattern: arena.state)
    }

    @Test func `allocations are aligned and do not overlap`() {
        let arena = Arena()
        var taken: [Range<Int>] = []
        for size in [1, 15, 16, 17, 100, 5_000, 3, 70_000, 8] {
            let memory = unsafe arena.allocate(size)
            unsafe memory.initializeMemory(as: UInt8.self, repeating: 0xAA, count: size)
            let start = Int(bitPattern: memory)
            let range = start..<start + size
            #expect(start % 16 == 0)
            #expect(!taken.contains { $0.overlaps(range) })
            taken.append(range)
        }
        #expect(arena.usedBytes >= 75_140)
        #expect(arena.reservedBytes >= arena.usedBytes)
    }

    @Test func `a small call takes the first block only`() {
        let arena = Arena(expectedBytes: 4_096)
        #expect(ask(arena, for: 4_000) != nil)
        #expect(arena.reservedBytes == ArenaLimits.firstBlockBytes)
    }

    @Test(arguments: [0, 1, 4_097, 100_000]) func `an expected size is kept to`(bytes: Int) {
        let arena = Arena(expectedBytes: bytes)
        var taken = 0
        while ask(arena, for: 48) != nil { taken += 48 }
        #expect(taken >= bytes / 48 * 48)
        #expect(arena.reservedBytes <= ArenaLimits.firstBlockBytes + bytes + ArenaLimits.alignment)
    }

    @Test func `a size that cannot be is refused`() {
        let arena = Arena(expectedBytes: 100)
        #expect(ask(arena, for: .max) == nil)
        #expect(ask(arena, for: 1 << 40) == nil)
        #expect(ask(arena, for: 16) != nil)
    }

    @Test func `an arena is used again with nothing left in it`() {
        func useOne() -> Int {
            let arena = Arena()
            _ = unsafe arena.allocate(100_000)
            return identity(of: arena)
        }
        let first = useOne()
        let second = Arena()
        #expect(identity(of: second) == first)
        #expect(second.usedBytes == 0)
        #expect(second.reservedBytes == ArenaLimits.firstBlockBytes)
    }

    @Test func `nested arenas do not share memory`() {
        let outer = Arena()
        let inner = Arena()
        #expect(identity(of: outer) != identity(of: inner))
    }
}
