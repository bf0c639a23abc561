// SPDX-License-Identifier: Apache-2.0

import CodecTestKit
import FixtureMessages
import Testing

@testable import ProtobufC

/// Frames of 4 MiB that protobuf-c alone would blow up to hundreds of megabytes, or misread.
@Suite struct DecodeBombTests {
    struct Bomb: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let bytes: [UInt8]
        let codes: Set<DecodeError.Code>

        /// Repeats a field inside the message field `number` of Shapes until the frame is full.
        init(_ name: String, in number: UInt32?, _ codes: Set<DecodeError.Code>, _ unit: [UInt8]) {
            testDescription = name
            var repeated = unit
            while repeated.count * 2 <= Self.frameBytes { repeated += repeated }
            repeated += repeated.prefix((Self.frameBytes - repeated.count) / unit.count * unit.count)
            bytes = number.map { number in wire { $0.field(number, repeated) } } ?? repeated
            self.codes = codes
        }

        static let frameBytes = (4 << 20) - 16
    }

    static let budget: Set<DecodeError.Code> = [.fieldBudget, .memoryBudget]

    static let bombs: [Bomb] = [
        Bomb("messages of 8 fields, empty", in: 2, budget, wire { $0.field(19, "") }),
        Bomb("map entries, empty", in: 3, budget, wire { $0.field(1, "") }),
        Bomb("unknown varints", in: nil, [.unknownFields], wire { $0.field(2000, varint: 1) }),
        Bomb("messages without fields", in: 2, budget, wire { $0.field(18, "") }),
        Bomb("strings, empty", in: 2, budget, wire { $0.field(14, "") }),
        Bomb("unpacked numbers", in: 2, budget, wire { $0.field(17, varint: 1) }),
        Bomb("messages in messages", in: nil, [.depth, .malformed], Self.nest(10_000)),
        Bomb("a string with NUL", in: nil, [.embeddedNUL], wire { $0.field(1000, "a\0b") }),
        Bomb("a string that is not UTF-8", in: nil, [.invalidUTF8], wire { $0.field(1000, [0xC3, 0x28]) }),
        Bomb("unknown fields with a length", in: 4, [.unknownFields], wire { $0.field(2000, "") }),
        Bomb("a second singular message", in: nil, [.malformed], wire { $0.field(4, "") }),
    ]

    /// `count` levels of the field that opens the next level.
    private static func nest(_ count: Int) -> [UInt8] {
        var reversed: [UInt8] = []
        for _ in 0..<count {
            reversed.append(contentsOf: wire { $0.varint(UInt64(reversed.count)) }.reversed())
            reversed.append(0x0A)
        }
        return reversed.reversed()
    }

    /// The bar is 2 ms in release mode; a debug build under a sanitizer on a busy machine gets far more.
    static let patience = Duration.milliseconds(500)

    @Test(arguments: bombs) func `is refused before any arena is taken`(bomb: Bomb) throws {
        ArenaPool.peakReservedBytes = 0
        let start = ContinuousClock.now
        let error =
            bomb.testDescription == "messages in messages"
            ? #expect(throws: DecodeError.self) { try Level1.decode(bomb.bytes) }
            : #expect(throws: DecodeError.self) { try Shapes.decode(bomb.bytes) }
        #expect(ContinuousClock.now - start < Self.patience)
        #expect(bomb.codes.contains(try #require(error).code))
        #expect(ArenaPool.peakReservedBytes == 0)
    }

    /// Just inside the field budget: the memory budget must hold then.
    @Test(arguments: [19, 18, 14] as [UInt32], [100, 1_000, 10_000, 60_000])
    func `smaller bombs stay within the memory budget or are refused`(number: UInt32, count: Int) throws {
        let lists = wire { for _ in 0..<count { $0.field(number, "") } }
        let bytes = wire { $0.field(2, lists) }
        ArenaPool.peakReservedBytes = 0
        let result = Result { try Shapes.decode(bytes) }
        let budget = DecodeLimits().memoryBudget(payloadBytes: bytes.count)
        #expect(ArenaPool.peakReservedBytes <= budget + ArenaLimits.firstBlockBytes + ArenaLimits.alignment)
        switch result {
        case .success(let shapes): #expect(shapes.lists != nil)
        case .failure(let error): #expect((error as? DecodeError)?.code == .memoryBudget)
        }
    }

    @Test func `a full page of an ordinary answer fits the budget`() throws {
        var shapes = Shapes()
        shapes.nested = (0..<500).map { Shapes.Nested(name: "PROJ-\($0)", kind: .small) }
        let pairs = (0..<200).map { ("key\($0)", "value\($0)") }
        shapes.maps = Maps(strings: Dictionary(uniqueKeysWithValues: pairs))
        #expect(try Shapes.decode(shapes.encode()) == shapes)
    }
}
