// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftProtobuf
import SwiftProtobufPluginLibrary

typealias Request = Google_Protobuf_Compiler_CodeGeneratorRequest
typealias Response = Google_Protobuf_Compiler_CodeGeneratorResponse

/// The protoc plugin of ExtRef.
///
/// protoc writes a request to standard input and reads a response from standard output. The plugin does
/// one of several jobs, chosen by the parameter `emit`: see `PluginParameter`.
@main
enum Plugin {
    static func main() {
        do {
            let input = FileHandle.standardInput.readDataToEndOfFile()
            let request = try Request(serializedBytes: input)
            FileHandle.standardOutput.write(try answer(request).serializedData())
        } catch {
            FileHandle.standardError.write(Data("protoc-gen-extref: \(error)\n".utf8))
            exit(1)
        }
    }

    /// Runs the job that `request` names. A fault of the .proto files becomes an error in the response, as
    /// protoc wishes it; a fault of the plugin's surroundings is thrown.
    private static func answer(_ request: Request) throws -> Response {
        var response: Response
        do {
            let parameter = try PluginParameter(request.parameter)
            switch parameter.emit {
            case .c:
                response = try CShim(descriptorFunction: parameter.descriptorFunction).answer(request)
            case .swift(let parts):
                response = try SwiftJob(parameter: parameter, parts: parts).answer(request)
            }
        } catch let fault as GeneratorFault {
            response = Response()
            response.error = fault.description
        }
        response.supportedFeatures = UInt64(Response.Feature.proto3Optional.rawValue)
        return response
    }
}
