// SPDX-License-Identifier: Apache-2.0

public import ExtRefMessages
public import RPC
public import RPCMessages

/// Answers `grpc.health.v1.Health` from a `HealthState`.
public struct HealthService: HealthHandler {
    private let state: HealthState

    /// Creates the service.
    public init(_ state: HealthState) {
        self.state = state
    }

    /// Answers the health of one service; the empty name is the whole server.
    ///
    /// - Throws: NOT_FOUND for a service that is not known.
    public func check(
        _ request: HealthCheckRequest, context: CallContext
    ) async throws -> HealthCheckResponse {
        try state.check(request)
    }
}
