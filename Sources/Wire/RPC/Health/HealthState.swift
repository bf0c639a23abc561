// SPDX-License-Identifier: Apache-2.0

public import RPCMessages
private import Synchronization

/// What `grpc.health.v1.Health/Check` answers, for the whole server and for each service.
///
/// Everyone may write and read at any time.
public final class HealthState: Sendable {
    /// The name under which the whole server is asked for.
    public static let wholeServer = ""

    private struct State {
        var services: [String: HealthCheckResponse.ServingStatus]
        var isDraining = false
    }

    private let state: Mutex<State>

    /// Creates the state of a server that is not yet ready.
    ///
    /// - Parameter services: the services that can be asked for, besides the whole server.
    public init(services: [String] = []) {
        precondition(services.count < RPCLimits.healthServicesMax, "too many services")
        var statuses = [Self.wholeServer: HealthCheckResponse.ServingStatus.notServing]
        for service in services { statuses[service] = .notServing }
        state = Mutex(State(services: statuses))
    }

    /// Tells the health of one service. A name that was not given at the start is ignored.
    public func set(_ status: HealthCheckResponse.ServingStatus, for service: String) {
        state.withLock { state in
            guard state.services[service] != nil else { return }
            state.services[service] = status
        }
    }

    /// Tells the health of the server and all its services.
    public func setAll(_ status: HealthCheckResponse.ServingStatus) {
        state.withLock { state in
            for service in state.services.keys { state.services[service] = status }
        }
    }

    /// From now on everything is NOT_SERVING, whatever is set later.
    public func beginDraining() {
        state.withLock { $0.isDraining = true }
    }

    /// The health of a service, or nil for a name that is not known.
    public func status(of service: String) -> HealthCheckResponse.ServingStatus? {
        state.withLock { state in
            guard let status = state.services[service] else { return nil }
            return state.isDraining ? .notServing : status
        }
    }

    /// Answers `Check`.
    ///
    /// - Throws: NOT_FOUND for a service that is not known, as the health protocol wants it.
    public func check(_ request: HealthCheckRequest) throws(RPCError) -> HealthCheckResponse {
        guard let status = status(of: request.service) else {
            throw RPCError(.notFound, "no service of that name")
        }
        return HealthCheckResponse(status: status)
    }
}
