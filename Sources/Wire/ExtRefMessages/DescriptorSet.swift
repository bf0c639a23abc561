// SPDX-License-Identifier: Apache-2.0

internal import CMessages

/// The descriptors of every .proto file that this server speaks, imports included, as protoc made them.
///
/// `extref.v1.MetaService/GetDescriptors` answers them, so that clients can do without the .proto files.
public enum DescriptorSet {
    /// A serialized `google.protobuf.FileDescriptorSet`, without comments.
    public static let bytes: [UInt8] = {
        var count = 0
        let start = unsafe extref_descriptor_set(&count)
        return unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
    }()
}
