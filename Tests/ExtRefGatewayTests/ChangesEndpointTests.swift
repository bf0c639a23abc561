// SPDX-License-Identifier: Apache-2.0

import HTTPTestKit
import Testing

@testable import ExtRefGateway

@Suite(.timeLimit(.minutes(1))) struct ChangesEndpointTests {
    /// Runs a listener with the feed around the body, with a client of it.
    private static func with(
        _ feed: ScriptedFeed, receiveBufferBytes: Int? = nil,
        change: (inout EventStreamBounds) -> Void = { _ in },
        _ body: (EventStreamClient, HTTPGateway) async throws -> Void
    ) async throws {
        var bounds = EventStreamBounds()
        change(&bounds)
        let gateway = try await HTTPGateway.start(
            on: .tcp(host: "127.0.0.1", port: 0), webhooks: NoWebhooks(), changes: feed, streams: bounds)
        guard case .tcp(let host, let port) = gateway.address else { throw NoPort() }
        let address = try #require(EventStreamClient.Address("\(host):\(port)"))
        let running = Task { await gateway.run() }
        defer { gateway.stop() }
        try await body(EventStreamClient(address, receiveBufferBytes: receiveBufferBytes), gateway)
        gateway.stop()
        await running.value
    }

    private struct NoPort: Error {}
    private struct NoWebhooks: WebhookReceiving {
        func receive(_ notification: WebhookNotification) async -> WebhookAnswer { .refused }
    }

    @Test func `a stream tells when to come again, every event, and where the reader is`() async throws {
        let feed = ScriptedFeed(pages: [
            .events([]), .events(1...2), .events([3], cursor: 9), .events([], cursor: 9),
        ])
        try await Self.with(feed) { client, _ in
            try await client.send("/v1/changes") { answer in
                #expect(answer.status == 200 && answer.header("content-type") == "text/event-stream")
                #expect(answer.header("cache-control") == "no-store")
                #expect(!answer.headerNames.contains { $0.hasPrefix("access-control") })
                #expect(await answer.next()?.retry == GatewayLimits.eventRetryMilliseconds)
                let start = await answer.next()
                #expect(start?.id == "0" && start?.data == nil)
                for number in 1...3 {
                    let event = await answer.next()
                    #expect(event?.id == String(number) && event?.event == "kind" && event?.data == "{}")
                }
                let moved = await answer.next()
                #expect(moved?.id == "9" && moved?.data == nil && moved?.comments == [""])
                let alive = await answer.next()
                #expect(alive?.id == nil && alive?.comments == [""])
            }
        }
        #expect(feed.waits.allSatisfy { $0 == GatewayLimits.heartbeatInterval })
    }

    @Test func `the feed hears what was asked, and who asks`() async throws {
        let feed = ScriptedFeed { _ in .end("OK") }
        try await Self.with(feed) { client, _ in
            let path = "/v1/changes?project_id=P%201&object.kind=case&x=%zz"
            let headers = [
                ("Authorization", "Bearer t"), ("Last-Event-ID", "5"), ("X-Twice", "a"), ("X-Twice", "b"),
            ]
            try await client.send(path, headers: headers) { answer in
                while await answer.next() != nil {}
                #expect(answer.isWhole)
            }
        }
        let request = try #require(feed.requests.first)
        let asked: [(String, String?)] = [("project_id", "P 1"), ("object.kind", "case"), ("x", nil)]
        #expect(request.parameters == asked.map { QueryParameter(name: $0.0, value: $0.1) })
        let headers = request.headers.filter { $0.name != "host" }.map { "\($0.name): \($0.value)" }
        #expect(headers == ["authorization: Bearer t", "last-event-id: 5", "x-twice: a", "x-twice: b"])
    }

    @Test func `a feed that ends says why and ends the stream as a whole`() async throws {
        let feed = ScriptedFeed { $0 == 0 ? .page(.events([1])) : .end("UNAUTHENTICATED TOKEN_EXPIRED") }
        try await Self.with(feed) { client, _ in
            try await client.send("/v1/changes") { answer in
                #expect(await answer.nextEvent()?.id == "1")
                #expect(await answer.next()?.comments == ["UNAUTHENTICATED TOKEN_EXPIRED"])
                #expect(await answer.next() == nil && answer.isWhole)
            }
        }
    }

    @Test(arguments: [
        (401, nil, "", "Bearer"), (429, Duration.milliseconds(1_001), "2", ""), (403, nil, "", ""),
    ])
    func `a refusal is JSON, with what helps in its fields`(
        _ status: Int, _ retryAfter: Duration?, _ retryField: String, _ challenge: String
    ) async throws {
        let feed = ScriptedFeed(
            refusing: HTTPRefusal(status: status, body: #"{"error": {}}"#, retryAfter: retryAfter)
        ) { _ in .silence }
        try await Self.with(feed) { client, _ in
            try await client.send("/v1/changes") { answer in
                #expect(answer.status == status && answer.header("content-type") == "application/json")
                #expect(answer.header("retry-after") == retryField)
                #expect(answer.header("www-authenticate") == challenge)
                #expect(await answer.rest() == "{\"error\": {}}\n")
            }
        }
    }

    @Test(arguments: ["POST", "PUT", "DELETE", "OPTIONS", "HEAD"])
    func `nothing but GET is answered, and no page of another origin is let in`(_ method: String) async throws
    {
        let feed = ScriptedFeed { _ in .silence }
        try await Self.with(feed) { client, _ in
            let headers = [("Origin", "https://elsewhere.example"), ("Access-Control-Request-Method", "GET")]
            try await client.send("/v1/changes", method: method, headers: headers) { answer in
                #expect(answer.status == 405 && answer.header("allow") == "GET")
                #expect(!answer.headerNames.contains { $0.hasPrefix("access-control") })
            }
        }
        #expect(feed.requests.isEmpty)
    }

    @Test(arguments: ["/v1/changes/", "/v1/change", "/v1/changes/x", "/V1/changes", "//v1/changes", "/v1"])
    func `other paths are none`(_ path: String) async throws {
        let feed = ScriptedFeed { _ in .silence }
        try await Self.with(feed) { client, _ in
            try await client.send(path) { #expect($0.status == 404) }
        }
        #expect(feed.requests.isEmpty)
    }

    @Test func `a query that is too long is not looked at`() async throws {
        let feed = ScriptedFeed { _ in .silence }
        let query = String(repeating: "a", count: GatewayLimits.queryBytesMax + 1)
        try await Self.with(feed) { client, _ in
            try await client.send("/v1/changes?" + query) { #expect($0.status == 431) }
        }
        #expect(feed.requests.isEmpty)
    }

    @Test func `a reader who goes away ends the feed at once`() async throws {
        let feed = ScriptedFeed(pages: [.events([1])])
        try await Self.with(feed) { client, _ in
            try await client.send("/v1/changes") { _ = await $0.nextEvent() }
            await feed.hasEnded()
        }
    }

    @Test func `a reader who takes nothing holds a bounded part of the feed, and is cut off`() async throws {
        let data = String(repeating: "x", count: 32 << 10)
        let feed = ScriptedFeed { .page(.events([$0], data: data)) }
        let impatient = { (bounds: inout EventStreamBounds) in bounds.writeDuration = .milliseconds(200) }
        try await Self.with(feed, receiveBufferBytes: 4 << 10, change: impatient) { client, _ in
            try await client.send("/v1/changes") { answer in
                await feed.hasEnded()
                // What the sockets and buffers of one connection hold: not a feed that never ends.
                let read = feed.waits.count
                #expect(read * data.utf8.count < 16 << 20, "\(read)")
                var numbers: [Int] = []
                while let event = await answer.nextEvent() { numbers.append(Int(event.id ?? "") ?? -1) }
                #expect(!answer.isWhole)
                // What arrived whole is the beginning of the feed; the reader goes on behind it.
                #expect(numbers == Array(0..<numbers.count) && numbers.count <= read)
            }
        }
    }

    @Test func `a slow reader gets everything in its own time`() async throws {
        let data = String(repeating: "x", count: 32 << 10)
        let feed = ScriptedFeed { $0 < 200 ? .page(.events([$0], data: data)) : .end("OK") }
        try await Self.with(feed, receiveBufferBytes: 4 << 10) { client, _ in
            try await client.send("/v1/changes") { answer in
                #expect(await answer.nextEvent()?.id == "0")
                // The writer is held up: it reads on in the feed only as this reader goes on.
                #expect(feed.waits.count < 200)
                var last = 0
                while let event = await answer.nextEvent() {
                    #expect(event.id == String(last + 1) && event.data == data)
                    last += 1
                }
                #expect(last == 199 && answer.isWhole)
            }
        }
    }

    @Test func `a page is sent in pieces`() async throws {
        let feed = ScriptedFeed { $0 == 0 ? .page(.events(1...50, data: "{\"a\": 1}")) : .end("OK") }
        let small = { (bounds: inout EventStreamBounds) in bounds.pieceBytes = 64 }
        try await Self.with(feed, change: small) { client, _ in
            try await client.send("/v1/changes") { answer in
                var ids: [String] = []
                while let event = await answer.nextEvent() { ids.append(event.id ?? "") }
                #expect(ids == (1...50).map(String.init))
            }
        }
    }

    @Test func `the listener's end ends its streams`() async throws {
        let feed = ScriptedFeed(pages: [.events([1])])
        try await Self.with(feed) { client, gateway in
            try await client.send("/v1/changes") { answer in
                #expect(await answer.nextEvent()?.id == "1")
                gateway.stop()
                while await answer.next() != nil {}
            }
        }
    }

    @Test func `without a feed there is nothing at its path`() async throws {
        let gateway = try await HTTPGateway.start(
            on: .tcp(host: "127.0.0.1", port: 0), webhooks: NoWebhooks())
        guard case .tcp(let host, let port) = gateway.address else { throw NoPort() }
        let address = try #require(EventStreamClient.Address("\(host):\(port)"))
        try await EventStreamClient(address).send("/v1/changes") { #expect($0.status == 404) }
        gateway.stop()
        await gateway.run()
    }
}
