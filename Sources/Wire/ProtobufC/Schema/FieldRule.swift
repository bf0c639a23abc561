// SPDX-License-Identifier: Apache-2.0

internal import CProtobufC

/// What the guard must check of one field; 32 bytes, two to a cache line.
@unsafe
struct FieldRule {
    enum Kind: UInt8 {
        /// No field has this number.
        case none
        case varint, fixed32, fixed64, bytes, text, message
    }

    var kind = Kind.none
    /// The wire type of one value.
    var wireType: UInt8 = 0
    var isRepeated = false
    /// The type's own place in the C array of a repeated field.
    var elementBytes: UInt8 = 0
    /// A bit of its own for each singular message field, else 0.
    var seenBit: UInt64 = 0
    /// The rules of a message field's type.
    var child: UnsafePointer<RuleTable>?

    /// Whether many values may come packed behind one length.
    var isPackable: Bool {
        unsafe isRepeated && (kind == .varint || kind == .fixed32 || kind == .fixed64)
    }
}

extension FieldRule {
    init(_ field: ProtobufCFieldDescriptor, isText: Bool) {
        switch unsafe field.type {
        case PROTOBUF_C_TYPE_SFIXED32, PROTOBUF_C_TYPE_FIXED32, PROTOBUF_C_TYPE_FLOAT:
            unsafe (kind, wireType, elementBytes) = (.fixed32, WireType.fixed32, 4)
        case PROTOBUF_C_TYPE_SFIXED64, PROTOBUF_C_TYPE_FIXED64, PROTOBUF_C_TYPE_DOUBLE:
            unsafe (kind, wireType, elementBytes) = (.fixed64, WireType.fixed64, 8)
        case PROTOBUF_C_TYPE_BYTES:
            let kind: Kind = isText ? .text : .bytes
            unsafe (self.kind, wireType, elementBytes) = (kind, WireType.lengthPrefixed, 16)
        case PROTOBUF_C_TYPE_MESSAGE:
            unsafe (kind, wireType, elementBytes) = (.message, WireType.lengthPrefixed, 8)
        case PROTOBUF_C_TYPE_STRING:
            unsafe preconditionFailure("\(String(cString: field.name)): generate strings as bytes")
        default:
            // 32-bit numbers take 4 bytes, but 8 is a safe estimate for both.
            unsafe (kind, wireType, elementBytes) = (.varint, WireType.varint, 8)
        }
        unsafe isRepeated = unsafe field.label == PROTOBUF_C_LABEL_REPEATED
    }
}

/// The wire types of protobuf.
enum WireType {
    static let varint: UInt8 = 0
    static let fixed64: UInt8 = 1
    static let lengthPrefixed: UInt8 = 2
    static let startGroup: UInt8 = 3
    static let endGroup: UInt8 = 4
    static let fixed32: UInt8 = 5
}
