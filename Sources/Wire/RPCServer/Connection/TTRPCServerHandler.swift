// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import ProtobufC
internal import RPC
internal import TTRPC

/// Carries out what a connection's machine says: starts and cancels handlers, writes, waits, closes.
///
/// Everything here happens on the connection's event loop.
final class TTRPCServerHandler: ChannelDuplexHandler, LoopExecutor.Flushable {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let core: ServerCore
    private let executor: LoopExecutor
    private let peer: PeerIdentity
    private var machine: ServerConnectionStateMachine
    private var tasks: [Task<Void, Never>?] = []
    private var context: ChannelHandlerContext?
    private var isDraining: Bool

    private var buffer = ByteBuffer()
    private var isFlushComing = false
    private var isReadHeld = false
    private var isEnding = false
    private var stall: StallWatch
    private var alarm = Alarm()

    init(_ core: ServerCore, _ executor: LoopExecutor, _ peer: PeerIdentity, isDraining: Bool) {
        self.core = core
        self.executor = executor
        self.peer = peer
        self.isDraining = isDraining
        stall = StallWatch(limit: core.configuration.stallDuration)
        var settings = core.configuration.connection
        settings.idleDuration = settings.idleDuration.map {
            $0 * Double.random(in: 1 - RPCServerLimits.idleJitter...1 + RPCServerLimits.idleJitter)
        }
        machine = ServerConnectionStateMachine(table: core.router.table, settings: settings, now: .now)
    }

    // MARK: Facts from the channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if isDraining { machine.drainStarted() }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        alarm.cancel()
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isEnding else { return }
        let bytes = unwrapInboundIn(data)
        executor.beginBatch()
        machine.bytesReceived(bytes.readableBytesUInt8Span, now: .now)
        carryOut()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if machine.isInsideFrame && !isEnding { context.acknowledgeAtOnce() }
        executor.endBatch()
        armAlarm()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case DrainEvent.began: machine.drainStarted()
        case DrainEvent.noticePassed: machine.drainNoticePassed()
        case ChannelEvent.inputClosed: isEnding ? context.close(promise: nil) : machine.inputClosed()
        default: context.fireUserInboundEventTriggered(event)
        }
        carryOut()
    }

    func channelInactive(context: ChannelHandlerContext) {
        machine.connectionLost()
        carryOut()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        machine.connectionLost()
        carryOut()
        context.close(promise: nil)
    }

    // MARK: Back-pressure

    func read(context: ChannelHandlerContext) {
        isReadHeld = !context.channel.isWritable && !isEnding
        if !isReadHeld { context.read() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if isReadHeld && context.channel.isWritable { read(context: context) }
        context.fireChannelWritabilityChanged()
    }

    // MARK: Commands of the machine

    private func carryOut() {
        while let command = machine.nextCommand() {
            switch command {
            case .startCall(let token, let call): start(token, call)
            case .cancelCall(let token): tasks[token.slot]?.cancel()
            case .close(let reason): end(.closed(reason))
            }
        }
        if !machine.output.isEmpty { requestFlush() }
    }

    private func start(_ token: CallToken, _ incoming: IncomingCall) {
        while tasks.count <= token.slot { tasks.append(nil) }
        guard core.gate.enter() else { return machine.callFinished(token, .failure(.overloaded)) }
        let context = CallContext(
            descriptor: incoming.binding.descriptor, metadata: incoming.metadata, deadline: incoming.deadline,
            peer: peer)
        let call = ServerCall(binding: incoming.binding, payload: incoming.payload, context: context)
        let deadline = incoming.deadline
        let core = core
        let connection = NIOLoopBound(self, eventLoop: executor.eventLoop)
        tasks[token.slot] = Task(executorPreference: executor) {
            let outcome = await core.serve(call, deadline: deadline)
            connection.value.finish(token, outcome)
        }
    }

    private func finish(_ token: CallToken, _ outcome: Result<any ProtobufMessage, RPCError>) {
        core.gate.leave()
        tasks[token.slot] = nil
        machine.callFinished(token, outcome)
        carryOut()
    }

    // MARK: Output

    private func requestFlush() {
        guard !isFlushComing, !isEnding else { return }
        isFlushComing = true
        executor.flushAfterPass(self)
    }

    func flush() {
        isFlushComing = false
        guard let context, !isEnding, !machine.output.isEmpty else { return }
        takeOutput()
        stall.written(buffer.readableBytes, now: .now)
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        armAlarm()
    }

    /// Moves the machine's output to `buffer`, whose memory is used again when the channel has let go of it.
    private func takeOutput() {
        buffer.clear()
        buffer.writeBytes(machine.output)
        machine.outputTaken()
    }

    // MARK: End

    /// Closes the connection.
    ///
    /// Unless the end is abrupt, the rest of the output goes first, then our side is closed, and the peer's
    /// bytes are dropped until it closes too: closing a socket with unread bytes makes the kernel send a
    /// reset, which could overtake and destroy the last answers.
    private func end(_ end: ConnectionEnd) {
        guard !isEnding, let context else { return }
        takeOutput()
        isEnding = true
        alarm.cancel()
        core.observer.connectionClosed(peer, end)
        guard context.channel.isActive, !end.isAbrupt else { return context.close(promise: nil) }
        let written = context.eventLoop.makePromise(of: Void.self)
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        written.futureResult.whenComplete { _ in
            handler.value.outputEnded(isPeerDone: end == .closed(.peerClosed))
        }
        closeLater(context, after: core.configuration.stallDuration)
        context.writeAndFlush(wrapOutboundOut(buffer), promise: written)
    }

    private func outputEnded(isPeerDone: Bool) {
        guard let context else { return }
        guard !isPeerDone else { return context.close(promise: nil) }
        context.close(mode: .output, promise: nil)
        closeLater(context, after: core.configuration.lingerDuration)
        context.read()
    }

    private func closeLater(_ context: ChannelHandlerContext, after duration: Duration) {
        let context = NIOLoopBound(context, eventLoop: context.eventLoop)
        alarm.set(to: .now + duration, on: context.eventLoop) { context.value.close(promise: nil) }
    }

    // MARK: Time

    private func armAlarm() {
        guard let context, !isEnding else { return }
        guard let time = earlier(machine.wakeTime, stall.wakeTime), alarm.isLater(than: time) else { return }
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        alarm.set(to: time, on: context.eventLoop) { handler.value.timePassed() }
    }

    private func earlier(
        _ one: ContinuousClock.Instant?, _ other: ContinuousClock.Instant?
    ) -> ContinuousClock.Instant? {
        guard let one, let other else { return one ?? other }
        return min(one, other)
    }

    private func timePassed() {
        alarm.rang()
        guard let context, !isEnding else { return }
        let now = ContinuousClock.now
        if stall.timePassed(context.queuedBytes, now: now) { return end(.stalled) }
        machine.timePassed(now: now)
        carryOut()
        armAlarm()
    }
}

extension ConnectionEnd {
    /// Whether the peer is owed no last answer.
    fileprivate var isAbrupt: Bool {
        switch self {
        case .silent, .unknownProtocol, .stalled: true
        case .closed(let reason):
            switch reason {
            case .lostSync, .connectionLost, .streamReused, .frameTooSlow, .idle: true
            case .peerClosed, .faults, .oversizedFrames, .drained: false
            }
        }
    }
}
