// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
public import ProtobufC
public import RPC

/// Turns every failure below into the wire's words; what is nobody's doing but ours passes on and becomes
/// INTERNAL.
public struct FailureInterceptor: ServerInterceptor {
    /// Makes the interceptor.
    public init() {}

    public func intercept(
        _ call: ServerCall, next: (ServerCall) async throws -> any ProtobufMessage
    ) async throws -> any ProtobufMessage {
        do {
            return try await next(call)
        } catch {
            throw DomainError(causedBy: error).map { RPCError($0) } ?? error
        }
    }
}
