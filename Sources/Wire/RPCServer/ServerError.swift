// SPDX-License-Identifier: Apache-2.0

/// A failure of the server as a whole. Failures of calls are `RPCError`.
public struct ServerError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Code: String, Sendable {
        /// A listener could not be opened.
        case bindFailed
        /// The server had run before; it runs once.
        case alreadyRun
    }

    /// What kind of failure it is.
    public let code: Code
    /// A sentence for operators.
    public let message: String
    /// What led to it.
    public let cause: (any Error)?

    init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// The message and what led to it.
    public var description: String {
        cause.map { "\(message): \($0)" } ?? message
    }
}
