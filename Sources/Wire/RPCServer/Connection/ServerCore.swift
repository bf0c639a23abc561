// SPDX-License-Identifier: Apache-2.0

internal import ProtobufC
internal import RPC
internal import TTRPC

/// What all connections of a server share.
struct ServerCore: Sendable {
    let router: Router
    let configuration: ServerConfiguration
    let gate: CallGate
    let observer: any ServerObserver

    /// Serves one call on the present task.
    func serve(
        _ call: ServerCall, deadline: ContinuousClock.Instant
    ) async -> Result<any ProtobufMessage, RPCError> {
        // A call may have waited behind others; a handler that cannot be in time is not begun.
        guard deadline > .now else { return .failure(.deadlineExceeded) }
        do {
            return .success(try await router.handle(call))
        } catch {
            return .failure(error)
        }
    }
}
