// SPDX-License-Identifier: Apache-2.0

import SwiftProtobuf
import SwiftProtobufPluginLibrary

@testable import protoc_gen_extref

/// Small files as protoc would hand them to the plugin.
enum Sample {
    typealias File = Google_Protobuf_FileDescriptorProto
    typealias Message = Google_Protobuf_DescriptorProto
    typealias Field = Google_Protobuf_FieldDescriptorProto

    static func file(_ messages: [Message]) -> File {
        var file = File()
        file.name = "sample/v1/sample.proto"
        file.package = "sample.v1"
        file.syntax = "proto3"
        file.messageType = messages
        return file
    }

    static func message(_ name: String, _ fields: [Field]) -> Message {
        var message = Message()
        message.name = name
        message.field = fields
        return message
    }

    static func field(
        _ name: String, _ number: Int32, _ type: Field.TypeEnum, of typeName: String? = nil
    ) -> Field {
        var field = Field()
        field.name = name
        field.number = number
        field.type = type
        field.label = .optional
        field.jsonName = name
        if let typeName { field.typeName = typeName }
        return field
    }

    /// What the plugin answers to a request for the file.
    static func generate(_ file: File, _ parameter: String = "emit=messages") throws -> Response {
        var request = Request()
        request.fileToGenerate = [file.name]
        request.protoFile = [file]
        let parsed = try PluginParameter(parameter)
        return try SwiftJob(parameter: parsed, parts: .messages).answer(request)
    }
}
