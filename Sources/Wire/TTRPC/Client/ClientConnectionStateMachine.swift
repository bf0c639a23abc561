// SPDX-License-Identifier: Apache-2.0

public import RPC

/// The client's side of one ttrpc connection: ids, frames and who waits for what, without a socket.
///
/// Ids are odd, rise by two and never wrap round: stock servers refuse all calls after that. When they run
/// out the machine takes no more calls and closes once the last answer has come.
public struct ClientConnectionStateMachine: ~Copyable {
    /// What the shell is to do.
    public enum Command: Sendable {
        /// Hand a call its end.
        case finish(UInt32, CallEnd)
        /// Close the connection.
        case close
    }

    /// How a call ended.
    public enum CallEnd: Sendable {
        /// The server answered.
        case answered(Result<[UInt8], RPCError>)
        /// The connection broke after the call was sent; it may have been done.
        case lost
    }

    /// Why a call was not taken. In each case nothing was sent.
    public enum Refusal: Error, Sendable, Hashable {
        /// The connection takes no more calls; another one would.
        case retired
        /// The request is larger than a frame may be.
        case requestTooLarge
    }

    private enum Phase {
        case open
        case retired
        case closed
    }

    private var phase = Phase.open
    private var parser = FrameParser(wanting: .response, bodyBytesMax: TTRPCLimits.frameBytesMax)
    private var waiting: Set<UInt32> = []
    private var nextStreamID: UInt32
    private var commands: [Command] = []

    /// Frames to send, in order. The shell takes them with `outputTaken()`.
    public private(set) var output: [UInt8] = []

    /// Creates the machine of a new connection.
    public init() {
        self.init(firstStreamID: 1)
    }

    /// Creates a machine that has made calls before.
    init(firstStreamID: UInt32) {
        precondition(firstStreamID & 1 == 1, "a client's stream ids are odd")
        nextStreamID = firstStreamID
    }

    /// Calls that wait for an answer.
    public var waitingCount: Int { waiting.count }

    /// Whether the connection takes calls.
    public var isOpen: Bool { phase == .open }

    // MARK: Facts

    /// A call is wanted; its frame goes to `output`.
    ///
    /// - Returns: the stream on which the answer will come.
    public mutating func callRequested(_ call: OutgoingCall) throws(Refusal) -> UInt32 {
        guard phase == .open else { throw .retired }
        let streamID = nextStreamID
        guard Envelope.append(call, streamID: streamID, to: &output) else { throw .requestTooLarge }
        waiting.insert(streamID)
        if streamID == TTRPCLimits.streamIDMax {
            phase = .retired
        } else {
            nextStreamID += 2
        }
        return streamID
    }

    /// Nobody waits for a call any more. The server is not told, because the protocol has no words for it.
    public mutating func callAbandoned(_ streamID: UInt32) {
        waiting.remove(streamID)
        closeIfRetired()
    }

    /// Bytes came. All frames in them are handled.
    public mutating func bytesReceived(_ bytes: Span<UInt8>) {
        var offset = 0
        while phase != .closed, let step = parser.next(bytes, from: &offset) {
            handle(step, bytes)
        }
    }

    /// The user wants no more calls here; those that wait are let finish.
    public mutating func retireRequested() {
        guard phase == .open else { return }
        phase = .retired
        closeIfRetired()
    }

    /// The connection is gone, or its peer will send nothing more.
    public mutating func connectionLost() {
        guard phase != .closed else { return }
        phase = .closed
        for streamID in waiting.sorted() { commands.append(.finish(streamID, .lost)) }
        waiting.removeAll()
        commands.append(.close)
    }

    // MARK: Answers to the shell

    /// All that is to be done now, in order.
    public mutating func takeCommands() -> [Command] {
        let taken = commands
        commands = []
        return taken
    }

    /// The shell has taken all of `output`.
    public mutating func outputTaken() {
        output.removeAll(keepingCapacity: output.capacity <= TTRPCLimits.idleBufferBytesMax)
    }

    // MARK: Inside

    private mutating func handle(_ step: FrameParser.Step, _ bytes: Span<UInt8>) {
        switch step {
        case .frame(let header, .input(let range)):
            answered(header.streamID, bytes.extracting(range))
        case .frame(let header, .gathered):
            let body = parser.takeGathered()
            answered(header.streamID, body.span)
            parser.reuse(body)
        case .oversized(let header) where header.kind == .response:
            finish(header.streamID, .failure(.responseOversized))
        case .otherKind(let header) where header.kind == .data,
            .oversized(let header) where header.kind == .data:
            finish(header.streamID, .failure(.responseStreamed))
        case .otherKind, .oversized:
            break
        case .lostSync:
            connectionLost()
        }
    }

    private mutating func answered(_ streamID: UInt32, _ body: Span<UInt8>) {
        guard waiting.contains(streamID) else { return }
        finish(streamID, Envelope.open(response: body))
    }

    private mutating func finish(_ streamID: UInt32, _ outcome: Result<[UInt8], RPCError>) {
        guard waiting.remove(streamID) != nil else { return }
        commands.append(.finish(streamID, .answered(outcome)))
        closeIfRetired()
    }

    private mutating func closeIfRetired() {
        guard phase == .retired, waiting.isEmpty else { return }
        phase = .closed
        commands.append(.close)
    }
}

extension RPCError {
    fileprivate static let responseOversized = RPCError(
        .resourceExhausted, "the response is larger than a frame may be")
    fileprivate static let responseStreamed = RPCError(
        .internalError, "the server answered a unary call with a stream")
}
