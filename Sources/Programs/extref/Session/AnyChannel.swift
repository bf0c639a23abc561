// SPDX-License-Identifier: Apache-2.0

import ProtobufC
import RPC

/// Whatever carries the calls: a connection to a server, or a handler in the same process.
struct AnyChannel: RPCChannel {
    let base: any RPCChannel

    func unary<Response: ProtobufMessage>(
        _ method: MethodDescriptor, request: some ProtobufMessage, response: Response.Type,
        options: CallOptions
    ) async throws(RPCError) -> Response {
        try await base.unary(method, request: request, response: response, options: options)
    }
}
