// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import NIOPosix
internal import RPC
private import Synchronization

/// A place for one connection, which is opened when a call needs it and forgotten when it breaks.
final class ConnectionSlot: Sendable {
    private let configuration: ClientConfiguration
    private let current = Mutex<EventLoopFuture<ClientConnection>?>(nil)

    init(_ configuration: ClientConfiguration) {
        self.configuration = configuration
    }

    /// Makes one attempt.
    func perform(_ attempt: CallAttempt) async -> Result<[UInt8], AttemptFailure> {
        guard attempt.deadline > .now else { return .failure(.abandoned(.deadlineExceeded)) }
        let connection: ClientConnection
        do {
            connection = try await opened().get()
        } catch {
            let refused = RPCError(
                .unavailable, "cannot connect to \(configuration.endpoint)", cause: error)
            return .failure(.notSent(refused))
        }
        return await connection.perform(attempt)
    }

    /// Lets the calls in flight finish and closes the connection.
    func close() async {
        guard let opening = current.withLock({ $0.take() }) else { return }
        guard let connection = try? await opening.get() else { return }
        await connection.retire()
    }

    /// The connection, opened now if there is none. Calls that come meanwhile share the attempt.
    private func opened() -> EventLoopFuture<ClientConnection> {
        current.withLock { current in
            if let current { return current }
            let opening = open()
            current = opening
            opening.whenComplete { result in self.watch(result, opening) }
            return opening
        }
    }

    /// Forgets a connection that could not be opened at once, and one that could when it takes no more calls.
    private func watch(
        _ result: Result<ClientConnection, any Error>, _ opening: EventLoopFuture<ClientConnection>
    ) {
        switch result {
        case .failure: forget(opening)
        case .success(let connection): connection.whenRetired.whenComplete { _ in self.forget(opening) }
        }
    }

    private func forget(_ opening: EventLoopFuture<ClientConnection>) {
        current.withLock { current in
            if current === opening { current = nil }
        }
    }

    private func open() -> EventLoopFuture<ClientConnection> {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let connection = eventLoop.makePromise(of: ClientConnection.self)
        let configuration = configuration
        let bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(TimeAmount(configuration.connectDuration))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = TTRPCClientHandler(channel.eventLoop, configuration)
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
        let channel =
            switch configuration.endpoint {
            case .tcp(let host, let port):
                bootstrap.channelOption(.tcpOption(.tcp_nodelay), value: 1)
                    .channelOption(.socketOption(.so_keepalive), value: 1)
                    .connect(host: host, port: port)
            case .unix(let path): bootstrap.connect(unixDomainSocketPath: path)
            }
        channel.flatMapThrowing { channel in
            let handler = try channel.pipeline.syncOperations.handler(type: TTRPCClientHandler.self)
            return ClientConnection(handler, on: channel.eventLoop)
        }.cascade(to: connection)
        return connection.futureResult
    }
}

extension TimeAmount {
    /// Rounds down to nanoseconds; what is longer than 292 years is as good as for ever.
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        self = .nanoseconds(overflow ? .max : whole + attoseconds / 1_000_000_000)
    }
}
