// SPDX-License-Identifier: Apache-2.0

import ExtRefGateway
import ExtRefServices
import RPC
import RPCMessages

/// Hands the change feed to the HTTP listener, in its words.
struct GatewayChanges: ChangeFollowing {
    let streams: ChangeStreams

    func open(_ request: ChangeFeedRequest) async -> ChangeFeedAnswer {
        do throws(RPCError) {
            let stream = try await streams.open(
                parameters: request.parameters.map { ($0.name, $0.value) }, headers: request.headers)
            return .open(Feed(stream: stream))
        } catch {
            return .refused(HTTPRefusal(error))
        }
    }

    private struct Feed: ChangeFeed {
        let stream: ChangeStream

        func next(atMost wait: Duration) async throws(ChangeFeedEnd) -> ChangeFeedPage {
            do throws(RPCError) {
                let page = try await stream.next(atMost: wait)
                return ChangeFeedPage(
                    events: page.events.map { ChangeFeedEvent(id: $0.cursor, kind: $0.kind, data: $0.json) },
                    cursor: page.cursor)
            } catch {
                throw ChangeFeedEnd([error.code.description, error.reason ?? ""].joined(separator: " "))
            }
        }

        func end() { stream.end() }
    }
}

extension HTTPRefusal {
    fileprivate init(_ error: RPCError) {
        self.init(
            status: error.code.httpStatus,
            body: JSONNode.object([JSONNode.Member("error", error.json)]).line,
            retryAfter: error.retryDelay)
    }
}

extension RPCCode {
    /// Source: the comments of `google/rpc/code.proto`, "HTTP Mapping".
    fileprivate var httpStatus: Int {
        switch self {
        case .invalidArgument, .failedPrecondition, .outOfRange: 400
        case .unauthenticated: 401
        case .permissionDenied: 403
        case .notFound: 404
        case .alreadyExists, .aborted: 409
        case .resourceExhausted: 429
        case .unimplemented: 501
        // A call is cancelled here when the server goes away.
        case .unavailable, .cancelled: 503
        case .deadlineExceeded: 504
        default: 500
        }
    }
}
