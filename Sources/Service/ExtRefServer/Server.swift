// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
public import ExtRefDomain
import ExtRefGateway
import ExtRefSecurity
import ExtRefServices
import ExtRefStore
import ExtRefSync
public import ExtRefTrackers
public import Logging
public import RPC
import RPCServer
public import SQLEngine
public import ServiceLifecycle

/// A whole server in one object: store, keys, trackers, services, listeners.
///
/// ```swift
/// let server = try await Server.start(settings, logger: logger)
/// print(server.addresses)
/// try await server.run()      // returns after drain(), or when its service group shuts down
/// ```
/// Programs and end-to-end tests start the same thing.
public final class Server: Sendable {
    /// Where it listens, with the ports the system chose, in the order of the settings.
    public let addresses: [Endpoint]
    /// Where it takes webhooks, and gives the change feed, over HTTP; nil = nowhere.
    public let httpAddress: Endpoint?
    /// Whether this start wrote a new admin token.
    public let isNewAdminToken: Bool

    private let rpc: RPCServer
    private let gateway: HTTPGateway?
    private let streams: ChangeStreams
    private let store: Store
    private let http: HTTPClient
    private let authenticator: Authenticator
    private let jobs: [JobRunner]
    private let changes: ChangeHub
    private let clock: WallClock
    private let pauses: any Clock<Duration>
    private let logger: Logger

    /// Opens everything and begins to listen. ``run()`` has to follow.
    ///
    /// - Parameters:
    ///   - settings: judged settings.
    ///   - logger: where it logs.
    ///   - clock: the time, for tokens, audit and everything that is stored.
    ///   - pauses: what housekeeping waits on.
    /// - Throws: ``StartError``; nothing stays open then.
    public static func start(
        _ settings: ServerSettings, logger: Logger, clock: @escaping WallClock = TrackerRunner.systemTime,
        pauses: any Clock<Duration> = ContinuousClock()
    ) async throws(StartError) -> Server {
        let assembly = try await Assembly.open(settings, logger: logger, clock: clock, pauses: pauses)
        do throws(StartError) {
            let health = assembly.makeHealth()
            let router = try assembly.makeRouter(health)
            let streams = assembly.makeChangeStreams(router, pauses: pauses)
            let gateway = try await assembly.listenHTTP(streams, pauses: pauses)
            do throws(StartError) {
                let (rpc, addresses) = try await assembly.listen(router, health)
                return Server(
                    assembly, rpc: rpc, addresses: addresses, gateway: gateway, streams: streams,
                    pauses: pauses)
            } catch {
                gateway?.stop()
                throw error
            }
        } catch {
            assembly.close()
            throw error
        }
    }

    private init(
        _ assembly: Assembly, rpc: RPCServer, addresses: [Endpoint], gateway: HTTPGateway?,
        streams: ChangeStreams, pauses: any Clock<Duration>
    ) {
        self.gateway = gateway
        self.streams = streams
        httpAddress = gateway.map { Endpoint($0.address) }
        self.pauses = pauses
        self.rpc = rpc
        self.addresses = addresses
        isNewAdminToken = assembly.isNewAdminToken
        store = assembly.store
        http = assembly.http
        authenticator = assembly.keys.authenticator
        jobs = assembly.makeJobRunners(pauses: pauses)
        changes = assembly.changes
        clock = assembly.clock
        logger = assembly.logger
    }

    /// What the store has done since the start.
    public var storeStatistics: SQLStatistics { store.statistics }

    /// Begins to go away: no new calls, those in flight are answered, then ``run()`` returns. May be called
    /// twice.
    public func drain() {
        rpc.beginDraining()
        // Calls that wait for a change would hold it up; they are answered, and their clients go on
        // elsewhere.
        streams.close()
        changes.close()
    }
}

extension Server: Service {
    /// Serves until it has drained. A service group's graceful shutdown drains it; cancelling the task ends
    /// it at once.
    public func run() async throws {
        defer { close() }
        try await withGracefulShutdownHandler {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await self.rpc.run() }
                if let gateway { group.addTask { await gateway.run() } }
                group.addTask { await self.keepKeysFresh() }
                group.addTask { await self.work() }
                group.addTask { await self.changes.run() }
                // The listener ends first and takes the housekeeping with it.
                try await group.next()
                group.cancelAll()
            }
        } onGracefulShutdown: {
            self.logger.info("draining")
            self.drain()
        }
    }

    /// Does what nobody waits for, until it is cancelled.
    private func work() async {
        do {
            try await store.spreadOverdueJobs(
                .syncSource, pace: SyncLimits.startPace, longest: SyncLimits.startSpreadMax, at: clock())
        } catch {
            logger.warning("overdue syncs not spread", metadata: ["cause": "\(error)"])
        }
        await withDiscardingTaskGroup { group in
            for runner in jobs { group.addTask { await runner.run() } }
        }
    }

    /// Reads key set files again when they changed, until it is cancelled.
    private func keepKeysFresh() async {
        while !Task.isCancelled {
            do {
                try await pauses.sleep(for: ServerLimits.keySetInterval)
                try await authenticator.reloadKeys(now: clock())
            } catch is CancellationError {
                return
            } catch {
                logger.warning("key set not read", metadata: ["cause": "\(error)"])
            }
        }
    }

    private func close() {
        http.shutDown()
        do {
            try store.close()
        } catch {
            logger.error("store not closed", metadata: ["cause": "\(error)"])
        }
        logger.info("stopped")
    }
}

extension Endpoint {
    fileprivate init(_ address: HTTPGateway.Address) {
        switch address {
        case .tcp(let host, let port): self = .tcp(host: host, port: port)
        case .unix(let path): self = .unix(path: path)
        }
    }
}
