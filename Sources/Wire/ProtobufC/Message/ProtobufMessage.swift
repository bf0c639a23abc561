// SPDX-License-Identifier: Apache-2.0

/// A generated message: a plain value that can be read from and written to protobuf's binary form.
///
/// Generated code conforms; the three requirements that deal with C structs are for this module only.
public protocol ProtobufMessage: Sendable, Hashable {
    /// Creates a message with all fields at their defaults.
    init()

    /// The full name in the .proto file, for instance `extref.v1.CreateLinkRequest`.
    static var protoName: String { get }

    /// What guard and decoder know of the type.
    static var schema: MessageSchema { get }

    /// Creates the value of an unpacked C struct, copying all it needs.
    ///
    /// - Parameter raw: points to the C struct of this very message type.
    @unsafe init(unpacked raw: UnsafeRawPointer)

    /// Builds the C struct of the value, and of all messages in it, in `arena`.
    @unsafe func makeStruct(in arena: borrowing Arena) -> UnsafeMutableRawPointer
}
