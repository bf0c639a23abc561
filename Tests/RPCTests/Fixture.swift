// SPDX-License-Identifier: Apache-2.0

import RPC
import RPCMessages
import Synchronization

/// A service of one method that takes and gives a text.
enum Fixture {
    static let echo = MethodDescriptor(service: "t.T", method: "Echo", kind: .unary)
    static let feed = MethodDescriptor(service: "t.T", method: "Feed", kind: .serverStreaming)

    static func router(
        interceptors: [any ServerInterceptor] = [],
        onIncident: @escaping @Sendable (Incident) -> Void = { _ in },
        _ handler: @escaping @Sendable (HealthCheckRequest, CallContext) async throws -> HealthCheckRequest
    ) throws -> Router {
        let table = try MethodTable([MethodBinding(echo, handler)], describing: [echo, feed])
        return Router(table: table, interceptors: interceptors, onIncident: onIncident)
    }

    @discardableResult
    static func call(
        _ router: Router, _ text: String, timeout: Duration? = nil, metadata: RPCMetadata = RPCMetadata()
    ) async throws(RPCError) -> HealthCheckRequest {
        try await InProcessChannel(router: router).unary(
            echo, request: HealthCheckRequest(service: text), response: HealthCheckRequest.self,
            options: CallOptions(timeout: timeout, metadata: metadata))
    }

    /// Waits for the task's cancellation and for nothing else.
    static func untilCancelled() async {
        let (stream, _) = AsyncStream.makeStream(of: Void.self)
        for await _ in stream {}
    }
}

/// What happened, in order.
final class EventLog: Sendable {
    private let state = Mutex<[String]>([])

    var events: [String] { state.withLock { $0 } }

    func add(_ event: String) {
        state.withLock { $0.append(event) }
    }
}
