// SPDX-License-Identifier: Apache-2.0

/// The words of `extref.v1.ErrorReason` that the wire itself uses.
public enum RPCReason {
    /// The request does not decode.
    public static let fieldInvalid = "FIELD_INVALID"
    /// The deadline passed.
    public static let deadlineExceeded = "DEADLINE_EXCEEDED"
    /// A cap is reached, or the server is going away.
    public static let overloaded = "OVERLOADED"
    /// There is no such method.
    public static let notImplemented = "NOT_IMPLEMENTED"
    /// A fault of the server.
    public static let internalFault = "INTERNAL"
}
