// SPDX-License-Identifier: Apache-2.0

public import RPCMessages

/// Why a call failed, in the form that reaches the other side: a code, a message for developers and typed
/// details.
///
/// Handlers throw it; clients catch it. `cause` stays on its own side of the wire.
public struct RPCError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    public var code: RPCCode
    /// A sentence for developers, in English. It crosses the wire: no secrets, paths or upstream bodies.
    public var message: String
    /// Messages of `google/rpc/error_details.proto`, packed.
    public var details: [GoogleAny]
    /// What led to the failure. It is for the log and never crosses the wire.
    public var cause: (any Error)?

    /// Creates an error without details; `with(_:)` and its kin add them.
    public init(_ code: RPCCode, _ message: String, details: [GoogleAny] = [], cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.details = details
        self.cause = cause
    }

    /// The code and the message.
    public var description: String {
        "\(code): \(message)"
    }
}

/// An error that knows what the caller may hear of it.
///
/// A module whose errors reach handlers conforms, and its errors need no translation in each handler.
public protocol RPCErrorConvertible: Error {
    /// The error as the caller sees it.
    var rpcError: RPCError { get }
}

extension RPCError: RPCErrorConvertible {
    /// The error itself.
    public var rpcError: RPCError { self }
}
