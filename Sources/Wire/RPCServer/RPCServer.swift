// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
public import RPC
private import Synchronization

/// A server on TCP and unix sockets.
///
/// ```swift
/// let server = RPCServer(router: router, configuration: .init(listen: [.tcp(host: "127.0.0.1", port: 0)]))
/// let addresses = try await server.bind()
/// try await server.run()          // returns after beginDraining(), when the last call is answered
/// ```
/// The client's first byte tells the protocol; today it is ttrpc, and all else is closed.
public final class RPCServer: Sendable {
    fileprivate enum Phase {
        case fresh
        case binding
        case bound(RunningServer)
        case running(RunningServer)
        case ended
    }

    private struct State {
        var phase = Phase.fresh
        var isDraining = false
    }

    private let router: Router
    private let configuration: ServerConfiguration
    private let health: HealthState?
    private let observer: any ServerObserver
    private let state = Mutex(State())

    /// Creates a server; nothing is opened and no thread started.
    ///
    /// - Parameters:
    ///   - router: serves the calls.
    ///   - configuration: where to listen and what to allow.
    ///   - health: is told when the server drains.
    ///   - observer: hears what happens to connections.
    public init(
        router: Router, configuration: ServerConfiguration, health: HealthState? = nil,
        observer: (any ServerObserver)? = nil
    ) {
        precondition(!configuration.listen.isEmpty, "a server listens somewhere")
        precondition(configuration.eventLoops > 0, "a server needs an event loop")
        self.router = router
        self.configuration = configuration
        self.health = health
        self.observer = observer ?? SilentObserver()
    }

    /// Figures of the moment; all zero while the server does not run.
    public var statistics: ServerStatistics {
        state.withLock { $0.phase.server }?.statistics ?? ServerStatistics()
    }

    /// Opens the listeners. From now on clients can connect; `run` has to follow.
    ///
    /// - Returns: the addresses, with the ports that the system chose, in the order of the configuration.
    /// - Throws: `ServerError` when one cannot be opened; the others are closed again and the server is over.
    @discardableResult
    public func bind() async throws(ServerError) -> [Endpoint] {
        let isFirst = state.withLock { state in
            guard case .fresh = state.phase else { return false }
            state.phase = .binding
            return true
        }
        guard isFirst else { throw ServerError(.alreadyRun, "the server has been started before") }
        let server = RunningServer(router: router, configuration: configuration, observer: observer)
        do {
            let addresses = try await server.bind()
            state.withLock { $0.phase = .bound(server) }
            return addresses
        } catch {
            await server.end()
            state.withLock { $0.phase = .ended }
            throw error
        }
    }

    /// Serves until the server has drained. Cancelling the task stops it at once.
    ///
    /// - Throws: `ServerError` when a listener cannot be opened, or when the server has run before.
    public func run() async throws(ServerError) {
        if state.withLock({ $0.phase.isFresh }) { try await bind() }
        let (server, isDraining) = state.withLock { state in
            guard case .bound(let server) = state.phase else { return (nil as RunningServer?, false) }
            state.phase = .running(server)
            return (server, state.isDraining)
        }
        guard let server else { throw ServerError(.alreadyRun, "the server has been run before") }
        if isDraining { server.beginDraining() }
        await withTaskCancellationHandler {
            await server.drained()
        } onCancel: {
            health?.beginDraining()
            server.stop()
        }
        state.withLock { $0.phase = .ended }
        await server.end()
    }

    /// Begins to go away: health turns to NOT_SERVING, listeners close, new calls are refused with
    /// UNAVAILABLE, calls in flight are answered. `run` returns when all is done or `drainDuration` is over.
    ///
    /// Any thread may call it, and more than once.
    public func beginDraining() {
        health?.beginDraining()
        let server: RunningServer? = state.withLock { state in
            state.isDraining = true
            guard case .running(let server) = state.phase else { return nil }
            return server
        }
        server?.beginDraining()
    }
}

extension RPCServer.Phase {
    fileprivate var isFresh: Bool {
        if case .fresh = self { true } else { false }
    }

    fileprivate var server: RunningServer? {
        switch self {
        case .bound(let server), .running(let server): server
        case .fresh, .binding, .ended: nil
        }
    }
}
