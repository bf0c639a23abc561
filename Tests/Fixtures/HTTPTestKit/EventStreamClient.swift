// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import NIOPosix

/// An HTTP/1.1 client that reads an answer as it comes, over a socket of its own; what it does not ask for
/// stays in the sockets, so that it can be a slow reader.
public struct EventStreamClient: Sendable {
    /// What the tests need of an address.
    public struct Address: Sendable {
        let host: String
        let port: Int

        /// Reads `HOST:PORT`; nil when it is something else.
        public init?(_ text: String) {
            let parts = text.split(separator: ":")
            guard parts.count == 2, let port = Int(parts[1]) else { return nil }
            (host, self.port) = (String(parts[0]), port)
        }
    }

    /// The server said something else than an answer.
    public struct NoAnswer: Error {}

    private let address: Address
    /// Size of the socket's buffer for what arrives, in bytes; nil = the system's.
    private let receiveBufferBytes: Int?

    /// Makes a client of one server.
    public init(_ address: Address, receiveBufferBytes: Int? = nil) {
        self.address = address
        self.receiveBufferBytes = receiveBufferBytes
    }

    /// Sends a request and hands its answer to the body; the connection ends with it.
    public func send<Value: Sendable>(
        _ path: String, method: String = "GET", headers: [(String, String)] = [],
        _ body: (inout Answer) async throws -> Value
    ) async throws -> Value {
        let channel = try await connect()
        return try await channel.executeThenClose { inbound, outbound in
            var fields = HTTPHeaders(headers)
            fields.add(name: "host", value: "\(address.host):\(address.port)")
            try await outbound.write(
                .head(
                    HTTPRequestHead(
                        version: .http1_1, method: HTTPMethod(rawValue: method), uri: path, headers: fields)))
            try await outbound.write(.end(nil))
            var parts = inbound.makeAsyncIterator()
            guard case .head(let head) = try await parts.next() else { throw NoAnswer() }
            var answer = Answer(head: head, parts: parts)
            return try await body(&answer)
        }
    }

    private func connect() async throws -> NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart> {
        var bootstrap = ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        if let bytes = receiveBufferBytes {
            bootstrap = bootstrap.channelOption(
                .socketOption(.so_rcvbuf), value: SocketOptionValue(bytes))
        }
        return try await bootstrap.connect(host: address.host, port: address.port) { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHTTPClientHandlers()
                return try NIOAsyncChannel(wrappingChannelSynchronously: channel)
            }
        }
    }

    /// An answer that is still coming.
    public struct Answer {
        private let head: HTTPResponseHead
        private var parts: NIOAsyncChannelInboundStream<HTTPClientResponsePart>.AsyncIterator
        private var text = ""
        private var bytes: [UInt8] = []
        private var blocks: [EventBlock] = []
        /// Whether the server ended it, rather than its connection.
        public private(set) var isWhole = false

        fileprivate init(
            head: HTTPResponseHead,
            parts: NIOAsyncChannelInboundStream<HTTPClientResponsePart>.AsyncIterator
        ) {
            self.head = head
            self.parts = parts
        }

        public var status: Int { Int(head.status.code) }

        /// The values of a field, joined; empty when it is not there.
        public func header(_ name: String) -> String { head.headers[name].joined(separator: ", ") }

        /// All names, in lower case.
        public var headerNames: [String] { head.headers.map { $0.name.lowercased() } }

        /// The next block; nil when the stream has ended, however it did.
        public mutating func next() async -> EventBlock? {
            while blocks.isEmpty {
                guard let more = await nextPiece() else { return nil }
                text += more
                blocks = EventBlock.take(from: &text)
            }
            return blocks.removeFirst()
        }

        /// The next block with an event in it; nil when the stream has ended.
        public mutating func nextEvent() async -> EventBlock? {
            while let block = await next() {
                if block.data != nil { return block }
            }
            return nil
        }

        /// All that is left of it, as text.
        public mutating func rest() async -> String {
            while let more = await nextPiece() { text += more }
            return text + String(decoding: bytes, as: UTF8.self)
        }

        private mutating func nextPiece() async -> String? {
            // A connection that breaks ends the answer like one that is closed.
            switch try? await parts.next(isolation: #isolation) {
            case .body(let buffer):
                // A character may have been cut in two.
                bytes += buffer.readableBytesView
                let end = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
                defer { bytes.removeFirst(end) }
                return String(decoding: bytes[..<end], as: UTF8.self)
            case .end:
                isWhole = true
                return nil
            case .head, nil: return nil
            }
        }
    }
}
