// SPDX-License-Identifier: Apache-2.0

/// The ten bytes before each frame's body: length, stream, type and flags, numbers big-endian.
public struct FrameHeader: Sendable, Hashable {
    /// What a frame carries. The set is open: frames of unknown type are read past.
    public struct Kind: RawRepresentable, Sendable, Hashable {
        /// The number on the wire.
        public let rawValue: UInt8

        /// Creates the kind with a number, known or not.
        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// Starts a call; its body is a `ttrpc.Request`.
        public static let request = Kind(rawValue: 1)
        /// Ends a call; its body is a `ttrpc.Response`.
        public static let response = Kind(rawValue: 2)
        /// A message of a stream; never right on a unary call.
        public static let data = Kind(rawValue: 3)
    }

    /// Bytes of the body.
    public var bodyBytes: Int
    /// The call's number, odd and chosen by the client.
    public var streamID: UInt32
    /// What the body is.
    public var kind: Kind
    /// Advice to the receiver; the method decides, so nothing here reads them.
    public var flags: UInt8

    /// Creates a header.
    ///
    /// - Precondition: `bodyBytes` is at most `TTRPCLimits.frameBytesMax`.
    public init(bodyBytes: Int, streamID: UInt32, kind: Kind, flags: UInt8 = 0) {
        precondition(
            bodyBytes >= 0 && bodyBytes <= TTRPCLimits.frameBytesMax, "a frame of \(bodyBytes) bytes")
        self.bodyBytes = bodyBytes
        self.streamID = streamID
        self.kind = kind
        self.flags = flags
    }

    /// Reads a header.
    ///
    /// - Precondition: `bytes` holds `TTRPCLimits.headerBytes` bytes from `offset` on.
    init(_ bytes: Span<UInt8>, at offset: Int) {
        bodyBytes = Int(Self.number(bytes, at: offset))
        streamID = Self.number(bytes, at: offset + 4)
        kind = Kind(rawValue: bytes[offset + 8])
        flags = bytes[offset + 9]
    }

    /// Appends the header to `output`.
    public func append(to output: inout [UInt8]) {
        Self.append(UInt32(bodyBytes), to: &output)
        Self.append(streamID, to: &output)
        output.append(kind.rawValue)
        output.append(flags)
    }

    /// Whether a client may have chosen the stream's id.
    var isClientStream: Bool { streamID & 1 == 1 }

    private static func number(_ bytes: Span<UInt8>, at offset: Int) -> UInt32 {
        var number: UInt32 = 0
        for index in offset..<offset + 4 { number = number << 8 | UInt32(bytes[index]) }
        return number
    }

    private static func append(_ number: UInt32, to output: inout [UInt8]) {
        output.append(UInt8(truncatingIfNeeded: number >> 24))
        output.append(UInt8(truncatingIfNeeded: number >> 16))
        output.append(UInt8(truncatingIfNeeded: number >> 8))
        output.append(UInt8(truncatingIfNeeded: number))
    }
}
