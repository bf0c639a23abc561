// SPDX-License-Identifier: Apache-2.0

import CodecTestKit
import FixtureMessages
import ProtobufC
import Testing

@Suite struct DecodeGuardTests {
    /// Bytes that are wrong in one way, and what the guard must say.
    struct Wrong: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let bytes: [UInt8]
        let code: DecodeError.Code
        let path: String

        init(
            _ name: String, _ code: DecodeError.Code, at path: String = "", _ body: (inout WireWriter) -> Void
        ) {
            testDescription = name
            bytes = wire(body)
            self.code = code
            self.path = path
        }
    }

    static let wrongShapes: [Wrong] = [
        Wrong("field number 0", .malformed) { $0.raw([0x02, 0x00]) },
        Wrong("field number 0 in two bytes", .malformed) { $0.raw([0x82, 0x00, 0x00]) },
        Wrong("tag that does not end", .malformed) { $0.raw([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]) },
        Wrong("tag cut short", .malformed) { $0.raw([0x80]) },
        Wrong("tag past 32 bits", .malformed) { $0.raw([0xFA, 0xFF, 0xFF, 0xFF, 0x7F, 0x00]) },
        Wrong("length cut short", .malformed, at: "far") { $0.tag(1000, 2) },
        Wrong("length past the end", .malformed, at: "far") {
            $0.tag(1000, 2)
            $0.raw([3, 0x61, 0x62])
        },
        Wrong("length past 31 bits", .malformed, at: "far") {
            $0.tag(1000, 2)
            $0.raw([0xFF, 0xFF, 0xFF, 0xFF, 0x0F])
        },
        Wrong("length in six bytes", .malformed, at: "far") {
            $0.tag(1000, 2)
            $0.raw([0x80, 0x80, 0x80, 0x80, 0x80, 0x00])
        },
        Wrong("nested length past the outer end", .malformed, at: "choice.label") {
            $0.tag(4, 2)
            $0.raw([2, 9 << 3 | 2, 1])
            $0.field(1000, "x")
        },
        Wrong("varint of 11 bytes", .malformed, at: "scalars.int32_value") {
            $0.field(1, [0x08] + Array(repeating: 0xFF, count: 10) + [0x00])
        },
        Wrong("varint cut short", .malformed, at: "scalars.int64_value") { $0.field(1, [0x10, 0x80]) },
        Wrong("fixed32 cut short", .malformed, at: "scalars.fixed32_value") {
            $0.field(1, [7 << 3 | 5, 0, 0, 0])
        },
        Wrong("fixed64 cut short", .malformed, at: "scalars.fixed64_value") {
            $0.field(1, [8 << 3 | 1, 0, 0])
        },
        Wrong("packed fixed32 of 5 bytes", .malformed, at: "lists.fixed32_values[0]") {
            $0.field(2, wire { $0.field(7, [0, 0, 0, 0, 0]) })
        },
        Wrong("packed varint cut short", .malformed, at: "lists.int32_values[0]") {
            $0.field(2, wire { $0.field(1, [0x80]) })
        },
        Wrong("start group", .groups, at: "#77") { $0.tag(77, 3) },
        Wrong("end group", .groups, at: "#77") { $0.tag(77, 4) },
        Wrong("group in a known field", .groups, at: "far") { $0.tag(1000, 3) },
        Wrong("wire type 6", .malformed, at: "#77") { $0.tag(77, 6) },
        Wrong("wire type 7", .malformed, at: "#77") { $0.tag(77, 7) },
        Wrong("string as varint", .wireType, at: "far") { $0.field(1000, varint: 1) },
        Wrong("message as varint", .wireType, at: "scalars") { $0.field(1, varint: 1) },
        Wrong("bool as fixed32", .wireType, at: "scalars.bool_value") {
            $0.field(1, [13 << 3 | 5, 1, 0, 0, 0])
        },
        Wrong("bool as length", .wireType, at: "scalars.bool_value") { $0.field(1, [13 << 3 | 2, 1, 1]) },
        Wrong("singular number packed", .wireType, at: "scalars.int32_value") {
            $0.field(1, [1 << 3 | 2, 1, 1])
        },
        Wrong("repeated fixed as varint", .wireType, at: "lists.double_values[0]") {
            $0.field(2, wire { $0.field(12, varint: 1) })
        },
        Wrong("singular message twice", .malformed, at: "choice") {
            $0.field(4, "")
            $0.field(4, "")
        },
        Wrong("message of a oneof twice", .malformed, at: "choice.eight") {
            $0.field(
                4,
                wire {
                    $0.field(6, "")
                    $0.field(6, "")
                })
        },
        Wrong("map value twice", .malformed, at: "maps.messages[0].value") {
            $0.field(
                3,
                wire {
                    $0.field(
                        4,
                        wire {
                            $0.field(2, "")
                            $0.field(2, "")
                        })
                })
        },
        Wrong("bad text in the third element", .invalidUTF8, at: "nested[2].name") {
            $0.field(7, "")
            $0.field(7, "")
            $0.field(7, wire { $0.field(1, [0xFF]) })
        },
        Wrong("NUL in a map key", .embeddedNUL, at: "maps.strings[1].key") {
            $0.field(
                3,
                wire {
                    $0.field(1, "")
                    $0.field(1, wire { $0.field(1, "\0") })
                })
        },
    ]

    @Test(arguments: wrongShapes) func `refuses wrong bytes and names the field`(wrong: Wrong) throws {
        let error = #expect(throws: DecodeError.self) { try Shapes.decode(wrong.bytes) }
        #expect(error?.code == wrong.code)
        #expect(error?.fieldPath == wrong.path)
    }

    @Test func `accepts what other encoders may write`() throws {
        let bytes = wire {
            $0.raw([0x8A, 0x80, 0x00, 0x00])  // field 1 with a tag of three bytes: an empty message
            $0.field(
                2,
                wire {
                    $0.field(1, [1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01])  // packed
                    $0.field(1, varint: 3)  // then not packed
                    $0.field(17, [4, 5])
                })
            $0.field(500, "unknown")
            $0.field(1000, "first")
            $0.field(1000, "last")
        }
        let shapes = try Shapes.decode(bytes)
        #expect(shapes.scalars == Scalars())
        #expect(shapes.lists?.int32Values == [1, -1, 3])
        #expect(shapes.lists?.unpacked == [4, 5])
        #expect(shapes.far == "last")
    }

    @Test func `drops a few unknown fields and refuses many`() throws {
        func unknown(_ count: Int) -> [UInt8] {
            wire { for _ in 0..<count { $0.field(2000, varint: 7) } }
        }
        #expect(try Empty.decode(unknown(64)) == Empty())
        let error = #expect(throws: DecodeError.self) { try Empty.decode(unknown(65)) }
        #expect(error?.code == .unknownFields)
        #expect(try Empty.decode(unknown(64)).encode() == [])
    }

    @Test func `counts the fields of nested messages`() throws {
        var limits = DecodeLimits()
        limits.fieldsMax = 6
        func message(_ labels: Int) -> [UInt8] {
            wire { $0.field(4, wire { for _ in 0..<labels { $0.field(9, "x") } }) }
        }
        #expect(try Shapes.decode(message(5), limits: limits).choice?.label == "x")
        let error = #expect(throws: DecodeError.self) { try Shapes.decode(message(6), limits: limits) }
        #expect(error?.code == .fieldBudget)
        #expect(error?.fieldPath == "choice.label")
    }

    @Test func `accepts 16 levels and refuses the 17th`() throws {
        func levels(_ count: Int) -> [UInt8] {
            (1..<count).reduce([]) { inner, _ in wire { $0.field(1, inner) } }
        }
        #expect(throws: Never.self) { try Level1.decode(levels(16)) }
        let error = #expect(throws: DecodeError.self) { try Level1.decode(levels(17)) }
        #expect(error?.code == .depth)
        #expect(error?.fieldPath == Array(repeating: "next", count: 16).joined(separator: "."))
    }

    @Test func `refuses input a million levels deep without descending`() throws {
        // Made from the inside out, back to front, so that making it is linear.
        var reversed: [UInt8] = []
        for _ in 0..<1_000_000 {
            let length = wire { $0.varint(UInt64(reversed.count)) }
            reversed.append(contentsOf: length.reversed())
            reversed.append(0x0A)
        }
        let bytes = Array(reversed.reversed())
        let error = #expect(throws: DecodeError.self) { try Level1.decode(bytes) }
        #expect(error?.code == .depth)
    }

    @Test func `refuses every proper prefix of a message or decodes it`() throws {
        var random = RandomMessage(seed: 7)
        let bytes = random.bytes(of: Shapes.schema)
        for length in 0..<bytes.count {
            guard let value = try? Shapes.decode(Array(bytes[..<length])) else { continue }
            #expect(try Shapes.decode(value.encode()) == value)
        }
    }
}
