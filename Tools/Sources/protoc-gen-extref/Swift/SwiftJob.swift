// SPDX-License-Identifier: Apache-2.0

import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Generates Swift for every file that protoc asks for.
struct SwiftJob {
    let parameter: PluginParameter
    let parts: PluginParameter.SwiftParts

    func answer(_ request: Request) throws -> Response {
        let set = DescriptorSet(protos: request.protoFile)
        let files = request.fileToGenerate.compactMap { set.fileDescriptor(named: $0) }
        var response = Response()
        for file in files {
            try SchemaRules.check(file)
            response.file += outputs(for: file)
        }
        if let catalog = parameter.catalog {
            response.file.append(CatalogGenerator(name: catalog, files: files).file())
        }
        return response
    }

    private func outputs(for file: FileDescriptor) -> [Response.File] {
        let source = SwiftSource(file: file, parameter: parameter)
        var outputs: [Response.File] = []
        if parts.contains(.messages), !file.messages.isEmpty || !file.enums.isEmpty {
            outputs.append(
                source.output("messages", imports: source.valueImports) { printer in
                    for enumeration in file.enums { EnumGenerator(enumeration).print(to: &printer) }
                    for message in file.messages { MessageGenerator(message).print(to: &printer) }
                })
        }
        let messages = file.allMessages
        if parts.contains(.messages), !messages.isEmpty {
            outputs.append(
                source.output("bridge", imports: source.bridgeImports) { printer in
                    for message in messages { BridgeGenerator(message).print(to: &printer) }
                })
            outputs.append(
                source.output("views", imports: source.viewImports) { printer in
                    for message in messages { ViewGenerator(message).print(to: &printer) }
                })
        }
        if parts.contains(.services), !file.services.isEmpty {
            outputs.append(
                source.output("services", imports: source.serviceImports) { printer in
                    for service in file.services { ServiceGenerator(service).print(to: &printer) }
                })
        }
        return outputs
    }
}
