// SPDX-License-Identifier: Apache-2.0

import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Prints a message as a plain value type, with its nested types.
struct MessageGenerator {
    private let message: Descriptor
    private let properties: [MessageProperty]

    init(_ message: Descriptor) {
        self.message = message
        properties = MessageProperty.all(of: message)
    }

    func print(to printer: inout CodePrinter) {
        printer.print()
        printer.printDocumentation(message.protoSourceComments())
        let name = SwiftNames.last(of: SwiftNames.type(message))
        printer.printBlock("public struct \(name): Sendable, Hashable") { printer in
            for (index, property) in properties.enumerated() {
                if index > 0 { printer.print() }
                printer.printDocumentation(property.comments)
                printer.print("public var \(property.name): \(property.type) = \(property.defaultLiteral)")
            }
            printInitializers(to: &printer)
            message.realOneofs.forEach { OneofGenerator($0).print(to: &printer) }
            message.enums.forEach { EnumGenerator($0).print(to: &printer) }
            for nested in message.messages where !nested.options.mapEntry {
                MessageGenerator(nested).print(to: &printer)
            }
        }
    }

    private func printInitializers(to printer: inout CodePrinter) {
        if !properties.isEmpty { printer.print() }
        printer.print("/// Creates a message with all fields at their defaults.")
        printer.print("public init() {}")
        guard !properties.isEmpty else { return }
        printer.print("", "/// Creates a message with the fields given.", "public init(")
        printer.withIndentation { printer in
            for (index, property) in properties.enumerated() {
                let comma = index < properties.count - 1 ? "," : ""
                printer.print("\(property.name): \(property.type) = \(property.defaultLiteral)\(comma)")
            }
        }
        printer.printBlock(")") { printer in
            for property in properties { printer.print("self.\(property.name) = \(property.name)") }
        }
    }
}
