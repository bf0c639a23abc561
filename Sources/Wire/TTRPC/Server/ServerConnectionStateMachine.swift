// SPDX-License-Identifier: Apache-2.0

public import ProtobufC
public import RPC

/// The server's side of one ttrpc connection: every rule of the protocol, and no socket, clock or task.
///
/// The shell reports facts; then it carries out `nextCommand()` until nil, sends what is in `output`, and
/// wakes the machine with `timePassed` at `wakeTime`.
///
/// ```
/// open ──drainStarted──▶ draining ──drainNoticePassed──▶ leaving ──no call waits──▶ closed
///   │                       │                               │
///   └───────inputClosed─────┴───────────────────────────────┴─▶ finishing ──no call waits──▶ closed
/// any ──a fault that cannot be answered, connectionLost──▶ closed
/// ```
/// Invariants:
///  - Every stream gets exactly one answer, or the connection closes.
///  - Every started call is reported by `callFinished` exactly once; its slot is taken until then.
///  - After `close` nothing is sent and nothing started.
public struct ServerConnectionStateMachine: ~Copyable {
    enum Phase {
        case open
        case draining
        case leaving
        case finishing
        case closed
    }

    let settings: ServerConnectionSettings
    let table: MethodTable
    var phase = Phase.open
    var parser: FrameParser
    var calls = CallBook()
    var timing: ConnectionTiming
    var faults = 0

    /// Frames to send, in order. The shell takes them with `outputTaken()`.
    public internal(set) var output: [UInt8] = []
    private var commands: [ServerConnectionCommand?] = []
    private var commandsDone = 0

    /// Creates the machine of a connection that was accepted at `now`.
    public init(
        table: MethodTable, settings: ServerConnectionSettings = ServerConnectionSettings(),
        now: ContinuousClock.Instant
    ) {
        self.table = table
        self.settings = settings
        parser = FrameParser(wanting: .request, bodyBytesMax: settings.requestBytesMax)
        timing = ConnectionTiming(settings, now: now)
    }

    // MARK: Facts

    /// Bytes came. All frames in them are handled.
    public mutating func bytesReceived(_ bytes: Span<UInt8>, now: ContinuousClock.Instant) {
        var offset = 0
        let completedBefore = parser.completedCount
        while phase != .closed, let step = parser.next(bytes, from: &offset) {
            handle(step, bytes, now: now)
        }
        timing.received(
            isInsideFrame: parser.isInsideFrame, isFrameNew: parser.completedCount != completedBefore,
            now: now)
    }

    /// A handler has ended. Its answer goes out unless the call was answered before.
    public mutating func callFinished(_ token: CallToken, _ outcome: Result<any ProtobufMessage, RPCError>) {
        guard let streamID = calls.finish(token), phase != .closed else { return }
        send(outcome, on: streamID)
        closeIfDone()
    }

    /// The peer will send nothing more. Calls in flight are answered first.
    public mutating func inputClosed() {
        guard phase != .closed else { return }
        phase = .finishing
        closeIfDone()
    }

    /// The connection is gone; nothing can be sent.
    public mutating func connectionLost() {
        close(.connectionLost)
    }

    /// The server is going away. New calls are refused with UNAVAILABLE; those in flight go on.
    public mutating func drainStarted() {
        guard phase == .open else { return }
        phase = .draining
    }

    /// Clients have had time to notice the drain. The connection closes as soon as no call waits.
    public mutating func drainNoticePassed() {
        guard phase == .draining || phase == .open else { return }
        phase = .leaving
        closeIfDone()
    }

    /// `wakeTime` has come, or it may have.
    public mutating func timePassed(now: ContinuousClock.Instant) {
        guard phase != .closed else { return }
        for streamID in calls.overdue(at: now) {
            guard let token = calls.answer(streamID) else { continue }
            send(.failure(.deadlineExceeded), on: streamID)
            command(.cancelCall(token))
        }
        if timing.isFrameOverdue(at: now) { return close(.frameTooSlow) }
        if calls.runningCount == 0, timing.isIdleOverdue(at: now) { return close(.idle) }
        closeIfDone()
        timing.recompute(earliestDeadline: calls.earliestDeadline, isIdle: calls.runningCount == 0, now: now)
    }

    // MARK: Answers to the shell

    /// When to call `timePassed`. It is never too late, and sometimes too early.
    public var wakeTime: ContinuousClock.Instant? { timing.wakeTime }

    /// Whether the bytes so far end inside a frame, so that the peer may be waiting for an acknowledgement.
    public var isInsideFrame: Bool { parser.isInsideFrame }

    /// Handlers that run, those included whose call has been answered.
    public var runningCount: Int { calls.runningCount }

    /// Whether the machine has asked for the connection to be closed.
    public var isClosed: Bool { phase == .closed }

    /// The next thing to do, or nil when there is nothing more.
    public mutating func nextCommand() -> ServerConnectionCommand? {
        guard commandsDone < commands.count else {
            commands.removeAll(keepingCapacity: true)
            commandsDone = 0
            return nil
        }
        commandsDone += 1
        return commands[commandsDone - 1].take()
    }

    /// The shell has taken all of `output`.
    public mutating func outputTaken() {
        output.removeAll(keepingCapacity: output.capacity <= TTRPCLimits.idleBufferBytesMax)
    }

    // MARK: Inside

    mutating func command(_ command: ServerConnectionCommand) {
        commands.append(command)
    }

    mutating func send(_ outcome: Result<any ProtobufMessage, RPCError>, on streamID: UInt32) {
        Envelope.append(
            outcome, streamID: streamID, bodyBytesMax: settings.responseBytesMax, to: &output)
    }

    mutating func close(_ reason: CloseReason) {
        guard phase != .closed else { return }
        phase = .closed
        for token in calls.answerAll() { command(.cancelCall(token)) }
        command(.close(reason))
    }

    private mutating func closeIfDone() {
        guard calls.waitingCount == 0 else { return }
        switch phase {
        case .finishing: close(.peerClosed)
        case .leaving: close(.drained)
        case .open, .draining, .closed: break
        }
    }
}
