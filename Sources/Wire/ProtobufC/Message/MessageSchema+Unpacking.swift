// SPDX-License-Identifier: Apache-2.0

internal import CProtobufC

extension MessageSchema {
    /// Checks that `bytes` would decode, without decoding them.
    ///
    /// - Throws: `DecodeError`, naming the faulty field.
    public func validate(_ bytes: Span<UInt8>, limits: DecodeLimits = DecodeLimits()) throws(DecodeError) {
        try unsafe bytes.withUnsafeBufferPointer { buffer throws(DecodeError) in
            _ = try unsafe validate(UnsafeRawBufferPointer(buffer), limits: limits)
        }
    }

    /// Checks `bytes` and answers the arena bytes that unpacking them may take.
    ///
    /// - Throws: `DecodeError`, naming the faulty field.
    @unsafe
    func validate(_ bytes: UnsafeRawBufferPointer, limits: DecodeLimits) throws(DecodeError) -> Int {
        var checker = unsafe DecodeGuard(limits: limits, payloadBytes: bytes.count)
        // An empty buffer has no address; any non-null pointer serves, for none of its bytes is read.
        let start =
            unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
            ?? UnsafeRawPointer(table).assumingMemoryBound(to: UInt8.self)
        let fault = unsafe checker.check(start, count: bytes.count, table, depthLeft: limits.depthMax)
        guard fault == .none else {
            let path = unsafe checker.faultPosition.map { position in
                unsafe FieldPath.text(to: position, in: start, count: bytes.count, table)
            }
            throw DecodeError(code: fault.code, fieldPath: path ?? "", message: fault.message(limits: limits))
        }
        return unsafe checker.memoryBytes
    }

    /// Lends the unpacked C struct of `bytes` to `body`.
    ///
    /// For generated code. The pointer, and all that the struct points to, ends with the call.
    /// - Throws: `DecodeError` when the guard refuses the bytes, naming the faulty field.
    @unsafe
    public func withUnpacked<Result>(
        _ bytes: UnsafeRawBufferPointer, limits: DecodeLimits, _ body: (UnsafeRawPointer) -> Result
    ) throws(DecodeError) -> Result {
        let arena = Arena(expectedBytes: try unsafe validate(bytes, limits: limits))
        return unsafe body(try unpack(bytes, in: arena))
    }

    /// Lends the unpacked C struct of `bytes` to `body` in a form that cannot leave the call.
    ///
    /// For generated code.
    /// - Throws: `DecodeError` when the guard refuses the bytes, naming the faulty field.
    public func withBorrowed<Result>(
        _ bytes: Span<UInt8>, limits: DecodeLimits, _ body: (BorrowedStruct) -> Result
    ) throws(DecodeError) -> Result {
        try unsafe bytes.withUnsafeBufferPointer { elements throws(DecodeError) in
            let buffer = UnsafeRawBufferPointer(elements)
            let arena = Arena(expectedBytes: try unsafe validate(buffer, limits: limits))
            return unsafe body(BorrowedStruct(try unpack(buffer, in: arena), in: arena))
        }
    }

    private func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: borrowing Arena
    ) throws(DecodeError) -> UnsafeRawPointer {
        let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        let message = unsafe protobuf_c_message_unpack(
            descriptor, arena.protobufAllocator, bytes.count, start)
        guard let message = unsafe message else {
            throw DecodeError(code: .outOfMemory, message: "no memory to unpack the message")
        }
        return UnsafeRawPointer(message)
    }
}
