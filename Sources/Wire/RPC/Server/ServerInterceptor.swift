// SPDX-License-Identifier: Apache-2.0

public import ProtobufC

/// Code that runs around every call: authentication, admission, telemetry.
public protocol ServerInterceptor: Sendable {
    /// Handles a call by passing it on, changed or not, or by throwing.
    ///
    /// - Parameters:
    ///   - call: the call; put what you found out into `call.context` and pass it on.
    ///   - next: the rest of the chain, the handler at its end. Call it once, or not at all to refuse the
    ///     call.
    /// - Returns: the response, changed or not.
    /// - Throws: `RPCError` to refuse the call. Anything else becomes INTERNAL with an incident id.
    func intercept(
        _ call: ServerCall, next: (ServerCall) async throws -> any ProtobufMessage
    ) async throws -> any ProtobufMessage
}
