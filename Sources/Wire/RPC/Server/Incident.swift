// SPDX-License-Identifier: Apache-2.0

/// An error that nobody expected. The caller hears only `id`; the operator finds the rest under it in the
/// log.
public struct Incident: Sendable {
    /// 16 hexadecimal digits.
    public let id: String
    /// The method that failed.
    public let descriptor: MethodDescriptor
    /// What was thrown.
    public let error: any Error

    init(descriptor: MethodDescriptor, error: any Error) {
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        id = String(repeating: "0", count: 16 - digits.count) + digits
        self.descriptor = descriptor
        self.error = error
    }

    /// What the caller hears.
    var rpcError: RPCError {
        RPCError(.internalError, "internal error, incident \(id)", cause: error)
            .withReason(RPCReason.internalFault, metadata: ["incident": id])
    }
}
