// SPDX-License-Identifier: Apache-2.0

import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Prints `<Message>.View`: a message still in its C struct, whose fields are read without copies.
struct ViewGenerator {
    private let message: Descriptor
    private let type: String

    init(_ message: Descriptor) {
        self.message = message
        type = SwiftNames.type(message)
    }

    func print(to printer: inout CodePrinter) {
        printer.print()
        printer.printBlock("extension \(type)") { printer in
            printer.print(
                "/// A `\(message.fullName)` still in its C struct; it cannot leave the scope of `withView`.")
            printer.print("/// Strings are their UTF-8, which the guard has checked. Maps are left out.")
            printer.printBlock("public struct View: ~Escapable") { printer in
                printStorage(to: &printer)
                message.fields.forEach { print($0, to: &printer) }
            }
            printScope(to: &printer)
        }
    }

    private func printStorage(to printer: inout CodePrinter) {
        printer.print("private let _base: BorrowedStruct", "")
        printer.print("/// Reads a C struct that must be of this message type.")
        printer.print("@unsafe @_lifetime(copy base)")
        printer.printBlock("public init(_ base: BorrowedStruct)") { $0.print("_base = base") }
        guard !message.fields.allSatisfy(\.isMap) else { return }
        let structName = CNames.structName(message)
        printer.print()
        printer.printBlock("private var _c: UnsafePointer<\(structName)>") { printer in
            printer.print("unsafe _base.pointer.assumingMemoryBound(to: \(structName).self)")
        }
    }

    private func printScope(to printer: inout CodePrinter) {
        printer.print(
            "", "/// Lends a view of encoded bytes to `body`; nothing of the message is copied into Swift.")
        printer.print(
            "///", "/// - Throws: `DecodeError` when the guard refuses the bytes, naming the faulty field.")
        printer.print("public static func withView<Result>(")
        printer.printIndented("_ bytes: Span<UInt8>, limits: DecodeLimits = DecodeLimits(),")
        printer.printIndented("_ body: (borrowing View) -> Result")
        printer.printBlock(") throws(DecodeError) -> Result") { printer in
            printer.print("try schema.withBorrowed(bytes, limits: limits) { unsafe body(View($0)) }")
        }
    }

    private func print(_ field: FieldDescriptor, to printer: inout CodePrinter) {
        let name = SwiftNames.property(field)
        let member = CNames.access(field)
        switch FieldShape(field) {
        case .map:
            break
        case .repeated:
            printRepeated(field, to: &printer)
        case .optional, .oneofMember:
            let present = "unsafe \(CNames.oneofCase(field.containingOneof)).rawValue == \(field.number)"
            printGetter(name, field, optional: true, guardedBy: present, read(field, member), to: &printer)
        case .singular:
            printGetter(name, field, optional: false, guardedBy: nil, read(field, member), to: &printer)
        }
    }

    private func printGetter(
        _ name: String, _ field: FieldDescriptor, optional: Bool, guardedBy condition: String?,
        _ value: String,
        to printer: inout CodePrinter
    ) {
        let isOptional = optional || field.type == .message
        printer.print()
        printer.printDocumentation(field.protoSourceComments())
        printer.printBlock("public var \(name): \(viewType(field))\(isOptional ? "?" : "")") { printer in
            printer.printBlock(isBorrowed(field) ? "@_lifetime(copy self) get" : "get") { printer in
                if let condition { printer.print("guard \(condition) else { return nil }") }
                if field.type == .message {
                    printer.print("guard let nested = unsafe \(value) else { return nil }")
                    printer.print("return unsafe \(field.elementType).View(nested)")
                } else {
                    printer.print("return unsafe \(value)")
                }
            }
        }
    }

    private func printRepeated(_ field: FieldDescriptor, to printer: inout CodePrinter) {
        let name = SwiftNames.property(field)
        let bare = name.filter { $0 != "`" }
        let counter = CNames.counter(field)
        printer.print("", "/// How many elements `\(bare)` has.")
        printer.print("public var \(bare)Count: Int { unsafe \(counter) }", "")
        printer.printDocumentation(field.protoSourceComments())
        if isBorrowed(field) { printer.print("@_lifetime(copy self)") }
        printer.printBlock("public func \(name)(at index: Int) -> \(viewType(field))") { printer in
            printer.print("precondition(index >= 0 && index < \(bare)Count, \"no element \\(index)\")")
            let element = CNames.access(field) + "[index]"
            if field.type == .message {
                printer.print("return unsafe \(field.elementType).View(_base.element(\(element)))")
            } else {
                printer.print("return unsafe \(read(field, element))")
            }
        }
    }

    private func viewType(_ field: FieldDescriptor) -> String {
        switch field.type {
        case .string, .bytes: "Span<UInt8>"
        case .message: field.elementType + ".View"
        default: field.elementType
        }
    }

    private func isBorrowed(_ field: FieldDescriptor) -> Bool {
        field.type == .string || field.type == .bytes || field.type == .message
    }

    private func read(_ field: FieldDescriptor, _ c: String) -> String {
        switch field.type {
        case .string, .bytes: "_base.bytes(\(c))"
        case .message: "_base.message(\(c))"
        default: FieldBridge.read(field, c)
        }
    }
}
