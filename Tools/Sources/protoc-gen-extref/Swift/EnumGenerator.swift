// SPDX-License-Identifier: Apache-2.0

import SwiftProtobufPluginLibrary

/// Prints an open enumeration: a struct around the number, with a constant for each known value.
struct EnumGenerator {
    private let enumeration: EnumDescriptor
    private let name: String

    init(_ enumeration: EnumDescriptor) {
        self.enumeration = enumeration
        name = SwiftNames.last(of: SwiftNames.type(enumeration))
    }

    func print(to printer: inout CodePrinter) {
        printer.print()
        printer.printDocumentation(enumeration.protoSourceComments())
        printer.print("public struct \(name): ProtobufEnum {")
        printer.withIndentation { printer in
            printer.print("/// The number on the wire.", "public let rawValue: Int32", "")
            printer.print("/// Creates the value with a number, known or not.")
            printer.print("public init(rawValue: Int32) {")
            printer.printIndented("self.rawValue = rawValue")
            printer.print("}")
            enumeration.values.forEach { printConstant($0, to: &printer) }
            printNames(to: &printer)
        }
        printer.print("}")
    }

    private func printConstant(_ value: EnumValueDescriptor, to printer: inout CodePrinter) {
        printer.print()
        printer.printDocumentation(value.protoSourceComments())
        printer.print("public static let \(SwiftNames.value(value)) = \(name)(rawValue: \(value.number))")
    }

    private func printNames(to printer: inout CodePrinter) {
        printer.print("", "/// The full name in the .proto file.")
        printer.print("public static let enumName = \"\(enumeration.fullName)\"")
        printer.print("", "/// The names of all known numbers.")
        printer.print("public static let protoNames: [Int32: String] = [")
        printer.withIndentation { printer in
            // Of several names for one number the first is the true one.
            var seen: Set<Int32> = []
            for value in enumeration.values where seen.insert(value.number).inserted {
                printer.print("\(value.number): \"\(value.name)\",")
            }
        }
        printer.print("]")
    }
}
