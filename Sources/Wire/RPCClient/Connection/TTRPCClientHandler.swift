// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import RPC
internal import TTRPC

/// Carries out what a client connection's machine says, and keeps who waits for what.
///
/// Everything here happens on the connection's event loop. Frames of one turn of the loop leave in one write.
final class TTRPCClientHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let eventLoop: any EventLoop
    private let configuration: ClientConfiguration
    private var machine = ClientConnectionStateMachine()
    private var context: ChannelHandlerContext?
    private var waiting: [UInt32: PendingCall] = [:]
    private var queue = CircularBuffer<PendingCall>()
    private var buffer = ByteBuffer()
    private var isFlushComing = false
    private var timer: Scheduled<Void>?
    private var timerTime: ContinuousClock.Instant?
    private let retired: EventLoopPromise<Void>
    private let closed: EventLoopPromise<Void>

    init(_ eventLoop: any EventLoop, _ configuration: ClientConfiguration) {
        self.eventLoop = eventLoop
        self.configuration = configuration
        retired = eventLoop.makePromise()
        closed = eventLoop.makePromise()
    }

    /// Kept when the connection takes no more calls.
    var whenRetired: EventLoopFuture<Void> { retired.futureResult }
    /// Kept when the connection is gone.
    var whenClosed: EventLoopFuture<Void> { closed.futureResult }

    // MARK: Facts from callers

    /// Sends a call, or keeps it until a place is free.
    func start(_ call: PendingCall) {
        guard !call.ticket.isCancelled else { return call.finish(.failure(.abandoned(.cancelled))) }
        guard context != nil, machine.isOpen else { return call.finish(.failure(.connectionRetired)) }
        if machine.waitingCount < configuration.inFlightMax, queue.isEmpty { return send(call) }
        guard queue.count < configuration.queuedMax else { return call.finish(.failure(.queueFull)) }
        queue.append(call)
        armTimer(call.attempt.deadline)
    }

    /// Gives up a call.
    func cancel(_ ticket: CallTicket) {
        end(where: { $0.ticket === ticket }, .abandoned(.cancelled))
    }

    /// Takes no more calls; the connection closes when the last one has its answer.
    func retire() {
        for call in queue { call.finish(.failure(.connectionRetired)) }
        queue.removeAll()
        machine.retireRequested()
        carryOut()
    }

    // MARK: Facts from the channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        timer?.cancel()
        lose()
        retired.succeed()
        closed.succeed()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        machine.bytesReceived(bytes.readableBytesUInt8Span)
        carryOut()
    }

    func channelInactive(context: ChannelHandlerContext) {
        lose()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        lose()
    }

    // MARK: Inside

    private func send(_ call: PendingCall) {
        let now = ContinuousClock.now
        guard call.attempt.deadline > now else { return call.finish(.failure(.abandoned(.deadlineExceeded))) }
        do {
            waiting[try machine.callRequested(call.attempt.outgoing(at: now))] = call
            armTimer(call.attempt.deadline)
            requestFlush()
        } catch {
            call.finish(.failure(error == .retired ? .connectionRetired : .requestTooLarge))
        }
        if !machine.isOpen { retired.succeed() }
    }

    private func carryOut() {
        for command in machine.takeCommands() {
            switch command {
            case .finish(let streamID, .answered(let outcome)):
                waiting.removeValue(forKey: streamID)?.finish(outcome.mapError(AttemptFailure.answered))
            case .finish(let streamID, .lost):
                waiting.removeValue(forKey: streamID)?.finish(.failure(.lost))
            case .close:
                retired.succeed()
                context?.close(promise: nil)
            }
        }
        while machine.isOpen, machine.waitingCount < configuration.inFlightMax, let call = queue.popFirst() {
            send(call)
        }
        if !machine.isOpen { retired.succeed() }
    }

    private func lose() {
        for call in queue { call.finish(.failure(.connectionRetired)) }
        queue.removeAll()
        machine.connectionLost()
        carryOut()
    }

    /// Ends all calls that match.
    private func end(where matches: (PendingCall) -> Bool, _ failure: AttemptFailure) {
        for (streamID, call) in waiting where matches(call) {
            waiting[streamID] = nil
            machine.callAbandoned(streamID)
            call.finish(.failure(failure))
        }
        for call in queue where matches(call) { call.finish(.failure(failure)) }
        queue.removeAll(where: matches)
        carryOut()
    }

    // MARK: Output

    private func requestFlush() {
        guard !isFlushComing else { return }
        isFlushComing = true
        let handler = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.execute { handler.value.flush() }
    }

    private func flush() {
        isFlushComing = false
        guard let context, !machine.output.isEmpty else { return }
        buffer.clear()
        buffer.writeBytes(machine.output)
        machine.outputTaken()
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }

    // MARK: Time

    /// One timer for all calls. It is never cancelled for a call that ends early; it rings, finds nothing,
    /// and is set to the next deadline.
    private func armTimer(_ time: ContinuousClock.Instant) {
        if let timerTime, timerTime <= time { return }
        timer?.cancel()
        timerTime = time
        let handler = NIOLoopBound(self, eventLoop: eventLoop)
        let wait = max(ContinuousClock.now.duration(to: time), .zero)
        timer = eventLoop.scheduleTask(in: TimeAmount(wait)) { handler.value.timePassed() }
    }

    private func timePassed() {
        timerTime = nil
        let now = ContinuousClock.now
        end(where: { $0.attempt.deadline <= now }, .abandoned(.deadlineExceeded))
        let deadlines = waiting.values.map(\.attempt.deadline) + queue.map(\.attempt.deadline)
        if let earliest = deadlines.min() { armTimer(earliest) }
    }
}

extension AttemptFailure {
    fileprivate static let connectionRetired = AttemptFailure.notSent(
        RPCError(.unavailable, "the connection takes no more calls; this one was not sent"))

    fileprivate static let queueFull = AttemptFailure.notSent(
        RPCError(.resourceExhausted, "too many calls wait in the client"), isRepeatable: false)

    fileprivate static let requestTooLarge = AttemptFailure.notSent(
        RPCError(.resourceExhausted, "the request is larger than a frame may be"), isRepeatable: false)
}
