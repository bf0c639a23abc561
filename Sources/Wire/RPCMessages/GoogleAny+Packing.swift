// SPDX-License-Identifier: Apache-2.0

public import ProtobufC

extension GoogleAny {
    /// What every type URL made here begins with, as gRPC's own libraries do it.
    private static let typeURLPrefix = "type.googleapis.com/"

    /// Packs a message with its type.
    public init(packing message: some ProtobufMessage) {
        self.init(typeURL: Self.typeURLPrefix + type(of: message).protoName, value: message.encode())
    }

    /// The full name of the packed message's type: what follows the last slash of the type URL.
    public var messageName: Substring {
        typeURL.lastIndex(of: "/").map { typeURL[typeURL.index(after: $0)...] } ?? typeURL[...]
    }

    /// Answers the packed message, or nil when it is one of another type.
    ///
    /// - Throws: `DecodeError` when the type is right and the bytes are not.
    public func unpack<Message: ProtobufMessage>(
        as type: Message.Type, limits: DecodeLimits = DecodeLimits()
    ) throws(DecodeError) -> Message? {
        guard messageName == Message.protoName else { return nil }
        return try Message.decode(value, limits: limits)
    }
}
