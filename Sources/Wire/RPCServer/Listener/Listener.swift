// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import NIOPosix
internal import RPC

#if canImport(Glibc)
private import Glibc
#elseif canImport(Musl)
private import Musl
#endif

/// Opens sockets and prepares each connection that comes in.
struct Listener: Sendable {
    let core: ServerCore
    let ledger: ConnectionLedger
    let group: MultiThreadedEventLoopGroup
    let executors: LoopExecutors

    /// Opens a listening socket.
    func bind(_ address: Endpoint) async throws(ServerError) -> any Channel {
        do {
            switch address {
            case .tcp(let host, let port):
                return try await bootstrap(isTCP: true).bind(host: host, port: port).get()
            case .unix(let path):
                return try await bootstrap(isTCP: false)
                    .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
            }
        } catch {
            throw ServerError(.bindFailed, "cannot listen on \(address)", cause: error)
        }
    }

    private func bootstrap(isTCP: Bool) -> ServerBootstrap {
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptPauseHandler())
                }
            }
            .serverChannelOption(.backlog, value: RPCServerLimits.backlog)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.maxMessagesPerRead, value: RPCServerLimits.readsPerPassMax)
            .childChannelOption(.recvAllocator, value: readAllocator)
            .childChannelOption(
                .writeBufferWaterMark,
                value: .init(
                    low: core.configuration.queuedBytesLow, high: core.configuration.queuedBytesHigh)
            )
            .childChannelInitializer { channel in prepare(channel) }
        return isTCP ? tuned(bootstrap) : bootstrap
    }

    private var readAllocator: AdaptiveRecvByteBufferAllocator {
        AdaptiveRecvByteBufferAllocator(
            minimum: RPCServerLimits.readBytesMin, initial: RPCServerLimits.readBytesFirst,
            maximum: RPCServerLimits.readBytesMax)
    }

    private func tuned(_ bootstrap: ServerBootstrap) -> ServerBootstrap {
        let base =
            bootstrap
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.socketOption(.so_keepalive), value: 1)
        #if os(Linux)
        return
            base
            .childChannelOption(.tcpOption(TCP_KEEPIDLE), value: RPCServerLimits.keepAliveIdleSeconds)
            .childChannelOption(.tcpOption(TCP_KEEPINTVL), value: RPCServerLimits.keepAliveIntervalSeconds)
            .childChannelOption(.tcpOption(TCP_KEEPCNT), value: RPCServerLimits.keepAliveProbes)
            .childChannelOption(.tcpOption(TCP_USER_TIMEOUT), value: RPCServerLimits.userTimeoutMilliseconds)
        #else
        return base
        #endif
    }

    /// Admits a connection or closes it.
    private func prepare(_ channel: any Channel) -> EventLoopFuture<Void> {
        let address = channel.remoteAddress?.ipAddress
        switch ledger.admit(channel, address: address) {
        case .failure(let refusal):
            core.observer.connectionRefused(peer(of: channel, nil), refusal.reason)
            return channel.close()
        case .success(let entry):
            channel.closeFuture.whenComplete { _ in entry.leave() }
            let peer = peer(of: channel, entry)
            core.observer.connectionOpened(peer)
            return channel.eventLoop.makeCompletedFuture {
                let handler = SniffHandler(core, executors[channel.eventLoop], peer)
                try channel.pipeline.syncOperations.addHandler(handler)
            }
        }
    }

    private func peer(of channel: any Channel, _ entry: LedgerEntry?) -> PeerIdentity {
        if let address = channel.remoteAddress?.ipAddress {
            return PeerIdentity(transport: .tcp, address: address, connection: entry)
        }
        return PeerIdentity(
            transport: .unix, address: channel.localAddress?.pathname ?? "", connection: entry)
    }
}

extension ChannelOption where Self == ChannelOptions.Types.SocketOption {
    /// A TCP option that NIO has no name for.
    fileprivate static func tcpOption(_ number: Int32) -> Self {
        .init(level: .tcp, name: .init(rawValue: number))
    }
}
