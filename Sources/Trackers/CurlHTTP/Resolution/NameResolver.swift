// SPDX-License-Identifier: Apache-2.0

/// Turns a host name into addresses. Called on a thread that may block; a client bounds how long it waits.
public protocol NameResolver: Sendable {
    /// Looks a name up.
    /// - Parameter name: a lower-case LDH name without a trailing dot.
    /// - Returns: every address, in the order of preference; empty when the name has none.
    /// - Throws: ``NameResolutionError`` when the answer cannot be known.
    func addresses(of name: String) throws(NameResolutionError) -> [IPAddress]
}

/// A name service that gave no answer.
public struct NameResolutionError: Error, Sendable {
    /// A sentence for the operator.
    public let message: String

    /// Makes a failure.
    public init(_ message: String) { self.message = message }
}
