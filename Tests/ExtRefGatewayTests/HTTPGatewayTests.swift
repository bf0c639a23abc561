// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefSecurity
import Synchronization
import Testing

@testable import ExtRefGateway

@Suite(.timeLimit(.minutes(1))) struct HTTPGatewayTests {
    /// Runs a listener around the body, with a client that may call it.
    private static func with(
        _ recorder: Recorder, bodyBytesMax: Int = GatewayLimits.bodyBytesMax,
        _ body: (@escaping @Sendable (HTTPRequest) async throws -> HTTPResponse, String) async throws -> Void
    ) async throws {
        let gateway = try await HTTPGateway.start(
            on: .tcp(host: "127.0.0.1", port: 0), webhooks: recorder, bodyBytesMax: bodyBytesMax)
        guard case .tcp(let host, let port) = gateway.address else { throw NoPort() }
        var egress = EgressConfiguration()
        egress.httpsOnly = false
        egress.allow = [try EgressEntry("\(host):\(port)")]
        let client = HTTPClient(egress: OperatorEgressPolicy(egress))
        let running = Task { await gateway.run() }
        do {
            try await body({ try await client.send($0) }, "http://\(host):\(port)")
        } catch {
            gateway.stop()
            throw error
        }
        client.shutDown()
        gateway.stop()
        await running.value
    }

    private struct NoPort: Error {}

    @Test func `a notification arrives byte for byte and is answered when it is taken`() async throws {
        let recorder = Recorder(.taken)
        let body = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try await Self.with(recorder) { send, base in
            let response = try await send(
                HTTPRequest(
                    .post, base + "/webhooks/src_1/s%2Fx?ignored=1",
                    headers: [
                        HTTPField("X-Hub-Signature-256", "sha256=00"), HTTPField("X-Twice", "a"),
                        HTTPField("X-Twice", "b"),
                    ], body: body))
            #expect(response.status == 202 && response.body.isEmpty)
        }
        let taken = try #require(recorder.taken.first)
        #expect(recorder.taken.count == 1 && taken.sourceID == "src_1" && taken.pathSecret == "s/x")
        #expect(taken.body == body)
        #expect(taken.headers.filter { $0.name == "x-hub-signature-256" }.map(\.value) == ["sha256=00"])
        #expect(taken.headers.filter { $0.name == "x-twice" }.map(\.value) == ["a", "b"])
    }

    @Test func `everything that is not taken gets the same answer`() async throws {
        let recorder = Recorder(.refused)
        let large = [UInt8](repeating: 0x20, count: 65_537)
        let wrong: [(HTTPRequest.Method, String, [UInt8])] = [
            (.post, "/webhooks/src_1", Array("{}".utf8)), (.post, "/webhooks/unknown/secret", []),
            (.post, "/webhooks", []), (.post, "/", []), (.post, "/anything/else", Array("x".utf8)),
            (.get, "/webhooks/src_1", []), (.put, "/webhooks/src_1", Array("{}".utf8)),
            (.post, "/webhooks/src_1", large), (.post, "/webhooks/src_1/%FF", []),
        ]
        try await Self.with(recorder, bodyBytesMax: 65_536) { send, base in
            for (method, path, body) in wrong {
                let response = try await send(
                    HTTPRequest(method, base + path, body: method == .get ? nil : body))
                #expect(response.status == 404, "\(method) \(path)")
                #expect(response.body == Array("There is nothing here.\n".utf8), "\(method) \(path)")
                let names = response.headers.map { $0.name.lowercased() }.filter { $0 != "connection" }
                #expect(Set(names) == ["content-type", "content-length", "date"], "\(method) \(path)")
            }
        }
        #expect(recorder.taken.map(\.sourceID) == ["src_1", "unknown"])
    }

    @Test func `a tracker that comes at a bad moment is asked to come again`() async throws {
        try await Self.with(Recorder(.busy)) { send, base in
            let response = try await send(HTTPRequest(.post, base + "/webhooks/src_1", body: []))
            #expect(response.status == 503)
            #expect(response.headers.first { $0.name.lowercased() == "retry-after" }?.value == "10")
        }
    }

    @Test func `many at once are all answered`() async throws {
        let recorder = Recorder(.taken)
        try await Self.with(recorder) { send, base in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<8 {
                    group.addTask {
                        for number in stride(from: worker, to: 200, by: 8) {
                            let path = "/webhooks/src_\(number)"
                            let response = try await send(
                                HTTPRequest(.post, base + path, body: Array("{}".utf8)))
                            #expect(response.status == 202)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        #expect(Set(recorder.taken.map(\.sourceID)).count == 200)
    }

    @Test func `an address in use is said at the start`() async throws {
        let first = try await HTTPGateway.start(
            on: .tcp(host: "127.0.0.1", port: 0), webhooks: Recorder(.taken))
        await #expect(throws: (any Error).self) {
            try await HTTPGateway.start(on: first.address, webhooks: Recorder(.taken))
        }
        first.stop()
        await first.run()
    }

    @Test func `the task's cancellation ends the listener`() async throws {
        let gateway = try await HTTPGateway.start(
            on: .tcp(host: "127.0.0.1", port: 0), webhooks: Recorder(.taken))
        let running = Task { await gateway.run() }
        running.cancel()
        await running.value
        // The port is free again.
        let next = try await HTTPGateway.start(on: gateway.address, webhooks: Recorder(.taken))
        next.stop()
        await next.run()
    }
}

/// Takes notifications and remembers them.
private final class Recorder: WebhookReceiving {
    private let answer: WebhookAnswer
    private let state = Mutex<[WebhookNotification]>([])

    init(_ answer: WebhookAnswer) { self.answer = answer }

    var taken: [WebhookNotification] { state.withLock { $0 } }

    func receive(_ notification: WebhookNotification) async -> WebhookAnswer {
        state.withLock { $0.append(notification) }
        return answer
    }
}
