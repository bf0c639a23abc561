// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftProtobuf

/// Rewrites file descriptors into what protobuf-c can take, without changing a byte on the wire.
enum RequestAdapter {
    /// `[(pb_c_field).string_as_bytes = true]`: extension 1019 of FieldOptions, holding field 1 = true.
    private static let stringAsBytesOption: [UInt8] = [0xDA, 0x3F, 0x02, 0x08, 0x01]

    static func adapt(
        _ file: Google_Protobuf_FileDescriptorProto
    ) throws -> Google_Protobuf_FileDescriptorProto {
        var file = file
        file.messageType = try file.messageType.map(adapt)
        return file
    }

    private static func adapt(
        _ message: Google_Protobuf_DescriptorProto
    ) throws -> Google_Protobuf_DescriptorProto {
        var message = message
        message.field = try message.field.map(adapt)
        message.nestedType = try message.nestedType.map(adapt)
        return message
    }

    private static func adapt(
        _ field: Google_Protobuf_FieldDescriptorProto
    ) throws -> Google_Protobuf_FieldDescriptorProto {
        var field = field
        field.clearProto3Optional()
        if field.type == .string {
            try field.options.merge(serializedBytes: stringAsBytesOption)
        }
        return field
    }
}
