// SPDX-License-Identifier: Apache-2.0

/// Why a server does not start. The message is for the operator and names what to do.
public struct StartError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Code: String, Sendable, CaseIterable {
        /// The data directory cannot be made or used.
        case dataDirectory
        /// A key or key set cannot be used.
        case keys
        /// The database cannot be opened.
        case store
        /// An address cannot be listened on.
        case listen
        /// The program itself is wrong: a method without a permission, or registered twice.
        case composition
    }

    /// The kind of failure.
    public let code: Code
    /// What is wrong and what puts it right.
    public let message: String
    /// What the layer below said.
    public let cause: (any Error)?

    init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    public var description: String { message }
}
