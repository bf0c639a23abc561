// SPDX-License-Identifier: Apache-2.0

import ExtRefMessages
import FoundationEssentials
import HTTPTestKit
import RPC
import Synchronization
import Testing

/// Readers of the event stream, while the server is killed and ended again and again under its writers.
///
/// `TEST_STREAM_RESTARTS` sets how often, `TEST_SEED` repeats a run.
@Suite(.serialized) struct EventStreamRestartTests {
    /// A reader who comes again after each cut, with what arrived whole.
    private final class Reader: Sendable {
        let query: String
        private let receiveBufferBytes: Int?
        private let told = Mutex<[ToldChange]>([])
        private let position = Mutex("")

        init(_ query: String = "", receiveBufferBytes: Int? = nil) {
            self.query = query
            self.receiveBufferBytes = receiveBufferBytes
        }

        var all: [ToldChange] { told.withLock { $0 } }

        /// Reads until the stream is cut, or has told what is behind the cursor.
        func read(_ server: ServerProcess, until cursor: String? = nil) async {
            guard let address = EventStreamClient.Address(server.httpAddress) else { return }
            let last = position.withLock { $0 }
            let headers = server.client.authorization + (last.isEmpty ? [] : [("Last-Event-ID", last)])
            // A server that is killed refuses, or cuts in the middle.
            try? await EventStreamClient(address, receiveBufferBytes: receiveBufferBytes).send(
                "/v1/changes?after=0" + query, headers: headers
            ) { answer in
                #expect(answer.status == 200)
                while position.withLock({ $0 }) != cursor, let block = await answer.next() {
                    #expect(block.strangeLines.isEmpty)
                    if let id = block.id { position.withLock { $0 = id } }
                    if block.data != nil { told.withLock { $0.append(ToldChange(block)) } }
                }
            }
        }
    }

    private static func setting<Value: LosslessStringConvertible>(_ name: String, _ standard: Value) -> Value
    {
        ProcessInfo.processInfo.environment[name].flatMap { Value($0) } ?? standard
    }

    @Test(.timeLimit(.minutes(20)))
    func `readers miss nothing and hear nothing twice, through any number of restarts`() async throws {
        let restarts = Self.setting("TEST_STREAM_RESTARTS", 5)
        let seed = Self.setting("TEST_SEED", UInt64.random(in: 0...UInt64.max))
        print("event stream: \(restarts) restarts, TEST_SEED=\(seed)")
        var random = SeededGenerator(seed: seed)
        // The last one's socket holds a few events only.
        let readers = [Reader(), Reader("&project_id=P1"), Reader(receiveBufferBytes: 4 << 10)]
        try await TemporaryDirectory.with { path in
            var source = ""
            for life in 0..<restarts {
                let (writes, kills) = (Int.random(in: 5...60, using: &random), Bool.random(using: &random))
                source = try await Self.live(path + "/data") { server in
                    let source =
                        life == 0 ? try await server.client.createCustomSource() : source
                    await withTaskGroup(of: Void.self) { group in
                        for reader in readers { group.addTask { await reader.read(server) } }
                        await Self.write(writes, in: life, to: source, server.client) {
                            try? kills ? server.kill() : server.terminate()
                        }
                    }
                    return source
                }
            }
            try await Self.live(path + "/data") { server in
                let newest = try await server.client.links.listChanges(ListChangesRequest()).nextAfter
                for reader in readers { await reader.read(server, until: newest) }
                let all = try await server.client.toldChanges()
                #expect(all.map(\.cursor) == (1...max(all.count, 1)).map(String.init))
                let ofProject = try await server.client.toldChanges(ListChangesRequest(projectID: "P1"))
                print("event stream: \(all.count) changes, \(ofProject.count) of one project")
                #expect(!ofProject.isEmpty && ofProject.count < all.count)
                #expect(readers[0].all == all && readers[2].all == all)
                #expect(readers[1].all == ofProject)
                try server.kill()
            }
        }
    }

    private static func live<Value: Sendable>(
        _ directory: String, _ body: (ServerProcess) async throws -> Value
    ) async throws -> Value {
        try await ServerProcess.with(
            directory: directory, arguments: ["--http-listen", "127.0.0.1:0"], body
        ).value
    }

    /// Writes links until the server is gone, and ends it when so many were written and others are under way.
    private static func write(
        _ count: Int, in life: Int, to source: String, _ client: TestClient, then end: () -> Void
    ) async {
        let (written, report) = AsyncStream.makeStream(of: Void.self)
        await withTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask {
                    for number in 0... {
                        let draft = LinkDraft.key(
                            "\(number)", of: source, from: "TC-\(life)-\(writer)-\(number)")
                        let project = number % 2 == 0 ? "P1" : "P2"
                        guard (try? await client.link(draft, in: project)) != nil else { return }
                        report.yield()
                    }
                }
            }
            var done = 0
            for await _ in written {
                done += 1
                if done == count { break }
            }
            end()
        }
    }
}
