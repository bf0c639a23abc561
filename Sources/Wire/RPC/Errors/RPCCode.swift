// SPDX-License-Identifier: Apache-2.0

/// How a call ended, as `google.rpc.Code` numbers it.
///
/// The type is open so that a newer peer's number survives, but we never send a number outside 0 to 16: a
/// stock ttrpc client for Rust reads every other number as success.
public struct RPCCode: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The number on the wire.
    public let rawValue: Int32

    /// Creates the code with a number, known or not.
    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// The call succeeded.
    public static let ok = RPCCode(rawValue: 0)
    /// The caller gave up.
    public static let cancelled = RPCCode(rawValue: 1)
    /// A failure that the server cannot name; we send `internalError` instead.
    public static let unknown = RPCCode(rawValue: 2)
    /// The request itself is wrong, whatever the state of the system.
    public static let invalidArgument = RPCCode(rawValue: 3)
    /// The deadline passed before the answer was ready; the work may have been done.
    public static let deadlineExceeded = RPCCode(rawValue: 4)
    /// What was asked for does not exist, or not for this caller.
    public static let notFound = RPCCode(rawValue: 5)
    /// What was to be created exists.
    public static let alreadyExists = RPCCode(rawValue: 6)
    /// The caller is known and may not do this.
    public static let permissionDenied = RPCCode(rawValue: 7)
    /// A quota, a cap or a size limit is used up.
    public static let resourceExhausted = RPCCode(rawValue: 8)
    /// The system is not in the state that the call needs.
    public static let failedPrecondition = RPCCode(rawValue: 9)
    /// The call lost against another one, for instance by a stale etag.
    public static let aborted = RPCCode(rawValue: 10)
    /// The request goes past the end of something.
    public static let outOfRange = RPCCode(rawValue: 11)
    /// The server has no such method.
    public static let unimplemented = RPCCode(rawValue: 12)
    /// A fault of the server; details are in its log only.
    public static let internalError = RPCCode(rawValue: 13)
    /// The server cannot take the call now; it was not started and may be repeated.
    public static let unavailable = RPCCode(rawValue: 14)
    /// Data is lost beyond repair.
    public static let dataLoss = RPCCode(rawValue: 15)
    /// The caller's identity is missing or not valid.
    public static let unauthenticated = RPCCode(rawValue: 16)

    /// Whether the number is one that every client understands.
    public var isStandard: Bool {
        rawValue >= 0 && rawValue < Int32(Self.names.count)
    }

    /// The name in `google.rpc.Code`, for instance `INVALID_ARGUMENT`, or the number when it is unknown.
    public var description: String {
        isStandard ? Self.names[Int(rawValue)] : "CODE_\(rawValue)"
    }

    private static let names = [
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
        "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE",
        "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
    ]
}
