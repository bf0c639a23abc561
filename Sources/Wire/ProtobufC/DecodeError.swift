// SPDX-License-Identifier: Apache-2.0

/// Why bytes were refused as a message.
public struct DecodeError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of fault.
    public enum Code: String, Sendable, Hashable {
        /// The bytes are no protobuf message: cut short, a bad tag or varint, a message field given twice.
        case malformed
        /// More fields than `DecodeLimits.fieldsMax`.
        case fieldBudget
        /// The decoded message would need more memory than `DecodeLimits.memoryBudget(payloadBytes:)`.
        case memoryBudget
        /// Messages nested deeper than `DecodeLimits.depthMax`.
        case depth
        /// More unknown fields than `DecodeLimits.unknownFieldsMax`.
        case unknownFields
        /// A string that is not UTF-8.
        case invalidUTF8
        /// A string with a NUL character.
        case embeddedNUL
        /// A known field with a wire type that is not its own.
        case wireType
        /// A group, which proto3 does not have.
        case groups
        /// The system refused memory.
        case outOfMemory
    }

    /// The kind of fault.
    public let code: Code

    /// The path of the faulty field as in the .proto file, for instance `links[3].object.id`; empty when
    /// the fault belongs to no field of the outermost message.
    public let fieldPath: String

    /// A sentence for developers; it quotes nothing of the payload.
    public let message: String

    /// Creates an error.
    public init(code: Code, fieldPath: String = "", message: String) {
        self.code = code
        self.fieldPath = fieldPath
        self.message = message
    }

    /// The path, if any, and the message.
    public var description: String {
        fieldPath.isEmpty ? message : "\(fieldPath): \(message)"
    }
}
