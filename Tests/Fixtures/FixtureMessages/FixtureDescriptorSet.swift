// SPDX-License-Identifier: Apache-2.0

internal import CFixtureMessages

/// The descriptors of the fixture messages, for libraries that learn types at run time.
public enum FixtureDescriptorSet {
    /// A serialized `google.protobuf.FileDescriptorSet`.
    public static let bytes: [UInt8] = {
        var count = 0
        let start = unsafe extref_fixture_descriptor_set(&count)
        return unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
    }()
}
