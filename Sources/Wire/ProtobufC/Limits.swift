// SPDX-License-Identifier: Apache-2.0

/// How much one encoded message may cost its reader.
///
/// The guard checks these bounds on the bytes, before any memory is taken. The defaults fit a frame of 4 MiB.
public struct DecodeLimits: Sendable, Hashable {
    /// Levels of messages inside messages; the outermost message is level 1.
    public var depthMax = 16

    /// Fields in the whole message, those of nested messages included; packed elements count as memory.
    public var fieldsMax = 65_536

    /// Fields that the schema does not know, in the whole message. They are read past and dropped.
    public var unknownFieldsMax = 64

    /// Bytes that the decoded C structs may take, whatever the payload.
    public var memoryBytesMax = 16 << 20

    /// Bytes that the decoded C structs may take for each byte of payload.
    public var memoryBytesPerPayloadByte = 16

    /// Bytes that even the smallest payload may use: a list of 1,000 nearly empty messages takes more than 16
    /// times its size, and is no attack.
    public var memoryBytesMin = 1 << 20

    /// Creates the default limits.
    public init() {}

    /// The bytes of C structs that a payload of `payloadBytes` bytes may become.
    public func memoryBudget(payloadBytes: Int) -> Int {
        let (product, overflow) = payloadBytes.multipliedReportingOverflow(by: memoryBytesPerPayloadByte)
        return min(max(memoryBytesMin, overflow ? .max : product), memoryBytesMax)
    }
}

/// Sizes of the arena that C structs live in.
enum ArenaLimits {
    /// Bytes of an arena's first block; a small call needs no more and so no malloc.
    static let firstBlockBytes = 4096
    /// Every allocation is aligned to this many bytes.
    static let alignment = 16
    /// Arenas that a thread keeps for reuse.
    static let idlePerThreadMax = 8
}

/// Bounds of a message type, checked when its schema is built.
enum SchemaLimits {
    /// The highest field number; rules lie in an array indexed by number.
    static let fieldNumberMax = 1023
    /// Singular message fields of one type; each has a bit in a word that says whether it was seen.
    static let singularMessagesMax = 64
    /// Fields of one type; up to here protobuf-c needs no memory to tick off required fields.
    static let fieldsMax = 128
}
