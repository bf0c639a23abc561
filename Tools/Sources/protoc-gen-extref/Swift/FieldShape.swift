// SPDX-License-Identifier: Apache-2.0

import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// How a field appears in Swift.
enum FieldShape {
    /// A plain property; messages are optional ones.
    case singular
    /// A proto3 `optional` field, which C has as a oneof of one.
    case optional
    case repeated
    case map(key: FieldDescriptor, value: FieldDescriptor)
    case oneofMember

    init(_ field: FieldDescriptor) {
        if field.isMap, let entry = field.messageType.mapKeyAndValue {
            self = .map(key: entry.key, value: entry.value)
        } else if field.isRepeated {
            self = .repeated
        } else if field.realContainingOneof != nil {
            self = .oneofMember
        } else if field.isSyntheticOptional {
            self = .optional
        } else {
            self = .singular
        }
    }
}

extension FieldDescriptor {
    /// Whether the field is marked `optional`, which protoc puts into a oneof of its own.
    var isSyntheticOptional: Bool {
        containingOneof != nil && realContainingOneof == nil
    }

    /// The Swift type of one value.
    var elementType: String {
        switch type {
        case .int32, .sint32, .sfixed32: "Int32"
        case .int64, .sint64, .sfixed64: "Int64"
        case .uint32, .fixed32: "UInt32"
        case .uint64, .fixed64: "UInt64"
        case .float: "Float"
        case .double: "Double"
        case .bool: "Bool"
        case .string: "String"
        case .bytes: "[UInt8]"
        case .enum: SwiftNames.type(enumType)
        case .message, .group: SwiftNames.type(messageType)
        }
    }

    /// The Swift type of the property.
    var propertyType: String {
        switch FieldShape(self) {
        case .singular: type == .message ? elementType + "?" : elementType
        case .optional, .oneofMember: elementType + "?"
        case .repeated: "[\(elementType)]"
        case .map(let key, let value): "[\(key.elementType): \(value.elementType)]"
        }
    }

    /// The property's value in a fresh message.
    var defaultLiteral: String {
        switch FieldShape(self) {
        case .optional, .oneofMember: return "nil"
        case .repeated: return "[]"
        case .map: return "[:]"
        case .singular: break
        }
        return switch type {
        case .string: "\"\""
        case .bytes: "[]"
        case .bool: "false"
        case .message, .group: "nil"
        case .enum: enumType.values.first.map { "." + SwiftNames.value($0) } ?? elementType + "()"
        default: "0"
        }
    }

    /// Whether C and Swift have the same type for one value.
    var isNumber: Bool {
        switch type {
        case .string, .bytes, .bool, .enum, .message, .group: false
        default: true
        }
    }
}

/// The properties of a message's Swift type, in the order of the .proto file; a oneof counts as one.
enum MessageProperty {
    case field(FieldDescriptor)
    case oneof(OneofDescriptor)

    static func all(of message: Descriptor) -> [MessageProperty] {
        var seenOneofs: Set<Int> = []
        return message.fields.compactMap { field in
            guard let oneof = field.realContainingOneof else { return .field(field) }
            return seenOneofs.insert(oneof.index).inserted ? .oneof(oneof) : nil
        }
    }

    var name: String {
        switch self {
        case .field(let field): SwiftNames.property(field)
        case .oneof(let oneof): SwiftNames.property(oneof)
        }
    }

    var type: String {
        switch self {
        case .field(let field): field.propertyType
        case .oneof(let oneof): SwiftNames.type(oneof) + "?"
        }
    }

    var defaultLiteral: String {
        switch self {
        case .field(let field): field.defaultLiteral
        case .oneof: "nil"
        }
    }

    var comments: String {
        switch self {
        case .field(let field): field.protoSourceComments()
        case .oneof(let oneof): oneof.protoSourceComments()
        }
    }
}
