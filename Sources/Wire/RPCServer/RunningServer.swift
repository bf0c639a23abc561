// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import NIOPosix
internal import RPC
private import Synchronization

/// A server from the opening of its listeners to the end of its threads.
final class RunningServer: Sendable {
    private let configuration: ServerConfiguration
    private let group: MultiThreadedEventLoopGroup
    private let listener: Listener
    private let listening = Mutex<[any Channel]>([])
    /// Kept when the drain begins.
    private let drainBegan: EventLoopPromise<Void>
    /// Kept when nobody is waited for any more.
    private let stopped: EventLoopPromise<Void>

    init(router: Router, configuration: ServerConfiguration, observer: any ServerObserver) {
        self.configuration = configuration
        group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.eventLoops)
        listener = Listener(
            core: ServerCore(
                router: router, configuration: configuration,
                gate: CallGate(limit: configuration.inFlightMax), observer: observer),
            ledger: ConnectionLedger(
                connectionsMax: configuration.connectionsMax,
                strangersPerAddressMax: configuration.strangersPerAddressMax),
            group: group, executors: LoopExecutors(group))
        drainBegan = group.any().makePromise()
        stopped = group.any().makePromise()
    }

    var statistics: ServerStatistics {
        ServerStatistics(
            connections: listener.ledger.count, callsRunning: listener.core.gate.runningCount,
            callsStarted: listener.core.gate.startedCount)
    }

    /// Opens the listeners.
    func bind() async throws(ServerError) -> [Endpoint] {
        var addresses: [Endpoint] = []
        for address in configuration.listen {
            let channel = try await listener.bind(address)
            listening.withLock { $0.append(channel) }
            addresses.append(Endpoint(channel.localAddress) ?? address)
        }
        return addresses
    }

    func beginDraining() {
        drainBegan.succeed()
    }

    /// Drains without waiting for anybody.
    func stop() {
        drainBegan.succeed()
        stopped.succeed()
    }

    /// Returns when the drain has begun and is done.
    func drained() async {
        try? await drainBegan.futureResult.get()
        await closeListeners()
        listener.ledger.close()
        let empty = listener.ledger.whenEmpty(on: group.any())
        tell(.began)
        let notice = group.any().scheduleTask(in: TimeAmount(configuration.drainNoticeDuration)) {
            self.tell(.noticePassed)
        }
        let limit = group.any().scheduleTask(in: TimeAmount(configuration.drainDuration)) {
            self.stopped.succeed()
        }
        stopped.futureResult.whenComplete { _ in self.closeConnections() }
        try? await empty.get()
        notice.cancel()
        limit.cancel()
        await waitForHandlers()
    }

    /// Ends the threads. Nothing can be done with the server after that.
    func end() async {
        await closeListeners()
        drainBegan.succeed()
        stopped.succeed()
        try? await group.shutdownGracefully()
    }

    /// Handlers whose connection is gone have been cancelled; they still need their loops to end.
    private func waitForHandlers() async {
        let gate = listener.core.gate
        let limit = ContinuousClock.now + RPCServerLimits.stopDuration
        while gate.runningCount > 0, ContinuousClock.now < limit {
            try? await group.any().scheduleTask(in: .milliseconds(1)) {}.futureResult.get()
        }
    }

    private func tell(_ event: DrainEvent) {
        for channel in listener.ledger.channels { channel.pipeline.fireUserInboundEventTriggered(event) }
    }

    private func closeConnections() {
        for channel in listener.ledger.channels { channel.close(promise: nil) }
    }

    private func closeListeners() async {
        let channels = listening.withLock { listening in
            defer { listening = [] }
            return listening
        }
        for channel in channels {
            try? await channel.close().get()
        }
    }
}
