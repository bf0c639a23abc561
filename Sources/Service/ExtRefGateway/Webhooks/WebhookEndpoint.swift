// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import Synchronization

/// Answers what is posted under `/webhooks`.
final class WebhookEndpoint: Sendable {
    private let webhooks: any WebhookReceiving
    private let clock: any Clock<Duration>
    private let bodyBytesMax: Int
    private let underWay = Atomic(0)

    init(webhooks: any WebhookReceiving, clock: any Clock<Duration>, bodyBytesMax: Int) {
        self.webhooks = webhooks
        self.clock = clock
        self.bodyBytesMax = bodyBytesMax
    }

    func answer(_ request: Request) async -> Response {
        guard request.method == .post, request.headers.count <= GatewayLimits.headersMax,
            let route = WebhookRoute(path: request.uri.path)
        else { return .nothingHere }
        let others = underWay.add(1, ordering: .relaxed).oldValue
        defer { underWay.subtract(1, ordering: .relaxed) }
        guard others < GatewayLimits.requestsAtOnceMax else { return .later }
        guard let body = await body(of: request) else { return .nothingHere }
        let notification = WebhookNotification(
            sourceID: route.sourceID, pathSecret: route.secret,
            headers: request.headers.map { ($0.name.canonicalName, $0.value) }, body: body)
        switch await webhooks.receive(notification) {
        case .taken: return Response(status: .accepted)
        case .refused: return .nothingHere
        case .takenReturning(let name, let value):
            guard let name = HTTPField.Name(name) else { return .nothingHere }
            return Response(status: .ok, headers: [name: value])
        case .busy: return .later
        }
    }

    /// The whole body; nil when it is too large or too slow.
    private func body(of request: Request) async -> [UInt8]? {
        await withTaskGroup(of: [UInt8]?.self) { group in
            group.addTask { [bodyBytesMax] in
                guard let buffer = try? await request.body.collect(upTo: bodyBytesMax) else {
                    return nil
                }
                return Array(buffer.readableBytesView)
            }
            group.addTask { [clock] in
                try? await clock.sleep(for: GatewayLimits.bodyDuration)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }
}

extension Response {
    /// The answer to everything that is not taken.
    fileprivate static var nothingHere: Response {
        Response(
            status: .notFound, headers: [.contentType: "text/plain; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: "There is nothing here.\n")))
    }

    /// The answer at a bad moment.
    fileprivate static var later: Response {
        Response(
            status: .serviceUnavailable, headers: [.retryAfter: String(GatewayLimits.retrySeconds)])
    }
}
