// SPDX-License-Identifier: Apache-2.0

/// A page token that this server did not make for this caller and query.
///
/// It says no more on purpose: whether a token is altered or somebody else's must look the same.
public struct PageTokenError: Error, Sendable, Hashable, CustomStringConvertible {
    public var description: String { "The page token was not made for this query by this caller." }
}
