// SPDX-License-Identifier: Apache-2.0

internal import CProtobufC

/// One field of a message type, for those who look at messages without knowing them: tests and tools.
public struct FieldSchema: Sendable {
    /// The protobuf type of a field.
    public enum Kind: Sendable, Hashable {
        case int32, sint32, sfixed32, int64, sint64, sfixed64
        case uint32, fixed32, uint64, fixed64
        case float, double, bool, enumeration, text, bytes, message
    }

    /// The name in the .proto file.
    public let name: String
    /// The field number.
    public let number: UInt32
    /// The type of one value.
    public let kind: Kind
    /// Whether the field holds any number of values; true for maps too.
    public let isRepeated: Bool
    /// Whether the field belongs to a oneof; true for proto3 `optional` fields too.
    public let isOneofMember: Bool
    /// The type of a message field.
    public let message: MessageSchema?
}

extension MessageSchema {
    /// The fields of the message type, by rising number.
    public var fields: [FieldSchema] {
        let list = unsafe UnsafeBufferPointer(
            start: descriptor.pointee.fields, count: Int(descriptor.pointee.n_fields))
        return unsafe list.map { unsafe FieldSchema($0, rule: table.pointee.rules[Int($0.id)]) }
    }

    init(descriptor: UnsafePointer<ProtobufCMessageDescriptor>, table: UnsafePointer<RuleTable>) {
        unsafe self.descriptor = unsafe descriptor
        unsafe self.table = unsafe table
    }
}

extension FieldSchema {
    init(_ field: ProtobufCFieldDescriptor, rule: FieldRule) {
        name = unsafe String(cString: field.name)
        number = unsafe field.id
        kind = unsafe Kind(field.type, isText: rule.kind == .text)
        isRepeated = unsafe rule.isRepeated
        isOneofMember = unsafe field.flags & PROTOBUF_C_FIELD_FLAG_ONEOF.rawValue != 0
        if let child = unsafe rule.child {
            let descriptor = unsafe field.descriptor.assumingMemoryBound(to: ProtobufCMessageDescriptor.self)
            message = unsafe MessageSchema(descriptor: descriptor, table: child)
        } else {
            message = nil
        }
    }
}

extension FieldSchema.Kind {
    fileprivate init(_ type: ProtobufCType, isText: Bool) {
        self =
            switch type {
            case PROTOBUF_C_TYPE_INT32: .int32
            case PROTOBUF_C_TYPE_SINT32: .sint32
            case PROTOBUF_C_TYPE_SFIXED32: .sfixed32
            case PROTOBUF_C_TYPE_INT64: .int64
            case PROTOBUF_C_TYPE_SINT64: .sint64
            case PROTOBUF_C_TYPE_SFIXED64: .sfixed64
            case PROTOBUF_C_TYPE_UINT32: .uint32
            case PROTOBUF_C_TYPE_FIXED32: .fixed32
            case PROTOBUF_C_TYPE_UINT64: .uint64
            case PROTOBUF_C_TYPE_FIXED64: .fixed64
            case PROTOBUF_C_TYPE_FLOAT: .float
            case PROTOBUF_C_TYPE_DOUBLE: .double
            case PROTOBUF_C_TYPE_BOOL: .bool
            case PROTOBUF_C_TYPE_ENUM: .enumeration
            case PROTOBUF_C_TYPE_MESSAGE: .message
            default: isText ? .text : .bytes
            }
    }
}
