// SPDX-License-Identifier: Apache-2.0

internal import CProtobufC

/// A message ready to be written: its C struct stands in an arena, and its size is known.
///
/// It exists only inside `ProtobufMessage.withEncoding`.
@safe
public struct EncodedMessage: ~Copyable {
    private let message: UnsafePointer<ProtobufCMessage>

    /// The bytes that `pack(into:)` writes.
    public let byteCount: Int

    init(_ raw: UnsafeMutableRawPointer) {
        unsafe message = UnsafePointer(raw.assumingMemoryBound(to: ProtobufCMessage.self))
        unsafe byteCount = protobuf_c_message_get_packed_size(message)
    }

    /// Appends the message to `bytes`.
    public func append(to bytes: inout [UInt8]) {
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: byteCount))
        unsafe bytes.withUnsafeMutableBytes { buffer in
            _ = unsafe pack(into: UnsafeMutableRawBufferPointer(rebasing: buffer[start...]))
        }
    }

    /// Writes the message to the start of `buffer`.
    ///
    /// - Precondition: `buffer` holds `byteCount` bytes or more.
    /// - Returns: the bytes written, which are `byteCount`.
    @discardableResult
    public func pack(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        precondition(buffer.count >= byteCount, "the buffer is smaller than the message")
        guard let start = buffer.baseAddress else { return 0 }
        return unsafe protobuf_c_message_pack(message, start.assumingMemoryBound(to: UInt8.self))
    }
}
