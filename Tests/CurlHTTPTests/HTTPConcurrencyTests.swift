// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import Testing

@Suite(.timeLimit(.minutes(1))) struct HTTPConcurrencyTests {
    @Test func `64 calls run side by side`() async {
        let client = HTTPClient(egress: TestPolicy())
        let gate = Gate(places: 64)
        let server = TestServer { connection in
            guard connection.readRequest() != nil else { return }
            gate.arriveAndWait()
            connection.write(TestServer.response("200 OK", ["Connection: close"], body: "x"))
        }
        defer { server.stop() }
        // The gate opens when all 64 are there: nothing less than full parallelism passes.
        let statuses = await withTaskGroup(of: Int?.self) { group in
            for index in 0..<64 {
                var request = HTTPRequest(.get, server.url)
                request.partition = "source \(index / 8)"
                group.addTask { [request] in try? await client.send(request).status }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.count { $0 == 200 } == 64)
    }

    @Test func `one partition gets eight places and leaves the others theirs`() async throws {
        let client = HTTPClient(egress: TestPolicy())
        let stuck = TestServer.silent()
        let healthy = TestServer.answering { _ in TestServer.response("200 OK") }
        defer {
            stuck.stop()
            healthy.stop()
        }
        let hanging = Task {
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<20 { group.addTask { _ = await outcome(client, HTTPRequest(.get, stuck.url)) } }
            }
        }
        while stuck.requests.count < 8 { await Task.yield() }
        let elapsed = await ContinuousClock().measure {
            for _ in 0..<20 { #expect(await outcome(client, HTTPRequest(.get, healthy.url)) == nil) }
        }
        #expect(elapsed < .seconds(5), "took \(elapsed)")
        #expect(stuck.requests.count == 8)
        hanging.cancel()
        await hanging.value
        #expect(stuck.requests.count == 8, "a cancelled waiter must never be sent")
    }

    @Test func `a full queue refuses at once, and a place that becomes free goes to who waits`() async throws
    {
        var configuration = HTTPClientConfiguration()
        configuration.transfersPerPartitionMax = 1
        let client = HTTPClient(egress: TestPolicy(), configuration: configuration)
        let gate = Gate(places: 2)
        let server = TestServer { connection in
            while connection.readRequest() != nil {
                if connection.server.requests.count == 1 { gate.arriveAndWait() }
                connection.write(TestServer.response("200 OK"))
            }
        }
        defer { server.stop() }
        let calls = HTTPLimits.waitingPerPartitionMax + 11
        let outcomes = await withTaskGroup(of: HTTPError.Code?.self) { group in
            for _ in 0..<calls { group.addTask { await outcome(client, HTTPRequest(.get, server.url)) } }
            var outcomes: [HTTPError.Code?] = []
            for await code in group {
                outcomes.append(code)
                // Ten are refused while one is under way and the queue is full; then the server may go on.
                if outcomes.count == 10 { gate.arrive() }
            }
            return outcomes
        }
        #expect(outcomes.prefix(10).allSatisfy { $0 == .overloaded })
        #expect(outcomes.dropFirst(10).allSatisfy { $0 == nil } && outcomes.count == calls)
    }

    @Test func `waiting for a place ends at the deadline`() async {
        var configuration = HTTPClientConfiguration()
        configuration.transfersPerPartitionMax = 1
        let client = HTTPClient(egress: TestPolicy(), configuration: configuration)
        let server = TestServer.silent()
        defer { server.stop() }
        let first = Task { await outcome(client, HTTPRequest(.get, server.url)) }
        while server.requests.isEmpty { await Task.yield() }
        var second = HTTPRequest(.get, server.url)
        second.timeout = .milliseconds(100)
        let error = await expect(.timedOut, client, second)
        #expect(error?.stage == .queue)
        first.cancel()
        #expect(await first.value == .cancelled)
    }

    @Test(arguments: 0..<20)
    func `cancelling ends a transfer promptly and frees its place`(_: Int) async throws {
        var configuration = HTTPClientConfiguration()
        configuration.transfersMax = 1
        let client = HTTPClient(egress: TestPolicy(), configuration: configuration)
        let closed = Gate(places: 2)
        let server = TestServer { connection in
            guard let request = connection.readRequest() else { return }
            if request.firstLine.contains("/hang") {
                if connection.waitForClose(atMost: 10_000) { closed.arrive() }
            } else {
                connection.write(TestServer.response("200 OK"))
            }
        }
        defer { server.stop() }
        let hanging = Task { await outcome(client, HTTPRequest(.get, server.url + "/hang")) }
        while server.requests.isEmpty { await Task.yield() }
        let elapsed = await ContinuousClock().measure {
            hanging.cancel()
            #expect(await hanging.value == .cancelled)
        }
        #expect(elapsed < .seconds(3), "took \(elapsed)")
        await closed.arriveAndWaitAsync()
        #expect(try await client.send(HTTPRequest(.get, server.url)).status == 200)
    }

    @Test func `a task that is cancelled before the call sends nothing`() async {
        let client = HTTPClient(egress: TestPolicy())
        let server = TestServer.answering { _ in TestServer.response("200 OK") }
        defer { server.stop() }
        let call = Task {
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            return await outcome(client, HTTPRequest(.get, server.url))
        }
        #expect(await call.value == .cancelled)
        #expect(server.requests.isEmpty)
    }

    @Test func `calls at random, half of them cancelled, all end and leak no place`() async throws {
        let client = HTTPClient(egress: TestPolicy())
        let server = TestServer.answering { _ in TestServer.response("200 OK", body: "x") }
        defer { server.stop() }
        var random = SystemRandomNumberGenerator()
        let seed = UInt64.random(in: 0...UInt64.max, using: &random)
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<400 {
                let isCancelled = (seed >> UInt64(index % 64)) & 1 == 1
                group.addTask {
                    let call = Task { await outcome(client, HTTPRequest(.get, server.url)) }
                    if isCancelled { call.cancel() }
                    let code = await call.value
                    #expect(
                        code == nil || isCancelled && code == .cancelled || code == .overloaded,
                        "seed \(seed)")
                }
            }
        }
        for _ in 0..<16 {
            #expect(try await client.send(HTTPRequest(.get, server.url)).status == 200, "seed \(seed)")
        }
    }
}
