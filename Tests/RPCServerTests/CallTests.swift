// SPDX-License-Identifier: Apache-2.0

import ExtRefMessages
import RPC
import RPCClient
import RPCMessages
import RPCServer
import Testing

/// Calls over real sockets.
@Suite(.timeLimit(.minutes(1))) struct CallTests {
    @Test func healthIsAnsweredOverTCP() async throws {
        try await TestServer.run { server in
            try await server.withClient { client in
                let health = HealthClient(channel: client.channel)
                let reply = try await health.check(HealthCheckRequest())
                #expect(reply.status == .serving)
                let error = await #expect(throws: RPCError.self) {
                    try await health.check(HealthCheckRequest(service: "x.X"))
                }
                #expect(error?.code == .notFound)
            }
        }
    }

    @Test func aUnixSocketWorksAndReplacesADeadOne() async throws {
        let path = "/tmp/extref-test-\(UInt64.random(in: 0 ... .max)).sock"
        for _ in 0..<2 {
            try await TestServer.run(listen: .unix(path: path)) { server in
                #expect(server.endpoint == .unix(path: path))
                try await server.withClient { client in
                    let reply = try await client.call("hello")
                    #expect(reply == "hello")
                }
            }
        }
    }

    @Test func noCallIsLostWhenManyShareAConnection() async throws {
        try await TestServer.run { server in
            try await server.withClient { client in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for task in 0..<64 {
                        group.addTask {
                            for call in 0..<50 {
                                let text = "\(task)/\(call)"
                                let reply = try await client.call(text)
                                #expect(reply == text)
                            }
                        }
                    }
                    try await group.waitForAll()
                }
            }
            #expect(server.server.statistics.callsStarted == 64 * 50)
        }
    }

    @Test func crossedIDsLoseNoCall() async throws {
        try await TestServer.run { server in
            try await RawPeer.connect(to: server.endpoint) { peer in
                var ids = (0..<500).map { UInt32(2 * $0 + 1) }
                var random = SystemRandomNumberGenerator()
                for start in stride(from: 0, to: ids.count, by: 50) {
                    ids[start..<start + 50].shuffle(using: &random)
                    try await peer.send(ids[start..<start + 50].flatMap { RawPeer.frame($0, "\($0)") })
                    for _ in 0..<50 {
                        let answer = try #require(await peer.answer())
                        #expect(answer.code == .ok && answer.text == "\(answer.streamID)")
                    }
                }
            }
        }
    }

    /// A stock client writes each frame in five pieces and lets Nagle's algorithm hold back all but the first
    /// until it is acknowledged. A server that delays acknowledgements takes 40 ms for each of its calls.
    @Test func aClientThatWritesInPiecesIsServedAtOnce() async throws {
        try await TestServer.run { server in
            try await RawPeer.connect(to: server.endpoint, noDelay: false) { peer in
                var times: [Duration] = []
                for call in 0..<51 {
                    let start = ContinuousClock.now
                    let frame = RawPeer.frame(UInt32(2 * call + 1), "x")
                    for (from, to) in [(0, 4), (4, 8), (8, 9), (9, 10)] {
                        peer.queue(Array(frame[from..<to]))
                    }
                    try await peer.send(Array(frame[10...]))
                    let answer = await peer.answer()
                    #expect(answer?.code == .ok)
                    times.append(ContinuousClock.now - start)
                }
                let median = times.sorted()[25]
                #expect(median < .milliseconds(35), "half of the calls took \(median) or more")
            }
        }
    }

    @Test func aHandlersFailureIsToldByAnIncidentAndTheConnectionLives() async throws {
        try await TestServer.run { server in
            try await server.withClient { client in
                let error = await #expect(throws: RPCError.self) { try await client.call("fail") }
                #expect(error?.code == .internalError)
                #expect(error?.message.contains("a failure of the test") == false)
                let reply = try await client.call("next")
                #expect(reply == "next")
            }
            #expect(server.log.events.contains("incident a failure of the test"))
            #expect(server.log.count("opened") == 1)
        }
    }

    @Test func aDeadlineEndsTheCallAndCancelsTheHandler() async throws {
        try await TestServer.run { server in
            try await RawPeer.connect(to: server.endpoint) { peer in
                try await peer.send(RawPeer.frame(1, "wait", timeoutNanoseconds: 20_000_000))
                #expect(await peer.answer() == Answer(streamID: 1, code: .deadlineExceeded, text: ""))
                await server.log.wait(for: "cancelled")
                // The late answer of the handler is not sent: the next frame belongs to the next call.
                try await peer.send(RawPeer.frame(3, "next"))
                #expect(await peer.answer() == Answer(streamID: 3, code: .ok, text: "next"))
            }
        }
    }

    @Test func halfCloseAnswersWhatIsInFlight() async throws {
        try await TestServer.run { server in
            try await RawPeer.connect(to: server.endpoint) { peer in
                try await peer.send(RawPeer.frame(1, "wait"))
                await server.log.wait(for: "waiting")
                try await peer.closeOutput()
                server.release()
                #expect(await peer.answer() == Answer(streamID: 1, code: .ok, text: "wait"))
                #expect(await peer.answer() == nil)
                await server.log.wait(for: "closed peer_closed")
            }
            #expect(server.log.count("cancelled") == 0)
        }
    }

    @Test func aBrokenConnectionCancelsItsHandlers() async throws {
        try await TestServer.run { server in
            let peer = try await RawPeer.open(to: server.endpoint)
            try await peer.send(RawPeer.frame(1, "wait"))
            await server.log.wait(for: "waiting")
            try await peer.reset()
            await server.log.wait(for: "cancelled")
            await server.log.wait(for: "closed connection_lost")
        }
    }

    @Test func aResponseTooLargeFailsItsCallAlone() async throws {
        try await TestServer.run { server in
            try await server.withClient { client in
                let error = await #expect(throws: RPCError.self) { try await client.call("big 4194304") }
                #expect(error?.code == .resourceExhausted)
                let size = try await client.call("big 4000000").utf8.count
                #expect(size == 4_000_000)
            }
            #expect(server.log.count("opened") == 1)
        }
    }
}
