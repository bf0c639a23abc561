// SPDX-License-Identifier: Apache-2.0

import RPC
import RPCServer
import TTRPC
import Testing

/// What hostile or broken peers do. The names T1, T2, … are those of docs/wire.md.
@Suite(.timeLimit(.minutes(1))) struct AbuseTests {
    /// T1: a length of 4 GiB, HTTP/1, HTTP/2 and TLS on the plain port.
    @Test(arguments: [
        [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1, 1, 0], Array("GET / HTTP/1.1\r\n".utf8),
        Array("PRI * HTTP/2.0\r\n".utf8), [0x16, 3, 1, 2, 0, 1, 0],
    ]) func bytesOfAnotherProtocolCloseAtOnce(_ bytes: [UInt8]) async throws {
        try await TestServer.run { server in
            try await RawPeer.connect(to: server.endpoint) { peer in
                try await peer.send(bytes)
                #expect(await peer.answer() == nil)
                #expect(server.log.events == ["opened", "closed unknown_protocol"])
            }
        }
    }

    /// T1 after a good call.
    @Test func lostSyncClosesAtOnce() async throws {
        try await TestServer.run { server in
            try await RawPeer.connect(to: server.endpoint) { peer in
                try await peer.send(RawPeer.frame(1, "x"))
                #expect(await peer.answer()?.code == .ok)
                try await peer.send([1, 0, 0, 0, 0, 0, 0, 3, 1, 0])
                #expect(await peer.answer() == nil)
                await server.log.wait(for: "closed lost_sync")
            }
        }
    }

    /// T2: an oversized frame fails alone; the other 127 calls succeed; the third one closes.
    @Test func oversizedFramesFailAloneUntilTheThird() async throws {
        try await TestServer.run { server in
            try await RawPeer.connect(to: server.endpoint) { peer in
                let tooLarge = [UInt8](repeating: 0, count: TTRPCLimits.requestBytesMax + 1)
                let good = (1...127).flatMap { RawPeer.frame(UInt32(2 * $0 + 1), "x") }
                try await peer.send(RawPeer.frame(1, body: tooLarge) + good)
                var codes: [RPCCode: Int] = [:]
                for _ in 0..<128 { codes[try #require(await peer.answer()).code, default: 0] += 1 }
                #expect(codes == [.resourceExhausted: 1, .ok: 127])
                for streamID: UInt32 in [1001, 1003] {
                    peer.queue(RawPeer.frame(streamID, body: tooLarge))
                    #expect(await peer.answer()?.code == .resourceExhausted)
                }
                #expect(await peer.answer() == nil)
                await server.log.wait(for: "closed oversized_frames")
            }
        }
    }

    /// T3, lighter: 300 connections promise a megabyte each and send ten bytes of it.
    @Test func memoryFollowsBytesAndNotPromises() async throws {
        try await TestServer.run { server in
            let before = residentBytes()
            var peers: [RawPeer] = []
            for _ in 0..<300 {
                let peer = try await RawPeer.open(to: server.endpoint)
                try await peer.send([0, 0x10, 0, 0, 0, 0, 0, 1, 1, 0] + [UInt8](repeating: 10, count: 10))
                peers.append(peer)
            }
            await server.log.wait(for: "opened", count: 300)
            try await server.withClient { client in
                let reply = try await client.call("honest")
                #expect(reply == "honest")
            }
            let grown = residentBytes() - before
            #expect(grown < 64 << 20, "300 MiB were promised, \(grown) bytes taken")
            for peer in peers { peer.close() }
        }
    }

    /// T4, with a frame limit of 300 ms: peers that trickle are cut, an honest one is not disturbed.
    @Test func trickledFramesAreCut() async throws {
        try await TestServer.run { configuration in
            configuration.connection.frameDuration = .milliseconds(300)
        } _: { server in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        try await RawPeer.connect(to: server.endpoint) { peer in
                            for byte in RawPeer.frame(1, "x").prefix(20) { peer.queue([byte]) }
                            #expect(await peer.answer() == nil)
                        }
                    }
                }
                try await server.withClient { client in
                    for _ in 0..<100 { _ = try await client.call("honest") }
                }
                try await group.waitForAll()
            }
            #expect(server.log.count("closed frame_too_slow") == 50)
        }
    }

    /// T5, with a limit of 200 ms: a peer that never speaks.
    @Test func silentConnectionsAreCut() async throws {
        try await TestServer.run { configuration in
            configuration.firstByteDuration = .milliseconds(200)
        } _: { server in
            try await RawPeer.connect(to: server.endpoint) { peer in
                #expect(await peer.answer() == nil)
                await server.log.wait(for: "closed silent")
            }
        }
    }

    @Test func idleConnectionsAreClosed() async throws {
        try await TestServer.run { configuration in
            configuration.connection.idleDuration = .milliseconds(200)
        } _: { server in
            try await RawPeer.connect(to: server.endpoint) { peer in
                try await peer.send(RawPeer.frame(1, "x"))
                #expect(await peer.answer()?.code == .ok)
                #expect(await peer.answer() == nil)
                await server.log.wait(for: "closed idle")
            }
        }
    }

    /// T7, lighter: a peer that asks and never reads. Its output stays near the limit, and it is closed.
    @Test func aPeerThatNeverReadsIsStoppedAndClosed() async throws {
        try await TestServer.run { configuration in
            configuration.queuedBytesHigh = 64 << 10
            configuration.queuedBytesLow = 16 << 10
            configuration.stallDuration = .milliseconds(300)
        } _: { server in
            try await RawPeer.connect(to: server.endpoint, reads: false, receiveBytes: 16 << 10) { peer in
                let calls = 4000
                peer.queue((0..<calls).flatMap { RawPeer.frame(UInt32(2 * $0 + 1), "big 16384") })
                await server.log.wait(for: "closed stalled")
                // Kernel buffers take some megabytes before ours fill; the rest was never started.
                #expect(
                    server.log.count("big") < calls / 2, "\(server.log.count("big")) handlers were started")
            }
            try await server.withClient { client in
                let reply = try await client.call("honest")
                #expect(reply == "honest")
            }
        }
    }

    @Test func aSlowReaderGetsEverything() async throws {
        try await TestServer.run { configuration in
            configuration.queuedBytesHigh = 64 << 10
            configuration.queuedBytesLow = 16 << 10
        } _: { server in
            try await RawPeer.connect(to: server.endpoint, receiveBytes: 16 << 10) { peer in
                let calls = 1000
                peer.queue((0..<calls).flatMap { RawPeer.frame(UInt32(2 * $0 + 1), "big 16384") })
                var good = 0
                for _ in 0..<calls {
                    let answer = try #require(await peer.answer())
                    // Above 128 at once the cap speaks; both answers are right, a lost one is not.
                    #expect([.ok, .resourceExhausted].contains(answer.code), "\(answer.code)")
                    if answer.code == .ok { good += 1 }
                }
                #expect(good >= 128)
            }
        }
    }

    /// T9: the 129th call is refused at once; the other 128 complete.
    @Test func theCallAboveTheCapIsRefusedAtOnce() async throws {
        try await TestServer.run { server in
            try await RawPeer.connect(to: server.endpoint) { peer in
                try await peer.send((0..<129).flatMap { RawPeer.frame(UInt32(2 * $0 + 1), "wait") })
                let refused = try #require(await peer.answer())
                #expect(refused.streamID == 257 && refused.code == .resourceExhausted)
                await server.log.wait(for: "waiting", count: 128)
                #expect(server.server.statistics.callsRunning == 128)
                server.release()
                var streams: Set<UInt32> = []
                for _ in 0..<128 {
                    let answer = try #require(await peer.answer())
                    #expect(answer.code == .ok)
                    streams.insert(answer.streamID)
                }
                #expect(streams.count == 128)
            }
        }
    }

    @Test func theServersCapCountsAllConnections() async throws {
        try await TestServer.run { configuration in
            configuration.inFlightMax = 3
        } _: { server in
            let first = try await RawPeer.open(to: server.endpoint)
            let second = try await RawPeer.open(to: server.endpoint)
            try await first.send(RawPeer.frame(1, "wait") + RawPeer.frame(3, "wait"))
            await server.log.wait(for: "waiting", count: 2)
            try await second.send(RawPeer.frame(1, "wait"))
            await server.log.wait(for: "waiting", count: 3)
            try await second.send(RawPeer.frame(3, "wait"))
            #expect(await second.answer() == Answer(streamID: 3, code: .resourceExhausted, text: ""))
            server.release()
            #expect(await second.answer()?.code == .ok)
            first.close()
            second.close()
        }
    }

    /// T10: peers that send calls and vanish. A place is free only when its handler has ended.
    @Test func vanishedCallersDoNotPileUpHandlers() async throws {
        try await TestServer.run { configuration in
            configuration.inFlightMax = 64
        } _: { server in
            for _ in 0..<50 {
                let peer = try await RawPeer.open(to: server.endpoint)
                try await peer.send((0..<32).flatMap { RawPeer.frame(UInt32(2 * $0 + 1), "x") })
                #expect(server.server.statistics.callsRunning <= 64)
                try await peer.reset()
            }
            try await server.withClient { client in
                let reply = try await client.call("honest", retry: .unstarted)
                #expect(reply == "honest")
            }
        }
    }

    /// T11: a storm of calls that cannot be in time never reaches a handler.
    @Test func callsThatCannotBeInTimeNeverReachAHandler() async throws {
        try await TestServer.run { server in
            try await RawPeer.connect(to: server.endpoint) { peer in
                for start in stride(from: 0, to: 10_000, by: 100) {
                    let frames = (start..<start + 100).flatMap { call in
                        RawPeer.frame(UInt32(2 * call + 1), "count", timeoutNanoseconds: 1)
                    }
                    try await peer.send(frames)
                    for _ in 0..<100 { #expect(await peer.answer()?.code == .deadlineExceeded) }
                }
            }
            #expect(server.log.count("entered") == 0)
        }
    }

    /// T12 over a socket; the rules themselves are in the byte scripts.
    @Test func sixteenFaultsCloseAfterTheLastAnswer() async throws {
        try await TestServer.run { server in
            try await RawPeer.connect(to: server.endpoint) { peer in
                try await peer.send((0..<20).flatMap { _ in RawPeer.frame(2, "x") })
                for _ in 0..<16 { #expect(await peer.answer()?.code == .invalidArgument) }
                #expect(await peer.answer() == nil)
                await server.log.wait(for: "closed faults")
            }
        }
    }

    /// T8: the newest connection is refused, the others live.
    @Test func connectionsAboveTheCapAreRefused() async throws {
        try await TestServer.run { configuration in
            configuration.connectionsMax = 2
        } _: { server in
            let first = try await RawPeer.open(to: server.endpoint)
            let second = try await RawPeer.open(to: server.endpoint)
            await server.log.wait(for: "opened", count: 2)
            let third = try await RawPeer.open(to: server.endpoint)
            #expect(await third.answer() == nil)
            #expect(server.log.count("refused server_full") == 1)
            for peer in [first, second] {
                try await peer.send(RawPeer.frame(1, "x"))
                #expect(await peer.answer()?.code == .ok)
                peer.close()
            }
        }
    }

    @Test func strangersOfOneAddressAreCountedUntilTheyProveWhoTheyAre() async throws {
        try await TestServer.run { configuration in
            configuration.strangersPerAddressMax = 1
        } _: { server in
            let first = try await RawPeer.open(to: server.endpoint)
            await server.log.wait(for: "opened")
            let refused = try await RawPeer.open(to: server.endpoint)
            #expect(await refused.answer() == nil)
            #expect(server.log.count("refused address_full") == 1)
            try await first.send(RawPeer.frame(1, "authenticate"))
            #expect(await first.answer()?.code == .ok)
            let second = try await RawPeer.open(to: server.endpoint)
            try await second.send(RawPeer.frame(1, "x"))
            #expect(await second.answer()?.code == .ok)
            first.close()
            second.close()
        }
    }

    /// T24: peers that reset while answers are on their way.
    @Test func resetsDuringAnswersHurtNobodyElse() async throws {
        try await TestServer.run { server in
            for _ in 0..<50 {
                let peer = try await RawPeer.open(to: server.endpoint, reads: false)
                peer.queue((0..<20).flatMap { RawPeer.frame(UInt32(2 * $0 + 1), "big 10000") })
                try await peer.reset()
            }
            try await server.withClient { client in
                let reply = try await client.call("honest")
                #expect(reply == "honest")
            }
        }
    }
}
