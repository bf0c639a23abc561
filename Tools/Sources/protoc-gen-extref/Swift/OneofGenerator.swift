// SPDX-License-Identifier: Apache-2.0

import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Prints a oneof as an enum with a payload for each member.
struct OneofGenerator {
    private let oneof: OneofDescriptor

    init(_ oneof: OneofDescriptor) {
        self.oneof = oneof
    }

    func print(to printer: inout CodePrinter) {
        printer.print()
        printer.printDocumentation(oneof.protoSourceComments())
        printer.printBlock("public enum \(SwiftNames.type(oneof)): Sendable, Hashable") { printer in
            for field in oneof.fields {
                printer.printDocumentation(field.protoSourceComments())
                printer.print("case \(SwiftNames.property(field))(\(field.elementType))")
            }
        }
    }
}
