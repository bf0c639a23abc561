// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import Synchronization

/// The HTTP listener: what trackers post their notifications to, and where the change feed is followed.
///
/// A notification that it does not take gets one and the same answer, so that nobody learns which sources
/// there are. It logs nothing: paths and fields may hold secrets.
public final class HTTPGateway: Sendable {
    /// Where to listen.
    public enum Address: Sendable, Hashable {
        case tcp(host: String, port: Int)
        case unix(path: String)
    }

    /// The listener ended before it listened.
    public struct NotStarted: Error {}

    /// Where it listens, with the port that the system chose.
    public let address: Address
    private let serving: Task<Void, any Error>

    /// Opens the listener, which serves from now on. ``run()`` has to follow, or ``stop()``.
    /// - Parameters:
    ///   - webhooks: takes what trackers post.
    ///   - changes: opens the change feed; nil = it is not offered here.
    ///   - clock: what the time for a body, and for a reader of events, is measured by.
    ///   - bodyBytesMax: largest body.
    ///   - streams: the pace of streams of events.
    /// - Throws: what keeps it from listening.
    public static func start(
        on address: Address, webhooks: any WebhookReceiving, changes: (any ChangeFollowing)? = nil,
        clock: any Clock<Duration> = ContinuousClock(), bodyBytesMax: Int = GatewayLimits.bodyBytesMax,
        streams: EventStreamBounds = EventStreamBounds()
    ) async throws -> HTTPGateway {
        let (opened, opening) = AsyncThrowingStream.makeStream(of: Address.self)
        let endpoint = WebhookEndpoint(webhooks: webhooks, clock: clock, bodyBytesMax: bodyBytesMax)
        let feed = changes.map { ChangesEndpoint(changes: $0, bounds: streams, clock: clock) }
        let logger = Logger(label: "gateway") { _ in SwiftLogNoOpLogHandler() }
        let application = Application(
            responder: CallbackResponder<GatewayContext> { request, context in
                if let feed, request.uri.path == ChangesEndpoint.path {
                    return await feed.answer(request, on: context.channel)
                }
                return await endpoint.answer(request)
            },
            server: .http1(configuration: .bounded),
            configuration: ApplicationConfiguration(
                address: address.binding,
                availableConnectionsDelegate: .maximum(GatewayLimits.connectionsMax, logger: logger)),
            onServerRunning: { channel in
                opening.yield(address.bound(to: channel.localAddress?.port))
            }, logger: logger)
        let serving = Task {
            do {
                try await application.run()
                opening.finish()
            } catch {
                opening.finish(throwing: error)
                throw error
            }
        }
        for try await address in opened { return HTTPGateway(address: address, serving: serving) }
        throw NotStarted()
    }

    private init(address: Address, serving: Task<Void, any Error>) {
        self.address = address
        self.serving = serving
    }

    /// Returns when the listener has ended: by ``stop()``, or by the task's cancellation.
    public func run() async {
        await withTaskCancellationHandler {
            // It ends by cancellation, which it may report as a failure.
            _ = await serving.result
        } onCancel: {
            serving.cancel()
        }
    }

    /// Closes the listener and its connections. A notification whose answer is cut is repeated by its
    /// tracker.
    public func stop() {
        serving.cancel()
    }
}

/// A request's surroundings: the connection it came on.
private struct GatewayContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}

extension HTTPGateway.Address {
    fileprivate var binding: BindAddress {
        switch self {
        case .tcp(let host, let port): .hostname(host, port: port)
        case .unix(let path): .unixDomainSocket(path: path)
        }
    }

    fileprivate func bound(to port: Int?) -> Self {
        guard case .tcp(let host, let wanted) = self else { return self }
        return .tcp(host: host, port: port ?? wanted)
    }
}

extension HTTP1Channel.Configuration {
    fileprivate static var bounded: Self {
        HTTP1Channel.Configuration(
            idleTimeout: .seconds(GatewayLimits.idleSeconds),
            httpDecoderConfiguration: DecoderConfiguration(
                maxHeaderFieldSize: GatewayLimits.headerBytesMax,
                maxHeaderListSize: GatewayLimits.headerListBytesMax,
                maxHeaderFieldCount: GatewayLimits.headersMax))
    }
}
