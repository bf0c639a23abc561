// SPDX-License-Identifier: Apache-2.0

public import RPCMessages

extension RPCError {
    /// Creates the error of a status that a peer sent, or nil when the status means success.
    public init?(_ status: GoogleRPCStatus) {
        guard status.code != RPCCode.ok.rawValue else { return nil }
        self.init(RPCCode(rawValue: status.code), status.message, details: status.details)
    }

    /// The status to send. A code that stock clients cannot read is sent as UNKNOWN, and a failure never as
    /// OK.
    public var status: GoogleRPCStatus {
        let sendable = code.isStandard && code != .ok ? code : .unknown
        return GoogleRPCStatus(code: sendable.rawValue, message: message, details: details)
    }
}
