// SPDX-License-Identifier: Apache-2.0

public import RPC

/// A call as a client puts it on the wire.
public struct OutgoingCall: Sendable {
    /// The method.
    public var descriptor: MethodDescriptor
    /// The encoded request.
    public var payload: [UInt8]
    /// What travels beside the request.
    public var metadata: RPCMetadata
    /// Nanoseconds that the server gets; 0 leaves it to the server.
    public var timeoutNanoseconds: Int64

    /// Creates a call.
    public init(
        descriptor: MethodDescriptor, payload: [UInt8], metadata: RPCMetadata = RPCMetadata(),
        timeoutNanoseconds: Int64 = 0
    ) {
        self.descriptor = descriptor
        self.payload = payload
        self.metadata = metadata
        self.timeoutNanoseconds = timeoutNanoseconds
    }
}
