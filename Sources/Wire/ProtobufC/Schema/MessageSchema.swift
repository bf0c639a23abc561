// SPDX-License-Identifier: Apache-2.0

internal import CProtobufC

/// What the guard and the decoder know of a message type.
///
/// It is built once from protobuf-c's descriptor and the few facts that the descriptor lacks. Generated code
/// keeps it in a static property.
///
/// Proof of Sendable: both pointers lead to memory that is written before the schema is published, never
/// changed and never freed (constant data of the program, and one allocation for each message type).
@safe
public struct MessageSchema: @unchecked Sendable {
    let descriptor: UnsafePointer<ProtobufCMessageDescriptor>
    let table: UnsafePointer<RuleTable>

    /// A fact about a message field that the C descriptor lacks.
    public enum Child: Sendable {
        /// The field holds messages of this type.
        case message(MessageSchema)
        /// The field is a map; `texts` are the numbers of its string fields (1 the key, 2 the value).
        case entry(texts: [UInt32], value: MessageSchema? = nil)
    }

    /// Creates the schema of the message type that `initializer` initializes.
    ///
    /// - Parameters:
    ///   - initializer: protobuf-c's generated `…__init` function.
    ///   - texts: the numbers of the fields that are strings; to C all strings are bytes.
    ///   - children: the schema of every message field, by its number.
    @unsafe
    public init<CMessage>(
        initializer: (UnsafeMutablePointer<CMessage>?) -> Void,
        texts: [UInt32] = [],
        children: [UInt32: Child] = [:]
    ) {
        let sample = UnsafeMutablePointer<CMessage>.allocate(capacity: 1)
        unsafe initializer(sample)
        let base = unsafe UnsafeMutableRawPointer(sample).assumingMemoryBound(to: ProtobufCMessage.self)
        guard let descriptor = unsafe base.pointee.descriptor else {
            preconditionFailure("protobuf-c's init function of \(CMessage.self) sets no descriptor")
        }
        unsafe sample.deallocate()
        unsafe self.init(descriptor: descriptor, texts: texts, children: children)
    }

    init(
        descriptor: UnsafePointer<ProtobufCMessageDescriptor>, texts: [UInt32], children: [UInt32: Child]
    ) {
        unsafe self.descriptor = unsafe descriptor
        unsafe table = RuleTable.make(descriptor.pointee, texts: texts, children: children)
    }

    /// The full name of the message type, for instance `extref.v1.Link`.
    public var name: String {
        unsafe String(cString: descriptor.pointee.name)
    }
}
