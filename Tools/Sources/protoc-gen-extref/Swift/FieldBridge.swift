// SPDX-License-Identifier: Apache-2.0

import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Prints the statements that read and write one field of a C struct.
struct FieldBridge {
    private let field: FieldDescriptor
    private let property: String
    private let member: String

    init(_ field: FieldDescriptor) {
        self.field = field
        property = "self." + SwiftNames.property(field)
        member = CNames.access(field)
    }

    /// The C member that says how many elements there are.
    private var counter: String { CNames.counter(field) }

    /// The C member that says whether a proto3 `optional` field is there.
    private var optionalCase: String { CNames.oneofCase(field.containingOneof) }

    func printReading(to printer: inout CodePrinter) {
        switch FieldShape(field) {
        case .singular, .oneofMember:
            printer.print("unsafe \(property) = \(Self.read(field, member))")
        case .optional:
            printer.printBlock("if unsafe \(optionalCase).rawValue == \(field.number)") { printer in
                printer.print("unsafe \(property) = \(Self.read(field, member))")
            }
        case .repeated where field.isNumber:
            printer.print("unsafe \(property) = FieldReading.numbers(\(member), \(counter))")
        case .repeated where field.type == .message:
            printer.print("unsafe \(property) = FieldReading.messages(\(member), \(counter))")
        case .repeated:
            printer.print("unsafe \(property) = FieldReading.array(\(member), \(counter)) {")
            printer.printIndented("\(Self.marked(field, Self.read(field, "$0")))")
            printer.print("}")
        case .map(let key, let value):
            printMapReading(key, value, to: &printer)
        }
    }

    private func printMapReading(
        _ key: FieldDescriptor, _ value: FieldDescriptor, to printer: inout CodePrinter
    ) {
        let missing = value.type == .message ? " ?? \(value.elementType)()" : ""
        printer.print("unsafe \(property) = FieldReading.map(")
        printer.withIndentation { printer in
            printer.print("\(member), \(counter),")
            printer.print("key: { unsafe \(Self.read(key, "$0.key")) },")
            printer.print("value: { unsafe \(Self.read(value, "$0.value"))\(missing) })")
        }
    }

    func printWriting(to printer: inout CodePrinter) {
        switch FieldShape(field) {
        case .singular where field.type == .message:
            printer.printBlock("if let value = \(property)") { printer in
                printer.print("unsafe \(member) = \(Self.write(field, "value"))")
            }
        case .singular, .oneofMember:
            printer.print("unsafe \(member) = \(Self.write(field, property))")
        case .optional:
            printer.printBlock("if let value = \(property)") { printer in
                printer.print("unsafe \(optionalCase) = .init(rawValue: \(field.number))")
                printer.print("unsafe \(member) = \(Self.write(field, "value"))")
            }
        case .repeated:
            let element = Self.marked(field, Self.write(field, "$0"))
            printer.print("unsafe \(counter) = \(property).count")
            printer.print("unsafe \(member) = arena.array(\(property)) { \(element) }")
        case .map(let key, let value):
            printMapWriting(key, value, to: &printer)
        }
    }

    private func printMapWriting(
        _ key: FieldDescriptor, _ value: FieldDescriptor, to printer: inout CodePrinter
    ) {
        printer.print("unsafe \(counter) = \(property).count")
        printer.print("unsafe \(member) = arena.array(MapOrder.sorted(\(property))) { key, value in")
        printer.withIndentation { printer in
            printer.print("let entry = unsafe arena.makeStruct(\(CNames.initializer(field.messageType)))")
            printer.print("unsafe entry.pointee.key = \(Self.write(key, "key"))")
            printer.print("unsafe entry.pointee.value = \(Self.write(value, "value"))")
            printer.print("return unsafe entry")
        }
        printer.print("}")
    }

    /// The Swift expression for the C expression of one value; a message's is optional.
    static func read(_ field: FieldDescriptor, _ c: String) -> String {
        switch field.type {
        case .string: "FieldReading.text(\(c))"
        case .bytes: "FieldReading.bytes(\(c))"
        case .bool: "FieldReading.bool(\(c))"
        case .enum: "FieldReading.enumeration(\(c))"
        case .message, .group: "FieldReading.message(\(c))"
        default: c
        }
    }

    /// The C expression for the Swift expression of one value.
    static func write(_ field: FieldDescriptor, _ value: String) -> String {
        switch field.type {
        case .string: "arena.text(\(value))"
        case .bytes: "arena.bytes(\(value))"
        case .bool: "arena.bool(\(value))"
        case .enum: "arena.enumeration(\(value))"
        case .message, .group: "arena.message(\(value))"
        default: value
        }
    }

    /// Marks an expression about one element `unsafe` where it deals with pointers.
    private static func marked(_ field: FieldDescriptor, _ expression: String) -> String {
        switch field.type {
        case .string, .bytes, .message: "unsafe " + expression
        default: expression
        }
    }
}
