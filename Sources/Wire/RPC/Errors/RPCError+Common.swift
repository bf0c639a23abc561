// SPDX-License-Identifier: Apache-2.0

public import ProtobufC

/// The failures that the wire itself reports.
extension RPCError {
    /// The deadline passed before an answer was ready.
    public static let deadlineExceeded = RPCError(
        .deadlineExceeded, "the deadline passed before the answer was ready"
    ).withReason(RPCReason.deadlineExceeded)

    /// The call was given up, for instance because its connection closed.
    public static let cancelled = RPCError(.cancelled, "the call was cancelled")

    /// The server has no such method.
    public static let methodUnknown = RPCError(.unimplemented, "there is no such method")
        .withReason(RPCReason.notImplemented)

    /// The method exists but streams, which the caller's protocol cannot carry.
    public static let streamingUnsupported = RPCError(
        .unimplemented, "the method streams; this protocol carries unary calls only"
    ).withReason(RPCReason.notImplemented)

    /// The server is going away; the call was not started and may be repeated elsewhere or later.
    public static let draining = RPCError(
        .unavailable, "the server is shutting down; the call was not started"
    )
    .withReason(RPCReason.overloaded).withRetry(after: RPCLimits.retryDelayDraining)

    /// Too many calls are in flight.
    public static let overloaded = RPCError(.resourceExhausted, "too many calls are in flight")
        .withReason(RPCReason.overloaded).withRetry(after: RPCLimits.retryDelayOverloaded)

    /// The request's metadata goes past `RPCLimits.metadataEntriesMax` or `RPCLimits.metadataBytesMax`.
    public static let metadataTooLarge = RPCError(.resourceExhausted, "the metadata is too large")
        .withReason(RPCReason.overloaded)

    /// What a caller hears when its bytes do not decode.
    public init(_ error: DecodeError) {
        switch error.code {
        case .memoryBudget, .outOfMemory:
            self = RPCError(.resourceExhausted, "\(error)", cause: error).withReason(RPCReason.overloaded)
        default:
            self = .badRequest(
                "the request does not decode", violations: [(error.fieldPath, error.message)])
            cause = error
        }
    }
}
