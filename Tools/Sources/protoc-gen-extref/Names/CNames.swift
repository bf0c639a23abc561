// SPDX-License-Identifier: Apache-2.0

import SwiftProtobufPluginLibrary

/// The identifiers that protoc-gen-c gives to messages and fields (its c_helpers.cc).
enum CNames {
    /// `extref.v1.LinkRef` becomes `Extref__V1__LinkRef`.
    static func structName(_ message: Descriptor) -> String {
        pieces(of: message.fullName).map(camelCased).joined(separator: "__")
    }

    /// `extref.v1.LinkRef` becomes `extref__v1__link_ref__init`.
    static func initializer(_ message: Descriptor) -> String {
        pieces(of: message.fullName).map(snakeCased).joined(separator: "__") + "__init"
    }

    /// The member of the C struct; names that are words of C get an underscore.
    static func member(_ field: FieldDescriptor) -> String {
        let name = field.name.lowercased()
        return keywords.contains(name) ? name + "_" : name
    }

    /// The expression for a member of the struct that the generated variable `_c` points to.
    static func access(_ field: FieldDescriptor) -> String {
        let member = member(field)
        return "_c.pointee." + (["self", "init"].contains(member) ? "`\(member)`" : member)
    }

    /// The expression for how many elements a repeated field has.
    static func counter(_ field: FieldDescriptor) -> String {
        "_c.pointee.n_" + member(field)
    }

    /// The expression for which member of a oneof is set; a proto3 `optional` field has one of its own.
    static func oneofCase(_ oneof: OneofDescriptor?) -> String {
        "_c.pointee.\(oneof?.name.lowercased() ?? "")_case"
    }

    private static func pieces(of fullName: String) -> [Substring] {
        fullName.split(separator: ".")
    }

    private static func camelCased(_ piece: Substring) -> String {
        piece.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    /// An underscore goes before each capital that follows something else.
    private static func snakeCased(_ piece: Substring) -> String {
        var result = ""
        var previousWasCapital = true
        for character in piece {
            let isCapital = ("A"..."Z").contains(character)
            if isCapital, !previousWasCapital { result += "_" }
            result += character.lowercased()
            previousWasCapital = isCapital
        }
        return result
    }

    private static let keywords: Set<String> = [
        "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break", "case", "catch", "char", "class",
        "compl", "const", "const_cast", "continue", "default", "delete", "do", "double", "dynamic_cast",
        "else", "enum", "explicit", "extern", "false", "float", "for", "friend", "goto", "if", "inline",
        "int",
        "long", "mutable", "namespace", "new", "not", "not_eq", "operator", "or", "or_eq", "private",
        "protected", "public", "register", "reinterpret_cast", "return", "short", "signed", "sizeof",
        "static",
        "static_cast", "struct", "switch", "template", "this", "throw", "true", "try", "typedef", "typeid",
        "typename", "union", "unsigned", "using", "virtual", "void", "volatile", "wchar_t", "while", "xor",
        "xor_eq",
    ]
}
