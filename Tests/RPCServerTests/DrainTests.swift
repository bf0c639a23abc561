// SPDX-License-Identifier: Apache-2.0

import ExtRefMessages
import RPC
import RPCClient
import RPCMessages
import RPCServer
import Testing

/// How a server goes away.
@Suite(.timeLimit(.minutes(1))) struct DrainTests {
    @Test func aDrainRefusesNewCallsAndFinishesOldOnes() async throws {
        try await TestServer.run { server in
            try await RawPeer.connect(to: server.endpoint) { peer in
                try await peer.send(RawPeer.frame(1, "wait"))
                await server.log.wait(for: "waiting")
                server.server.beginDraining()
                #expect(server.health.status(of: "") == .notServing)
                // The connection hears of the drain from another thread; ask until it has.
                var streamID: UInt32 = 3
                while true {
                    try await peer.send(RawPeer.frame(streamID, "new"))
                    let answer = try #require(await peer.answer())
                    #expect(answer.streamID == streamID)
                    if answer.code == .unavailable { break }
                    #expect(answer.code == .ok)
                    streamID += 2
                }
                server.release()
                #expect(await peer.answer() == Answer(streamID: 1, code: .ok, text: "wait"))
                let after = await peer.answer()
                #expect(after == nil)
            }
            await server.log.wait(for: "closed drained")
        }
    }

    @Test func aDrainingServerTakesNoConnections() async throws {
        try await TestServer.run { server in
            try await RawPeer.connect(to: server.endpoint) { peer in
                try await peer.send(RawPeer.frame(1, "wait"))
                await server.log.wait(for: "waiting")
                server.server.beginDraining()
                // The listener is closed soon after; until then the kernel may still take connections.
                while let late = try? await RawPeer.open(to: server.endpoint) { late.close() }
                server.release()
                #expect(await peer.answer()?.code == .ok)
            }
        }
    }

    @Test func runReturnsWhenAllIsDone() async throws {
        let health = HealthState()
        let router = Router(table: try MethodTable(HealthMethods.bindings(HealthService(health))))
        var configuration = ServerConfiguration(listen: [.tcp(host: "127.0.0.1", port: 0)])
        configuration.drainNoticeDuration = .milliseconds(1)
        let server = RPCServer(router: router, configuration: configuration, health: health)
        let endpoint = try #require(try await server.bind().first)
        async let running: Void = server.run()
        let client = RPCClient(ClientConfiguration(endpoint: endpoint))
        _ = try await HealthClient(channel: client).check(HealthCheckRequest())
        server.beginDraining()
        server.beginDraining()
        try await running
        let error = await #expect(throws: RPCError.self) {
            try await HealthClient(channel: client).check(HealthCheckRequest())
        }
        #expect(error?.code == .unavailable)
        await #expect(throws: ServerError.self) { try await server.run() }
    }

    @Test func aDrainThatTakesTooLongStops() async throws {
        try await TestServer.run { configuration in
            configuration.drainDuration = .milliseconds(100)
        } _: { server in
            try await RawPeer.connect(to: server.endpoint) { peer in
                try await peer.send(RawPeer.frame(1, "wait"))
                await server.log.wait(for: "waiting")
                server.server.beginDraining()
                #expect(await peer.answer() == nil)
                await server.log.wait(for: "cancelled")
            }
        }
    }

    @Test func aServerThatCannotListenSaysSo() async throws {
        try await TestServer.run { server in
            let router = Router(table: try MethodTable([]))
            let second = RPCServer(
                router: router, configuration: ServerConfiguration(listen: [server.endpoint]))
            let error = await #expect(throws: ServerError.self) { try await second.run() }
            #expect(error?.code == .bindFailed)
            #expect(error?.description.contains("\(server.endpoint)") == true)
        }
    }

    /// T20, lighter: calls go on while the server drains. Each one is answered or was certainly not started.
    @Test func noCallInFlightIsLostInADrain() async throws {
        try await TestServer.run { server in
            try await server.withClient { client in
                let outcome = await withTaskGroup(of: [RPCCode: Int].self) { group in
                    for _ in 0..<32 {
                        group.addTask {
                            var codes: [RPCCode: Int] = [:]
                            while codes[.unavailable] == nil {
                                do throws(RPCError) {
                                    try await client.call("count")
                                    codes[.ok, default: 0] += 1
                                } catch {
                                    codes[error.code, default: 0] += 1
                                    if error.code != .unavailable { return codes }
                                }
                            }
                            return codes
                        }
                    }
                    await server.log.wait(for: "entered", count: 500)
                    server.server.beginDraining()
                    var total: [RPCCode: Int] = [:]
                    for await codes in group { total.merge(codes, uniquingKeysWith: +) }
                    return total
                }
                #expect(Set(outcome.keys) == [.ok, .unavailable])
                #expect(outcome[.ok] == server.log.count("entered"))
            }
        }
    }
}
