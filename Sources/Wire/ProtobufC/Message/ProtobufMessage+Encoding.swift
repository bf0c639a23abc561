// SPDX-License-Identifier: Apache-2.0

extension ProtobufMessage {
    /// Lends the message in a form that knows its size and packs itself into memory of the caller's.
    ///
    /// The C struct is built once; fields are written by rising number, defaults left out, map entries by
    /// rising key. The same value always gives the same bytes.
    public func withEncoding<Result, Failure: Error>(
        _ body: (borrowing EncodedMessage) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let arena = Arena()
        let encoded = unsafe EncodedMessage(makeStruct(in: arena))
        return try body(encoded)
    }

    /// The encoded message.
    public func encode() -> [UInt8] {
        withEncoding { encoded in
            unsafe [UInt8](unsafeUninitializedCapacity: encoded.byteCount) { buffer, count in
                count = unsafe encoded.pack(into: UnsafeMutableRawBufferPointer(buffer))
            }
        }
    }

    /// The bytes that the message takes when encoded. Costs nearly as much as encoding.
    public var encodedSize: Int {
        withEncoding { $0.byteCount }
    }
}
