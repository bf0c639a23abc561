// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// Answers `GET /v1/changes`: the change feed as server-sent events.
///
/// It sends no CORS fields: a page of another origin may not read the feed. A token in a browser would be one
/// too many; the host's own backend passes the stream on.
struct ChangesEndpoint: Sendable {
    static let path = "/v1/changes"

    let changes: any ChangeFollowing
    let bounds: EventStreamBounds
    let clock: any Clock<Duration>

    func answer(_ request: Request, on channel: any Channel) async -> Response {
        guard request.method == .get else {
            return Response(status: .methodNotAllowed, headers: [.allow: "GET"])
        }
        let query = request.uri.query ?? ""
        guard request.headers.count <= GatewayLimits.headersMax,
            query.utf8.count <= GatewayLimits.queryBytesMax
        else { return Response(status: .requestHeaderFieldsTooLarge) }
        let wish = ChangeFeedRequest(
            parameters: QueryText.parameters(query),
            headers: request.headers.map { ($0.name.canonicalName, $0.value) })
        switch await changes.open(wish) {
        case .refused(let refusal): return Response(refusal)
        case .open(let feed):
            let stream = EventStream(feed: feed, bounds: bounds, clock: clock, channel: channel)
            return Response(
                status: .ok, headers: .eventStream,
                body: ResponseBody { writer in try await stream.run(answering: request, &writer) })
        }
    }
}

extension HTTPFields {
    /// Nothing on the way may keep the stream or hold it back; `X-Accel-Buffering` is how nginx is told.
    fileprivate static var eventStream: HTTPFields {
        var fields: HTTPFields = [.contentType: "text/event-stream", .cacheControl: "no-store"]
        if let name = HTTPField.Name("X-Accel-Buffering") { fields[name] = "no" }
        return fields
    }
}

extension Response {
    fileprivate init(_ refusal: HTTPRefusal) {
        var headers: HTTPFields = [.contentType: "application/json", .cacheControl: "no-store"]
        // RFC 9110, 11.6.1: a 401 says how to do better.
        if refusal.status == 401 { headers[.wwwAuthenticate] = "Bearer" }
        if let wait = refusal.retryAfter {
            // Whole seconds, rounded up: RFC 9110, 10.2.3.
            let (seconds, rest) = (wait.components.seconds, wait.components.attoseconds)
            headers[.retryAfter] = String(seconds + (rest > 0 ? 1 : 0))
        }
        self.init(
            status: HTTPResponse.Status(code: refusal.status), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(string: refusal.body + "\n")))
    }
}
