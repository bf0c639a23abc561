// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import RPC
internal import TTRPC

/// Waits for the first byte of a connection and puts the handler of its protocol in its own place.
final class SniffHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let core: ServerCore
    private let executor: LoopExecutor
    private let peer: PeerIdentity
    private var timer: Scheduled<Void>?
    private var isDraining = false

    init(_ core: ServerCore, _ executor: LoopExecutor, _ peer: PeerIdentity) {
        self.core = core
        self.executor = executor
        self.peer = peer
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let context = NIOLoopBound(context, eventLoop: context.eventLoop)
        let silent = NIOLoopBound(self, eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(in: TimeAmount(core.configuration.firstByteDuration)) {
            silent.value.end(.silent, context: context.value)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        guard let first = bytes.getInteger(at: bytes.readerIndex, as: UInt8.self) else { return }
        // HTTP/2 and TLS are told apart here already; they are closed until their handlers exist.
        guard WireProtocol(firstByte: first) == .ttrpc else { return end(.unknownProtocol, context: context) }
        do {
            let handler = TTRPCServerHandler(core, executor, peer, isDraining: isDraining)
            try context.pipeline.syncOperations.addHandler(handler, position: .after(self))
            context.fireChannelRead(data)
            context.pipeline.syncOperations.removeHandler(self, promise: nil)
        } catch {
            context.close(promise: nil)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case DrainEvent.began: isDraining = true
        case DrainEvent.noticePassed: end(.closed(.drained), context: context)
        case ChannelEvent.inputClosed: end(.closed(.peerClosed), context: context)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(.closed(.peerClosed), context: context)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end(.closed(.connectionLost), context: context)
    }

    private func end(_ end: ConnectionEnd, context: ChannelHandlerContext) {
        guard timer != nil else { return }
        timer?.cancel()
        timer = nil
        core.observer.connectionClosed(peer, end)
        context.close(promise: nil)
    }
}

/// What the server tells its connections when it goes away.
enum DrainEvent: Sendable {
    /// Refuse new calls.
    case began
    /// Close when no call waits.
    case noticePassed
}

extension TimeAmount {
    /// Rounds down to nanoseconds; what is longer than 292 years is as good as for ever.
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        self = .nanoseconds(overflow ? .max : whole + attoseconds / 1_000_000_000)
    }
}
