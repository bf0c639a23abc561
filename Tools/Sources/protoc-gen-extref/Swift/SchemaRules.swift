// SPDX-License-Identifier: Apache-2.0

import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// What a .proto file must not do, because the runtime relies on it.
enum SchemaRules {
    /// As `SchemaLimits` of the runtime.
    private static let fieldNumberMax: Int32 = 1023

    /// Names of Swift's own that a generated type would hide from the rest of the module.
    private static let hiddenNames: Set<String> = [
        "Any", "Array", "Bool", "Dictionary", "Double", "Error", "Float", "Hashable", "Int", "Int32", "Int64",
        "Optional", "Result", "Self", "Sendable", "Set", "Span", "String", "UInt32", "UInt64", "UInt8",
    ]

    static func check(_ file: FileDescriptor) throws {
        guard file.edition == .proto3 else { throw GeneratorFault("\(file.name): only proto3 is supported") }
        for message in file.allMessages {
            try check(message)
        }
        for name in file.messages.map(SwiftNames.type) + file.enums.map(SwiftNames.type)
        where hiddenNames.contains(name) {
            throw GeneratorFault("\(file.name): a type '\(name)' would hide Swift's own")
        }
    }

    private static func check(_ message: Descriptor) throws {
        // protobuf-c has no limit of recursion: a recursive type is a way to exhaust the stack.
        if reaches(message, from: message, visited: []) {
            throw GeneratorFault("\(message.fullName): recursive messages are not supported")
        }
        for field in message.fields where field.number > fieldNumberMax {
            throw GeneratorFault("\(field.fullName): field numbers go up to \(fieldNumberMax)")
        }
    }

    private static func reaches(_ goal: Descriptor, from message: Descriptor, visited: Set<String>) -> Bool {
        message.fields.compactMap(\.messageType).contains { next in
            if next === goal { return true }
            if visited.contains(next.fullName) { return false }
            return reaches(goal, from: next, visited: visited.union([next.fullName]))
        }
    }
}
