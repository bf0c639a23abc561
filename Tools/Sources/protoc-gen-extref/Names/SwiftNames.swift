// SPDX-License-Identifier: Apache-2.0

import SwiftProtobufPluginLibrary

/// The Swift names of what .proto files declare.
enum SwiftNames {
    /// The full name of a message's type, for instance `GoogleRPCBadRequest.FieldViolation`.
    static func type(_ message: Descriptor) -> String {
        qualified(message.name, in: message.containingType, file: message.file)
    }

    /// The full name of an enumeration's type.
    static func type(_ enumeration: EnumDescriptor) -> String {
        qualified(enumeration.name, in: enumeration.containingType, file: enumeration.file)
    }

    /// The name of the declaration itself, without the types around it.
    static func last(of fullName: String) -> String {
        String(fullName.split(separator: ".").last ?? "")
    }

    /// The first part of the names made from a service, for instance `LinkService`.
    static func service(_ service: ServiceDescriptor) -> String {
        prefixed(service.name, package: service.file.package)
    }

    static func method(_ method: MethodDescriptor) -> String {
        escaped(NamingUtils.toLowerCamelCase(method.name))
    }

    static func property(_ field: FieldDescriptor) -> String {
        escaped(NamingUtils.toLowerCamelCase(field.name))
    }

    static func property(_ oneof: OneofDescriptor) -> String {
        escaped(NamingUtils.toLowerCamelCase(oneof.name))
    }

    /// The enum of a oneof, nested in the message's type.
    static func type(_ oneof: OneofDescriptor) -> String {
        let name = NamingUtils.toUpperCamelCase(oneof.name)
        let message: Descriptor = oneof.containingType
        let taken = message.messages.map(\.name) + message.enums.map(\.name) + [message.name]
        return taken.contains(name) ? name + "Choice" : name
    }

    /// `NOT_SERVING` of `ServingStatus`, or `PROVIDER_JIRA` of `Provider`, as `notServing`, `jira`.
    static func value(_ value: EnumValueDescriptor) -> String {
        let prefix = upperSnakeCased(value.enumType.name) + "_"
        var name = value.name
        if name.hasPrefix(prefix), let first = name.dropFirst(prefix.count).first, first.isLetter {
            name = String(name.dropFirst(prefix.count))
        }
        return escaped(NamingUtils.toLowerCamelCase(name.lowercased()))
    }

    /// Words that cannot be a member's name, even between backticks.
    private static let reservedMembers: Set<String> = [
        "self", "init", "Type", "Protocol", "rawValue", "protoNames",
    ]

    private static let keywords: Set<String> = [
        "any", "as", "associatedtype", "await", "break", "case", "catch", "class", "continue", "default",
        "defer", "deinit", "do", "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for",
        "func", "guard", "if", "import", "in", "inout", "internal", "is", "let", "nil", "operator",
        "precedencegroup",
        "private", "protocol", "public", "repeat", "rethrows", "return", "static", "struct", "subscript",
        "super", "switch", "throw", "throws", "true", "try", "typealias", "var", "where", "while",
    ]

    private static func escaped(_ name: String) -> String {
        if reservedMembers.contains(name) { return name + "_" }
        return keywords.contains(name) ? "`\(name)`" : name
    }

    private static func qualified(_ name: String, in outer: Descriptor?, file: FileDescriptor) -> String {
        if let outer { return type(outer) + "." + nested(name) }
        return prefixed(name, package: file.package)
    }

    /// Names that Swift keeps for itself inside a type.
    private static func nested(_ name: String) -> String {
        ["Type", "Protocol", "Self", "View"].contains(name) ? name + "Value" : name
    }

    /// A prefix that the name already begins with is not repeated: `HealthCheckRequest`.
    private static func prefixed(_ name: String, package: String) -> String {
        let prefix = PackageMap.prefix(of: package)
        return name.hasPrefix(prefix) ? name : prefix + name
    }

    private static func upperSnakeCased(_ name: String) -> String {
        var result = ""
        let characters = Array(name)
        for (index, character) in characters.enumerated() {
            let startsWord =
                index > 0 && character.isUppercase
                && (!characters[index - 1].isUppercase
                    || (index + 1 < characters.count && characters[index + 1].isLowercase))
            result += (startsWord ? "_" : "") + character.uppercased()
        }
        return result
    }
}
