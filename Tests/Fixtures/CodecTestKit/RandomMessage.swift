// SPDX-License-Identifier: Apache-2.0

public import ProtobufC

/// Makes valid encoded messages of any type with random content, led by the type's schema.
public struct RandomMessage {
    public var random: SplitMix64
    /// Elements of a repeated field, at most.
    public var elementsMax = 3
    /// Past this many levels message fields stay away, so that messages do not explode.
    public var levelsMax = 4

    public init(seed: UInt64) {
        random = SplitMix64(seed: seed)
    }

    /// The bytes of a message. Fields come in random order, as other encoders may write them.
    public mutating func bytes(of schema: MessageSchema, level: Int = 1) -> [UInt8] {
        var writer = WireWriter()
        for field in schema.fields.shuffled(using: &random) where !random.oneIn(3) {
            if field.kind == .message, level >= levelsMax { continue }
            append(field, level, to: &writer)
        }
        return writer.bytes
    }

    private mutating func append(_ field: FieldSchema, _ level: Int, to writer: inout WireWriter) {
        guard field.isRepeated else { return appendValue(field, level, to: &writer) }
        let count = Int.random(in: 0...elementsMax, using: &random)
        let isPackable = ![.text, .bytes, .message].contains(field.kind)
        guard isPackable, !random.oneIn(4) else {
            for _ in 0..<count { appendValue(field, level, to: &writer) }
            return
        }
        var packed = WireWriter()
        for _ in 0..<count { appendNumber(field.kind, to: &packed) }
        writer.field(field.number, packed.bytes)
    }

    private mutating func appendValue(_ field: FieldSchema, _ level: Int, to writer: inout WireWriter) {
        switch field.kind {
        case .text: writer.field(field.number, text())
        case .bytes: writer.field(field.number, blob())
        case .message:
            if let message = field.message {
                writer.field(field.number, bytes(of: message, level: level + 1))
            }
        case .fixed32, .sfixed32, .float:
            writer.tag(field.number, 5)
            appendNumber(field.kind, to: &writer)
        case .fixed64, .sfixed64, .double:
            writer.tag(field.number, 1)
            appendNumber(field.kind, to: &writer)
        default:
            writer.tag(field.number, 0)
            appendNumber(field.kind, to: &writer)
        }
    }

    private mutating func appendNumber(_ kind: FieldSchema.Kind, to writer: inout WireWriter) {
        switch kind {
        case .bool: writer.varint(UInt64.random(in: 0...1, using: &random))
        // Neither NaN, which is unequal to itself, nor -0, which protobuf-c leaves out as if it were 0.
        case .float: writer.fixed32(Float(Int16.random(in: 1 ... .max, using: &random)).bitPattern)
        case .double: writer.fixed64(Double(Int32.random(in: 1 ... .max, using: &random)).bitPattern)
        case .fixed32, .sfixed32: writer.fixed32(UInt32.random(in: .min ... .max, using: &random))
        case .fixed64, .sfixed64: writer.fixed64(UInt64.random(in: .min ... .max, using: &random))
        case .enumeration: writer.varint(UInt64.random(in: 0...9, using: &random))
        case .uint32, .sint32: writer.varint(UInt64(UInt32.random(in: .min ... .max, using: &random)))
        // A negative int32 takes ten bytes, its sign extended.
        case .int32:
            writer.varint(UInt64(bitPattern: Int64(Int32.random(in: .min ... .max, using: &random))))
        default:
            // As many short numbers as long ones.
            let shift = UInt64.random(in: 0...63, using: &random)
            writer.varint(UInt64.random(in: .min ... .max, using: &random) >> shift)
        }
    }

    private mutating func text() -> String {
        let alphabet: [Character] = ["a", "Z", "0", "/", "ä", "ß", "€", "漢", "🙂", "é", "\u{7F}", "\u{800}"]
        let count = Int.random(in: 0...20, using: &random)
        return String((0..<count).compactMap { _ in alphabet.randomElement(using: &random) })
    }

    private mutating func blob() -> [UInt8] {
        (0..<Int.random(in: 0...20, using: &random)).map { _ in
            UInt8.random(in: .min ... .max, using: &random)
        }
    }
}
