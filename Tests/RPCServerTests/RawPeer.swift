// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import ProtobufC
import RPC
import RPCMessages
import TTRPC
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A client that sends whatever bytes a test wants, and reads only when it is told to.
struct RawPeer: Sendable {
    private let channel: any Channel
    private let frames: FrameReader

    /// Connects and runs `body`; the connection is closed at its end.
    static func connect<Result>(
        to endpoint: Endpoint, noDelay: Bool = true, reads: Bool = true, receiveBytes: Int32? = nil,
        _ body: (RawPeer) async throws -> Result
    ) async throws -> Result {
        let peer = try await open(to: endpoint, noDelay: noDelay, reads: reads, receiveBytes: receiveBytes)
        do {
            let result = try await body(peer)
            peer.close()
            return result
        } catch {
            peer.close()
            throw error
        }
    }

    static func open(
        to endpoint: Endpoint, noDelay: Bool = true, reads: Bool = true, receiveBytes: Int32? = nil
    ) async throws -> RawPeer {
        let reader = FrameReader()
        var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: reads)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(FrameHandler(reader))
                }
            }
        if let receiveBytes {
            bootstrap = bootstrap.channelOption(
                .socketOption(.so_rcvbuf), value: SocketOptionValue(receiveBytes))
        }
        switch endpoint {
        case .tcp(let host, let port):
            let delayed = bootstrap.channelOption(.tcpOption(.tcp_nodelay), value: noDelay ? 1 : 0)
            return RawPeer(try await delayed.connect(host: host, port: port).get(), reader)
        case .unix(let path):
            return RawPeer(try await bootstrap.connect(unixDomainSocketPath: path).get(), reader)
        }
    }

    private init(_ channel: any Channel, _ frames: FrameReader) {
        self.channel = channel
        self.frames = frames
    }

    /// Sends bytes in one write and waits until the kernel has them.
    func send(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }

    /// Queues bytes without waiting.
    func queue(_ bytes: [UInt8]) {
        channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    /// The next answer, or nil at the end of the connection.
    func answer() async -> Answer? {
        await frames.next()
    }

    /// Closes our side; answers can still come.
    func closeOutput() async throws {
        try await channel.close(mode: .output).get()
    }

    func close() {
        channel.close(promise: nil)
    }

    /// Closes with a reset.
    func reset() async throws {
        let provider = try #require(channel as? any SocketOptionProvider)
        try await provider.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        try await channel.close().get()
    }

    /// The frame of a call.
    static func frame(
        _ streamID: UInt32, _ text: String, method: String = "Do", timeoutNanoseconds: Int64 = 0
    ) -> [UInt8] {
        let request = TTRPCRequest(
            service: "t.T", method: method, payload: HealthCheckRequest(service: text).encode(),
            timeoutNano: timeoutNanoseconds, metadata: [])
        return frame(streamID, body: request.encode())
    }

    static func frame(_ streamID: UInt32, body: [UInt8], kind: UInt8 = 1) -> [UInt8] {
        var bytes: [UInt8] = []
        FrameHeader(bodyBytes: body.count, streamID: streamID, kind: .init(rawValue: kind)).append(to: &bytes)
        return bytes + body
    }
}

/// What came back on a stream.
struct Answer: Sendable, Hashable {
    let streamID: UInt32
    /// OK or the error's code.
    let code: RPCCode
    /// The text of the response.
    let text: String
}

/// Answers in the order they came.
final class FrameReader: Sendable {
    private let stream: AsyncStream<Answer>
    private let iterator: IteratorBox
    fileprivate let continuation: AsyncStream<Answer>.Continuation

    init() {
        let (stream, continuation) = AsyncStream.makeStream(of: Answer.self)
        self.stream = stream
        self.continuation = continuation
        iterator = IteratorBox(stream)
    }

    func next() async -> Answer? {
        await iterator.next()
    }
}

/// An iterator that several tasks could use, one after the other.
private actor IteratorBox {
    private let stream: AsyncStream<Answer>

    init(_ stream: AsyncStream<Answer>) {
        self.stream = stream
    }

    func next() async -> Answer? {
        for await answer in stream { return answer }
        return nil
    }
}

private final class FrameHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let reader: FrameReader
    private var parser = FrameParser(wanting: .response, bodyBytesMax: TTRPCLimits.frameBytesMax)

    init(_ reader: FrameReader) {
        self.reader = reader
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = Array(unwrapInboundIn(data).readableBytesView)
        var offset = 0
        while let step = parser.next(bytes.span, from: &offset) {
            switch step {
            case .frame(let header, .input(let range)): found(header, Array(bytes[range]))
            case .frame(let header, .gathered): found(header, parser.takeGathered())
            case .lostSync, .otherKind, .oversized:
                Issue.record("the server sent \(step)")
                return
            }
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event { reader.continuation.finish() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        reader.continuation.finish()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        reader.continuation.finish()
        context.close(promise: nil)
    }

    private func found(_ header: FrameHeader, _ body: [UInt8]) {
        do {
            let response = try TTRPCResponse.decode(body)
            let text = try HealthCheckRequest.decode(response.payload).service
            let code = RPCCode(rawValue: response.status?.code ?? 0)
            reader.continuation.yield(Answer(streamID: header.streamID, code: code, text: text))
        } catch {
            Issue.record("an answer does not decode: \(error)")
        }
    }
}
