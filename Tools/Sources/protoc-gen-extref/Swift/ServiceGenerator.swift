// SPDX-License-Identifier: Apache-2.0

import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Prints what a service is in Swift: method descriptors, the protocol of its handler, the bindings that
/// tie the two, and a typed client.
struct ServiceGenerator {
    private let service: ServiceDescriptor
    private let name: String
    /// The methods that one request and one response make up.
    private let unary: [MethodDescriptor]

    init(_ service: ServiceDescriptor) {
        self.service = service
        name = SwiftNames.service(service)
        unary = service.methods.filter { !$0.clientStreaming && !$0.serverStreaming }
    }

    func print(to printer: inout CodePrinter) {
        printHandler(to: &printer)
        printMethods(to: &printer)
        printClient(to: &printer)
    }

    private func printHandler(to printer: inout CodePrinter) {
        printer.print()
        printer.printDocumentation(service.protoSourceComments())
        printer.printBlock("public protocol \(name)Handler: Sendable") { printer in
            for (index, method) in unary.enumerated() {
                if index > 0 { printer.print() }
                printer.printDocumentation(method.protoSourceComments())
                printer.print("func \(SwiftNames.method(method))(")
                printer.printIndented("_ request: \(SwiftNames.type(method.inputType)), context: CallContext")
                printer.print(") async throws -> \(SwiftNames.type(method.outputType))")
            }
        }
    }

    private func printMethods(to printer: inout CodePrinter) {
        printer.print("", "/// The methods of `\(service.fullName)`.")
        printer.printBlock("public enum \(name)Methods") { printer in
            printer.print("/// The full name of the service.")
            printer.print("public static let serviceName = \"\(service.fullName)\"")
            service.methods.forEach { printDescriptor($0, to: &printer) }
            let names = service.methods.map { "            \(SwiftNames.method($0)),\n" }.joined()
            printer.print("", "/// Every method, in the order of the .proto file.")
            printer.print("public static let all: [MethodDescriptor] = [")
            printer.print(names.replacing("            ", with: "    "), newlines: false)
            printer.print("]")
            printBindings(to: &printer)
        }
    }

    private func printDescriptor(_ method: MethodDescriptor, to printer: inout CodePrinter) {
        let kind = method.serverStreaming ? "serverStreaming" : "unary"
        printer.print()
        printer.printDocumentation(method.protoSourceComments())
        printer.print("public static let \(SwiftNames.method(method)) = MethodDescriptor(")
        printer.printIndented("service: serviceName, method: \"\(method.name)\", kind: .\(kind))")
    }

    private func printBindings(to printer: inout CodePrinter) {
        printer.print("", "/// Ties the unary methods to a handler.")
        printer.printBlock("public static func bindings(_ handler: some \(name)Handler) -> [MethodBinding]") {
            printer in
            printer.print("[")
            printer.withIndentation { printer in
                for method in unary {
                    let swiftName = SwiftNames.method(method)
                    printer.print(
                        "MethodBinding(\(swiftName)) { (request: \(SwiftNames.type(method.inputType)), context) in"
                    )
                    printer.printIndented("try await handler.\(swiftName)(request, context: context)")
                    printer.print("},")
                }
            }
            printer.print("]")
        }
    }

    private func printClient(to printer: inout CodePrinter) {
        printer.print("", "/// Calls the unary methods of `\(service.fullName)` over a channel.")
        printer.printBlock("public struct \(name)Client<Channel: RPCChannel>: Sendable") { printer in
            printer.print("/// What carries the calls.", "public let channel: Channel", "")
            printer.print("/// Creates a client; it is as cheap as the channel's reference.")
            printer.printBlock("public init(channel: Channel)") { $0.print("self.channel = channel") }
            unary.forEach { printCall($0, to: &printer) }
        }
    }

    private func printCall(_ method: MethodDescriptor, to printer: inout CodePrinter) {
        let output = SwiftNames.type(method.outputType)
        printer.print()
        printer.printDocumentation(method.protoSourceComments())
        printer.print("public func \(SwiftNames.method(method))(")
        printer.printIndented(
            "_ request: \(SwiftNames.type(method.inputType)), options: CallOptions = CallOptions()")
        printer.printBlock(") async throws(RPCError) -> \(output)") { printer in
            printer.print("try await channel.unary(")
            let method = "\(name)Methods.\(SwiftNames.method(method))"
            printer.printIndented("\(method), request: request, response: \(output).self, options: options)")
        }
    }
}
