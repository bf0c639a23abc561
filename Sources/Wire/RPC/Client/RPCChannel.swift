// SPDX-License-Identifier: Apache-2.0

public import ProtobufC

/// Carries calls to a server. Generated clients are built on it, so they work over every transport.
public protocol RPCChannel: Sendable {
    /// Makes one unary call.
    ///
    /// - Returns: the response.
    /// - Throws: `RPCError`: what the server answered, or UNAVAILABLE, DEADLINE_EXCEEDED or CANCELLED from
    ///   this side.
    func unary<Response: ProtobufMessage>(
        _ method: MethodDescriptor, request: some ProtobufMessage, response: Response.Type,
        options: CallOptions
    ) async throws(RPCError) -> Response
}
