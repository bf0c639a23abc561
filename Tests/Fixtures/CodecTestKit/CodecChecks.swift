// SPDX-License-Identifier: Apache-2.0

public import ProtobufC

/// Questions to ask of any generated message type. Each answers a fault in words, or nil.
public enum CodecChecks {
    /// Decodes random content, encodes it, decodes that: both values and both encodings must agree.
    public static func roundTrip<Message: ProtobufMessage>(_ type: Message.Type, _ bytes: [UInt8]) -> String?
    {
        do {
            let value = try Message.decode(bytes)
            let encoded = value.encode()
            let again = try Message.decode(encoded)
            if again != value { return "\(Message.protoName): \(bytes) changes when encoded: \(encoded)" }
            if again.encode() != encoded { return "\(Message.protoName): the encoding is not stable" }
            if value.encodedSize != encoded.count { return "\(Message.protoName): wrong size" }
            return nil
        } catch {
            return "\(Message.protoName): refuses valid bytes \(bytes): \(error)"
        }
    }

    /// Every string field of the type, and of the types of its message fields, must refuse NUL and bad UTF-8
    /// and be named as the culprit.
    public static func textFaults<Message: ProtobufMessage>(of type: Message.Type) -> [String] {
        textPaths(of: Message.schema).flatMap { path, wrap in
            [
                ("a\u{0}b".utf8.map(\.self), DecodeError.Code.embeddedNUL),
                ([0x61, 0xC3, 0x28], .invalidUTF8),
                ([0xED, 0xA0, 0x80], .invalidUTF8),
            ].compactMap { (text: [UInt8], code: DecodeError.Code) -> String? in
                do throws(DecodeError) {
                    _ = try Message.decode(wrap(text))
                    return "\(Message.protoName).\(path) accepts \(text)"
                } catch {
                    if error.code == code, error.fieldPath == path { return nil }
                    return "\(Message.protoName).\(path): \(error.code) at '\(error.fieldPath)'"
                }
            }
        }
    }

    /// How many string fields `textFaults` tries for a type.
    public static func textPathCount(of schema: MessageSchema) -> Int {
        textPaths(of: schema).count
    }

    /// The paths of all string fields within two levels, each with what wraps a text into the message.
    private static func textPaths(
        of schema: MessageSchema, levels: Int = 2
    ) -> [(path: String, wrap: ([UInt8]) -> [UInt8])] {
        schema.fields.flatMap { field -> [(path: String, wrap: ([UInt8]) -> [UInt8])] in
            let name = field.isRepeated ? "\(field.name)[0]" : field.name
            let wrap = { (content: [UInt8]) in wire { $0.field(field.number, content) } }
            if field.kind == .text { return [(name, wrap)] }
            guard levels > 0, let message = field.message else { return [] }
            return textPaths(of: message, levels: levels - 1).map { inner in
                (name + "." + inner.path, { wrap(inner.wrap($0)) })
            }
        }
    }

    /// The levels of messages inside messages, the type itself included; nil when a type contains itself.
    public static func depth(of schema: MessageSchema, inside outer: Set<String> = []) -> Int? {
        if outer.contains(schema.name) { return nil }
        var deepest = 0
        for message in schema.fields.compactMap(\.message) {
            guard let depth = depth(of: message, inside: outer.union([schema.name])) else { return nil }
            deepest = max(deepest, depth)
        }
        return deepest + 1
    }
}
