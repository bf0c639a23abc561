// SPDX-License-Identifier: Apache-2.0

public import ProtobufC

/// A method together with the code that serves it.
public struct MethodBinding: Sendable {
    /// Decodes the request, runs the handler and answers the response.
    public typealias Run =
        @Sendable (_ payload: [UInt8], _ context: CallContext) async throws
        -> any ProtobufMessage

    /// The method.
    public let descriptor: MethodDescriptor
    /// Serves one call. It runs after all interceptors, so that nothing is decoded for a caller who is
    /// refused.
    ///
    /// It throws what the handler throws, and `RPCError` with INVALID_ARGUMENT when the payload does not
    /// decode.
    public let run: Run

    /// Ties a method to a typed handler. Generated code does.
    public init<Request: ProtobufMessage, Response: ProtobufMessage>(
        _ descriptor: MethodDescriptor,
        _ handler: @escaping @Sendable (_ request: Request, _ context: CallContext) async throws -> Response
    ) {
        self.descriptor = descriptor
        run = { payload, context in
            try await handler(try Self.decode(payload), context)
        }
    }

    private static func decode<Request: ProtobufMessage>(_ payload: [UInt8]) throws(RPCError) -> Request {
        do {
            return try Request.decode(payload)
        } catch {
            throw RPCError(error)
        }
    }
}
