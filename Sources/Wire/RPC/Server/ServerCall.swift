// SPDX-License-Identifier: Apache-2.0

/// One call on its way through the interceptors to its handler.
public struct ServerCall: Sendable {
    /// The method and its handler.
    public let binding: MethodBinding
    /// The request, not yet decoded.
    public let payload: [UInt8]
    /// What is known about the call. Interceptors add to it.
    public var context: CallContext

    /// Creates a call. Transports do.
    public init(binding: MethodBinding, payload: [UInt8], context: CallContext) {
        self.binding = binding
        self.payload = payload
        self.context = context
    }
}
