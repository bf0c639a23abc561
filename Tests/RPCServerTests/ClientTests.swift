// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import RPC
import RPCClient
import RPCMessages
import RPCServer
import Testing

/// What the client does when its server does not do its part.
@Suite(.timeLimit(.minutes(1))) struct ClientTests {
    @Test func connectsAgainWhenItsServerComesBack() async throws {
        let path = "/tmp/extref-test-\(UInt64.random(in: 0 ... .max)).sock"
        let client = TestClient(channel: RPCClient(ClientConfiguration(endpoint: .unix(path: path))))
        let refused = await #expect(throws: RPCError.self) { try await client.call("x") }
        #expect(refused?.code == .unavailable)
        for _ in 0..<3 {
            try await TestServer.run(listen: .unix(path: path)) { _ in
                let reply = try await client.call("x", retry: .idempotent)
                #expect(reply == "x")
            }
        }
        await client.channel.close()
    }

    @Test func waitsForAServerThatStartsLater() async throws {
        let path = "/tmp/extref-test-\(UInt64.random(in: 0 ... .max)).sock"
        let client = TestClient(channel: RPCClient(ClientConfiguration(endpoint: .unix(path: path))))
        let patient = RetryPolicy(attemptsMax: 1000, delayFirst: .milliseconds(5), delayMax: .milliseconds(5))
        let reply = Task { try await client.call("x", timeout: .seconds(20), retry: patient) }
        try await TestServer.run(listen: .unix(path: path)) { _ in
            let text = try await reply.value
            #expect(text == "x")
        }
        await client.channel.close()
    }

    @Test func aDeadlineHoldsEvenWhenTheServerIsSilent() async throws {
        try await SilentServer.run { endpoint in
            let client = TestClient(channel: RPCClient(ClientConfiguration(endpoint: endpoint)))
            let start = ContinuousClock.now
            let error = await #expect(throws: RPCError.self) {
                try await client.call("x", timeout: .milliseconds(50))
            }
            #expect(error?.code == .deadlineExceeded)
            #expect(ContinuousClock.now - start >= .milliseconds(50))
            await client.channel.close()
        }
    }

    @Test func aCancelledTaskGivesItsCallUp() async throws {
        try await TestServer.run { server in
            try await server.withClient { client in
                let task = Task { try await client.call("wait") }
                await server.log.wait(for: "waiting")
                task.cancel()
                let error = await #expect(throws: RPCError.self) { try await task.value }
                #expect(error?.code == .cancelled)
                server.release()
                let reply = try await client.call("next")
                #expect(reply == "next")
            }
        }
    }

    @Test func aTaskCancelledBeforeItsCallMakesNone() async throws {
        try await TestServer.run { server in
            try await server.withClient { client in
                _ = try await client.call("open the connection")
                let task = Task {
                    await Gate().passedWhenCancelled()
                    try await client.call("count")
                }
                task.cancel()
                let error = await #expect(throws: RPCError.self) { try await task.value }
                #expect(error?.code == .cancelled)
            }
            #expect(server.log.count("entered") == 0)
        }
    }

    @Test func callsAboveThePlacesWaitTheirTurn() async throws {
        try await TestServer.run { server in
            try await server.withClient {
                $0.inFlightMax = 2
                $0.queuedMax = 2
            } _: { client in
                try await withThrowingTaskGroup(of: String.self) { group in
                    for _ in 0..<2 { group.addTask { try await client.call("wait") } }
                    await server.log.wait(for: "waiting", count: 2)
                    for _ in 0..<3 {
                        group.addTask {
                            do throws(RPCError) {
                                return try await client.call("queued")
                            } catch {
                                return "\(error.code)"
                            }
                        }
                    }
                    // Two find a place in the queue, the third is refused without being sent.
                    #expect(try await group.next() == "RESOURCE_EXHAUSTED")
                    server.release()
                    let rest = try await group.reduce(into: [String]()) { $0.append($1) }
                    #expect(rest.sorted() == ["queued", "queued", "wait", "wait"])
                }
            }
        }
    }

    @Test func aBrokenConnectionIsNotTakenForAnUnstartedCall() async throws {
        try await SilentServer.run(closesAfterFirstByte: true) { endpoint in
            let client = TestClient(channel: RPCClient(ClientConfiguration(endpoint: endpoint)))
            let error = await #expect(throws: RPCError.self) { try await client.call("x", retry: .unstarted) }
            #expect(error?.code == .unavailable)
            #expect(error?.message.contains("may have been done") == true)
            await client.channel.close()
        }
    }

    @Test func severalConnectionsShareTheCalls() async throws {
        try await TestServer.run { server in
            try await server.withClient {
                $0.connections = 4
            } _: { client in
                for _ in 0..<16 { try await client.call("x") }
            }
            #expect(server.log.count("opened") == 4)
        }
    }
}

/// Takes connections and never answers.
enum SilentServer {
    static func run(closesAfterFirstByte: Bool = false, _ body: (Endpoint) async throws -> Void) async throws
    {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Silence(closes: closesAfterFirstByte))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(channel.localAddress?.port)
        do {
            try await body(.tcp(host: "127.0.0.1", port: port))
            try await channel.close().get()
        } catch {
            try? await channel.close().get()
            throw error
        }
    }

    private final class Silence: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let closes: Bool

        init(closes: Bool) {
            self.closes = closes
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            if closes { context.close(promise: nil) }
        }
    }
}

extension Gate {
    /// Returns when the present task is cancelled.
    func passedWhenCancelled() async {
        await withTaskCancellationHandler {
            await passed()
        } onCancel: {
            open()
        }
    }
}
