// SPDX-License-Identifier: Apache-2.0

private import ProtobufC

/// Cuts a stream of bytes into frames, however the bytes are divided among reads.
///
/// A frame that lies whole in one read is not copied. One that does not is gathered in one buffer, which
/// grows with the bytes that have come, never with the length that a header promises. Bodies that nobody
/// wants are counted past.
public struct FrameParser {
    /// What the parser found.
    public enum Step: Sendable, Hashable {
        /// A whole frame of the kind that is wanted; its body is at the place.
        case frame(FrameHeader, Place)
        /// A frame of another kind. It is told when its header has come; its body is read past.
        case otherKind(FrameHeader)
        /// A frame whose body is larger than allowed. It is told when its header has come; its body is read
        /// past.
        case oversized(FrameHeader)
        /// The bytes are no frames: the first byte of a header was not 0. Nothing after this has a meaning.
        case lostSync
    }

    /// Where a body lies.
    public enum Place: Sendable, Hashable {
        /// In the bytes that were given to `next`.
        case input(Range<Int>)
        /// In the parser; `takeGathered()` yields it.
        case gathered
    }

    private enum State {
        case header
        case body(FrameHeader)
        case skipping(Int)
    }

    private let kind: FrameHeader.Kind
    private let bodyBytesMax: Int
    private var state = State.header
    /// Bytes of an unfinished header or body.
    private var gathered: [UInt8] = []

    /// Creates a parser.
    ///
    /// - Parameters:
    ///   - kind: the frames whose bodies are wanted.
    ///   - bodyBytesMax: the largest body that is wanted.
    public init(wanting kind: FrameHeader.Kind, bodyBytesMax: Int) {
        self.kind = kind
        self.bodyBytesMax = bodyBytesMax
    }

    /// Whether the bytes so far end inside a frame.
    public var isInsideFrame: Bool {
        if case .header = state { return !gathered.isEmpty }
        return true
    }

    /// Frames that have come whole, those read past included.
    public private(set) var completedCount: UInt64 = 0

    /// Bytes that the parser holds.
    public var gatheredBytes: Int { gathered.count }

    /// Finds the next frame.
    ///
    /// - Parameters:
    ///   - bytes: one read.
    ///   - offset: where to go on in it; it is moved on. After nil it is at the end.
    /// - Returns: what was found, or nil when more bytes are needed.
    public mutating func next(_ bytes: Span<UInt8>, from offset: inout Int) -> Step? {
        while true {
            switch state {
            case .skipping(let count):
                let skipped = min(count, bytes.count - offset)
                offset += skipped
                guard skipped == count else {
                    state = .skipping(count - skipped)
                    return nil
                }
                state = .header
                completedCount += 1
            case .body(let header):
                gather(bytes, from: &offset, upTo: header.bodyBytes)
                guard gathered.count == header.bodyBytes else { return nil }
                state = .header
                completedCount += 1
                return .frame(header, .gathered)
            case .header:
                if offset < bytes.count, gathered.isEmpty, bytes[offset] != 0 { return .lostSync }
                guard let header = readHeader(bytes, from: &offset) else { return nil }
                if let step = begin(header, bytes, from: &offset) { return step }
            }
        }
    }

    /// Yields a gathered body. Give its memory back with `reuse(_:)`.
    public mutating func takeGathered() -> [UInt8] {
        let body = gathered
        gathered = []
        return body
    }

    /// Takes back the memory of a body that has been read.
    public mutating func reuse(_ buffer: consuming [UInt8]) {
        guard buffer.capacity <= TTRPCLimits.idleBufferBytesMax else { return }
        buffer.removeAll(keepingCapacity: true)
        gathered = buffer
    }

    private mutating func readHeader(_ bytes: Span<UInt8>, from offset: inout Int) -> FrameHeader? {
        if gathered.isEmpty, bytes.count - offset >= TTRPCLimits.headerBytes {
            defer { offset += TTRPCLimits.headerBytes }
            return FrameHeader(bytes, at: offset)
        }
        gather(bytes, from: &offset, upTo: TTRPCLimits.headerBytes)
        guard gathered.count == TTRPCLimits.headerBytes else { return nil }
        defer { gathered.removeAll(keepingCapacity: true) }
        return FrameHeader(gathered.span, at: 0)
    }

    /// Decides what becomes of a frame whose header has come.
    private mutating func begin(
        _ header: FrameHeader, _ bytes: Span<UInt8>, from offset: inout Int
    ) -> Step? {
        guard header.kind == kind, header.bodyBytes <= bodyBytesMax else {
            state = .skipping(header.bodyBytes)
            return header.bodyBytes > bodyBytesMax ? .oversized(header) : .otherKind(header)
        }
        guard bytes.count - offset >= header.bodyBytes else {
            state = .body(header)
            return nil
        }
        completedCount += 1
        defer { offset += header.bodyBytes }
        return .frame(header, .input(offset..<offset + header.bodyBytes))
    }

    private mutating func gather(_ bytes: Span<UInt8>, from offset: inout Int, upTo count: Int) {
        let taken = min(count - gathered.count, bytes.count - offset)
        gathered += [UInt8](copying: bytes.extracting(offset..<offset + taken))
        offset += taken
    }
}
