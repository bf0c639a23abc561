// SPDX-License-Identifier: Apache-2.0

import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Prints the statements that read and write a oneof, which C has as a case number and a union.
struct OneofBridge {
    private let oneof: OneofDescriptor
    private let property: String

    init(_ oneof: OneofDescriptor) {
        self.oneof = oneof
        property = "self." + SwiftNames.property(oneof)
    }

    private var caseMember: String { CNames.oneofCase(oneof) }

    func printReading(to printer: inout CodePrinter) {
        printer.print("switch unsafe \(caseMember).rawValue {")
        for field in oneof.fields {
            let value = FieldBridge.read(field, CNames.access(field))
            let name = SwiftNames.property(field)
            printer.print("case \(field.number):")
            if field.type == .message {
                printer.printIndented("unsafe \(property) = .\(name)(\(value) ?? \(field.elementType)())")
            } else {
                printer.printIndented("unsafe \(property) = .\(name)(\(value))")
            }
        }
        printer.print("default:")
        printer.printIndented("\(property) = nil")
        printer.print("}")
    }

    func printWriting(to printer: inout CodePrinter) {
        printer.print("switch \(property) {")
        for field in oneof.fields {
            printer.print("case .\(SwiftNames.property(field))(let value):")
            printer.withIndentation { printer in
                let member = CNames.access(field)
                printer.print("unsafe \(caseMember) = .init(rawValue: \(field.number))")
                printer.print("unsafe \(member) = \(FieldBridge.write(field, "value"))")
            }
        }
        printer.print("case nil:")
        printer.printIndented("break")
        printer.print("}")
    }
}
