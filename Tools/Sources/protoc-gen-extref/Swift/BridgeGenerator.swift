// SPDX-License-Identifier: Apache-2.0

import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Prints a message's conformance to `ProtobufMessage`: its schema, and the ways from and to the C struct.
struct BridgeGenerator {
    private let message: Descriptor
    private let properties: [MessageProperty]

    init(_ message: Descriptor) {
        self.message = message
        properties = MessageProperty.all(of: message)
    }

    func print(to printer: inout CodePrinter) {
        printer.print()
        printer.printBlock("extension \(SwiftNames.type(message)): ProtobufMessage") { printer in
            printer.print("/// The full name in the .proto file.")
            printer.print("public static let protoName = \"\(message.fullName)\"", "")
            printSchema(to: &printer)
            printReading(to: &printer)
            printWriting(to: &printer)
        }
    }

    private func printSchema(to printer: inout CodePrinter) {
        var arguments = ["initializer: \(CNames.initializer(message))"]
        let texts = message.fields.filter { $0.type == .string && !$0.isMap }.map { "\($0.number)" }
        if !texts.isEmpty { arguments.append("texts: [\(texts.joined(separator: ", "))]") }
        let children = message.fields.compactMap(child)
        printer.print("/// What guard and decoder know of the type.")
        printer.print("public static let schema = unsafe MessageSchema(")
        printer.withIndentation { printer in
            printer.print(arguments.joined(separator: ",\n") + (children.isEmpty ? ")" : ","))
            guard !children.isEmpty else { return }
            printer.print("children: [")
            printer.withIndentation { printer in children.forEach { printer.print($0 + ",") } }
            printer.print("])")
        }
    }

    private func child(_ field: FieldDescriptor) -> String? {
        if case .map(let key, let value) = FieldShape(field) {
            let texts = [key, value].filter { $0.type == .string }.map { "\($0.number)" }
            let schema = value.type == .message ? ", value: \(value.elementType).schema" : ""
            return "\(field.number): .entry(texts: [\(texts.joined(separator: ", "))]\(schema))"
        }
        return field.type == .message ? "\(field.number): .message(\(field.elementType).schema)" : nil
    }

    private func printReading(to printer: inout CodePrinter) {
        printer.print("", "/// Copies the values out of an unpacked C struct.")
        printer.printBlock("@unsafe public init(unpacked raw: UnsafeRawPointer)") { printer in
            guard !properties.isEmpty else { return }
            printer.print("let _c = unsafe raw.assumingMemoryBound(to: \(CNames.structName(message)).self)")
            for property in properties {
                switch property {
                case .field(let field): FieldBridge(field).printReading(to: &printer)
                case .oneof(let oneof): OneofBridge(oneof).printReading(to: &printer)
                }
            }
        }
    }

    private func printWriting(to printer: inout CodePrinter) {
        printer.print("", "/// Builds the C struct in `arena`.")
        let head = "@unsafe public func makeStruct(in arena: borrowing Arena) -> UnsafeMutableRawPointer"
        printer.printBlock(head) { printer in
            printer.print("let _c = unsafe arena.makeStruct(\(CNames.initializer(message)))")
            for property in properties {
                switch property {
                case .field(let field): FieldBridge(field).printWriting(to: &printer)
                case .oneof(let oneof): OneofBridge(oneof).printWriting(to: &printer)
                }
            }
            printer.print("return UnsafeMutableRawPointer(_c)")
        }
    }
}
