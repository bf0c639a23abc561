// SPDX-License-Identifier: Apache-2.0

import ExtRefMessages
import RPC
import RPCClient
import RPCMessages
import RPCServer
import Synchronization
import TTRPC
import Testing

/// A running server with a service whose handlers do what the request's text says.
struct TestServer: Sendable {
    let server: RPCServer
    let endpoint: Endpoint
    let log: EventLog
    let health: HealthState
    let gate: Gate

    static let method = MethodDescriptor(service: "t.T", method: "Do", kind: .unary)

    /// Runs a server on a free port for the time of `body`, then stops it at once.
    static func run<Result: Sendable>(
        listen: Endpoint = .tcp(host: "127.0.0.1", port: 0), eventLoops: Int = 2,
        configure: (inout ServerConfiguration) -> Void = { _ in },
        _ body: (TestServer) async throws -> Result
    ) async throws -> Result {
        var configuration = ServerConfiguration(listen: [listen], eventLoops: eventLoops)
        configuration.strangersPerAddressMax = nil
        configuration.drainNoticeDuration = .milliseconds(20)
        configuration.lingerDuration = .milliseconds(200)
        configure(&configuration)
        let log = EventLog()
        let gate = Gate()
        let health = HealthState()
        health.setAll(.serving)
        let router = Router(
            table: try MethodTable(
                [MethodBinding(method) { try await perform($0, $1, log, gate) }]
                    + HealthMethods.bindings(HealthService(health)),
                describing: HealthMethods.all),
            onIncident: { log.add("incident \($0.error)") })
        let server = RPCServer(
            router: router, configuration: configuration, health: health, observer: LoggingObserver(log: log))
        let endpoints = try await server.bind()
        let running = TestServer(
            server: server, endpoint: try #require(endpoints.first), log: log, health: health, gate: gate)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            do {
                let result = try await body(running)
                group.cancelAll()
                try await group.waitForAll()
                return result
            } catch {
                group.cancelAll()
                throw error
            }
        }
    }

    /// What the text of a request can ask for.
    private static func perform(
        _ request: HealthCheckRequest, _ context: CallContext, _ log: EventLog, _ gate: Gate
    ) async throws -> HealthCheckRequest {
        switch request.service {
        case "wait":
            log.add("waiting")
            await withTaskCancellationHandler {
                await gate.passed()
            } onCancel: {
                gate.cancel()
                log.add("cancelled")
            }
        case "fail": throw TestFailure()
        case "authenticate": context.peer.connection?.authenticated()
        case "count": log.add("entered")
        case let text where text.hasPrefix("big "):
            log.add("big")
            return HealthCheckRequest(service: String(repeating: "x", count: Int(text.dropFirst(4)) ?? 0))
        default: break
        }
        return request
    }

    /// Lets all waiting handlers go on.
    func release() {
        gate.open()
    }
}

struct TestFailure: Error, CustomStringConvertible {
    var description: String { "a failure of the test" }
}

/// What happened, for those who wait for it.
final class EventLog: Sendable {
    private struct State {
        var events: [String] = []
        var waiters: [(event: String, count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    var events: [String] { state.withLock { $0.events } }

    func count(_ event: String) -> Int {
        events.filter { $0 == event }.count
    }

    func add(_ event: String) {
        let ready = state.withLock { state in
            state.events.append(event)
            let ready = state.waiters.filter { waiter in
                state.events.filter { $0 == waiter.event }.count >= waiter.count
            }
            state.waiters.removeAll { waiter in
                state.events.filter { $0 == waiter.event }.count >= waiter.count
            }
            return ready
        }
        for waiter in ready { waiter.continuation.resume() }
    }

    /// Returns when an event has happened `count` times.
    func wait(for event: String, count: Int = 1) async {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                let isReady = state.events.filter { $0 == event }.count >= count
                if !isReady { state.waiters.append((event, count, continuation)) }
                return isReady
            }
            if isReady { continuation.resume() }
        }
    }
}

/// Holds handlers until it is opened.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func passed() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiters.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    func open() {
        let waiters = state.withLock { state in
            state.isOpen = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Lets those who wait now go on, for one of them was cancelled.
    func cancel() {
        let waiters = state.withLock { state in
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}

struct LoggingObserver: ServerObserver {
    let log: EventLog

    func connectionOpened(_ peer: PeerIdentity) { log.add("opened") }
    func connectionRefused(_ peer: PeerIdentity, _ reason: ConnectionRefusal) {
        log.add("refused \(reason.rawValue)")
    }
    func connectionClosed(_ peer: PeerIdentity, _ reason: ConnectionEnd) { log.add("closed \(reason.label)") }
}

extension TestServer {
    /// Runs `body` with a client of the server.
    func withClient<Result>(
        configure: (inout ClientConfiguration) -> Void = { _ in }, _ body: (TestClient) async throws -> Result
    ) async throws -> Result {
        var configuration = ClientConfiguration(endpoint: endpoint)
        configure(&configuration)
        let client = RPCClient(configuration)
        do {
            let result = try await body(TestClient(channel: client))
            await client.close()
            return result
        } catch {
            await client.close()
            throw error
        }
    }
}

struct TestClient: Sendable {
    let channel: RPCClient

    @discardableResult
    func call(
        _ text: String, timeout: Duration? = nil, retry: RetryPolicy = .never
    ) async throws(RPCError) -> String {
        try await channel.unary(
            TestServer.method, request: HealthCheckRequest(service: text), response: HealthCheckRequest.self,
            options: CallOptions(timeout: timeout, retry: retry)
        ).service
    }
}
