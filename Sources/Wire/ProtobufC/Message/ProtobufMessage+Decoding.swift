// SPDX-License-Identifier: Apache-2.0

extension ProtobufMessage {
    /// Reads a message.
    ///
    /// - Parameter bytes: the encoded message; they are not kept.
    /// - Throws: `DecodeError` when the guard refuses the bytes, naming the faulty field.
    @unsafe
    public static func decode(
        _ bytes: UnsafeRawBufferPointer, limits: DecodeLimits = DecodeLimits()
    ) throws(DecodeError) -> Self {
        try unsafe schema.withUnpacked(bytes, limits: limits) { unsafe Self(unpacked: $0) }
    }

    /// Reads a message.
    ///
    /// - Parameter bytes: the encoded message; they are not kept.
    /// - Throws: `DecodeError` when the guard refuses the bytes, naming the faulty field.
    public static func decode(
        _ bytes: [UInt8], limits: DecodeLimits = DecodeLimits()
    ) throws(DecodeError) -> Self {
        try decode(bytes.span, limits: limits)
    }

    /// Reads a message from borrowed bytes.
    ///
    /// - Throws: `DecodeError` when the guard refuses the bytes, naming the faulty field.
    public static func decode(
        _ bytes: Span<UInt8>, limits: DecodeLimits = DecodeLimits()
    ) throws(DecodeError) -> Self {
        try unsafe bytes.withUnsafeBufferPointer { buffer throws(DecodeError) in
            try unsafe decode(UnsafeRawBufferPointer(buffer), limits: limits)
        }
    }
}
