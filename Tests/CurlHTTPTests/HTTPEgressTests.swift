// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct HTTPEgressTests {
    private func denied(_ rule: EgressDenial.Rule = .addressDenied) -> HTTPError.Code { .egressDenied(rule) }

    @Test func `a refused URL is a typed denial with its rule`() async {
        let client = HTTPClient(egress: TestPolicy())
        let error = await expect(denied(.scheme), client, HTTPRequest(.get, "file:///etc/passwd"))
        #expect(error?.stage == .egress && error?.denial?.rule == .scheme)
    }

    @Test func `a denied literal address is never dialled`() async {
        let sink = TestServer.answering { _ in TestServer.response("200 OK") }
        defer { sink.stop() }
        let client = HTTPClient(egress: TestPolicy(denied: ["127.0.0.1"]))
        await expect(denied(), client, HTTPRequest(.get, sink.url))
        #expect(sink.connections == 0)
    }

    @Test(arguments: [["127.0.0.1"], ["127.0.0.2", "127.0.0.1"], ["127.0.0.1", "127.0.0.2"]])
    func `one denied address spoils the whole answer`(answer: [String]) async {
        let sink = TestServer.answering { _ in TestServer.response("200 OK") }
        defer { sink.stop() }
        let client = HTTPClient(
            egress: TestPolicy(denied: ["127.0.0.1"]), resolver: StubResolver(["tracker.test": [answer]]))
        let error = await expect(denied(), client, HTTPRequest(.get, "http://tracker.test:\(sink.port)/"))
        #expect(error?.stage == .egress && error?.timings.connect == nil)
        #expect(sink.connections == 0)
    }

    @Test func `an answer with too many addresses is denied`() async {
        let many = (1...33).map { "127.0.1.\($0)" }
        let client = HTTPClient(egress: TestPolicy(), resolver: StubResolver(["tracker.test": [many]]))
        await expect(denied(.resolveTooMany), client, HTTPRequest(.get, "http://tracker.test:9/"))
    }

    @Test func `a name goes to the judged address only, and no other name service is asked`() async throws {
        let server = TestServer.answering { _ in TestServer.response("200 OK") }
        defer { server.stop() }
        let policy = TestPolicy()
        let resolver = StubResolver(["tracker.test": [["127.0.0.1"]], "foo.localhost": [["127.0.0.1"]]])
        let client = HTTPClient(egress: policy, resolver: resolver)
        for name in ["tracker.test", "foo.localhost"] {
            let response = try await client.send(HTTPRequest(.get, "http://\(name):\(server.port)/"))
            #expect(response.timings.dns != nil)
        }
        #expect(
            server.requests.map { $0.header("host") } == [
                "tracker.test:\(server.port)", "foo.localhost:\(server.port)",
            ])
        #expect(Set(policy.judged.map(\.description)) == ["127.0.0.1"])
        // Each call: the answer, the socket, the connection.
        #expect(policy.judged.count == 6)
    }

    @Test func `a name that moves to a denied address between calls is denied`() async throws {
        let server = TestServer.answering { _ in TestServer.response("200 OK") }
        defer { server.stop() }
        let resolver = StubResolver(["tracker.test": [["127.0.0.1"], ["127.0.0.9"]]])
        let client = HTTPClient(egress: TestPolicy(denied: ["127.0.0.9"]), resolver: resolver)
        let request = HTTPRequest(.get, "http://tracker.test:\(server.port)/")
        #expect(try await client.send(request).status == 200)
        await expect(denied(), client, request)
        #expect(server.requests.count == 1)
    }

    @Test func `a pooled connection to an address that is denied by now is not used`() async throws {
        let server = TestServer.answering { _ in TestServer.response("200 OK") }
        defer { server.stop() }
        let policy = TestPolicy()
        let resolver = StubResolver(["tracker.test": [["127.0.0.1"], ["127.0.0.2"]]])
        let client = HTTPClient(egress: policy, resolver: resolver)
        let request = HTTPRequest(.get, "http://tracker.test:\(server.port)/")
        #expect(try await client.send(request).status == 200)
        policy.deny(["127.0.0.1"])
        // The name leads elsewhere now, but libcurl would take the old connection: its peer is judged again.
        #expect(await outcome(client, request) != nil)
        #expect(server.requests.count == 1)
    }

    @Test func `ten thousand tries of a name that flips never reach the denied address`() async {
        let sink = TestServer.answering { _ in TestServer.response("200 OK") }
        defer { sink.stop() }
        let script = (0..<64).map { [$0 % 2 == 0 ? "127.0.0.1" : "127.0.0.3"] } + [["127.0.0.1"]]
        let client = HTTPClient(
            egress: TestPolicy(denied: ["127.0.0.1"]), resolver: StubResolver(["tracker.test": script]))
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for _ in 0..<1_250 {
                        var request = HTTPRequest(.get, "http://tracker.test:\(sink.port)/")
                        request.partition = "\(task)"
                        #expect(await outcome(client, request) != nil)
                    }
                }
            }
        }
        #expect(sink.connections == 0)
    }

    @Test func `a name without address and a name service in trouble are name errors`() async {
        let client = HTTPClient(egress: TestPolicy(), resolver: StubResolver(["empty.test": [[]]]))
        await expect(.dns, client, HTTPRequest(.get, "http://empty.test/"))
        await expect(.dns, client, HTTPRequest(.get, "http://unknown.test/"))
    }

    @Test func `a silent name ends at its deadline and holds nobody else up`() async throws {
        let server = TestServer.answering { _ in TestServer.response("200 OK") }
        let silent: Set = ["silent.test"]
        let resolver = StubResolver(["tracker.test": [["127.0.0.1"]]], silent: silent)
        defer {
            server.stop()
            resolver.release()
        }
        var configuration = HTTPClientConfiguration()
        configuration.resolveTimeout = .seconds(3)
        let client = HTTPClient(egress: TestPolicy(), configuration: configuration, resolver: resolver)
        let isOver = Mutex(false)
        let waiting = Task {
            defer { isOver.withLock { $0 = true } }
            return await withTaskGroup(of: HTTPError?.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        await expect(.timedOut, client, HTTPRequest(.get, "http://silent.test/"))
                    }
                }
                return await group.reduce(into: []) { $0.append($1?.stage) }
            }
        }
        while resolver.lookups.load(ordering: .relaxed) == 0 { await Task.yield() }
        for _ in 0..<50 {
            _ = try await client.send(HTTPRequest(.get, "http://tracker.test:\(server.port)/"))
        }
        // All fifty are through while the eight still wait for their name.
        #expect(!isOver.withLock { $0 })
        #expect(await waiting.value == Array(repeating: .dns, count: 8))
        // Eight callers shared one look-up.
        #expect(resolver.lookups.load(ordering: .relaxed) <= 51)
    }

    @Test func `names known to be silent hold a few resolver threads at most`() async throws {
        let names = (0..<12).map { "silent\($0).test" }
        let resolver = StubResolver(["tracker.test": [["127.0.0.1"]]], silent: Set(names))
        let server = TestServer.answering { _ in TestServer.response("200 OK") }
        defer {
            server.stop()
            resolver.release()
        }
        var configuration = HTTPClientConfiguration()
        configuration.resolveTimeout = .milliseconds(100)
        let client = HTTPClient(egress: TestPolicy(), configuration: configuration, resolver: resolver)
        for name in names {
            #expect(await outcome(client, HTTPRequest(.get, "http://\(name)/")) == .timedOut)
        }
        // Their threads still hang; new names have the rest of the pool.
        #expect(try await client.send(HTTPRequest(.get, "http://tracker.test:\(server.port)/")).status == 200)
        #expect(await outcome(client, HTTPRequest(.get, "http://silent0.test/")) != nil)
    }

    @Test func `the system's resolver finds localhost and refuses the reserved name`() throws {
        let resolver = SystemNameResolver()
        #expect(try resolver.addresses(of: "localhost").contains(.v4(0x7F00_0001)))
        let invalid = try? resolver.addresses(of: "nothing.invalid")
        #expect(invalid?.isEmpty ?? true)
    }
}
