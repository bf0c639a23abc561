// SPDX-License-Identifier: Apache-2.0

/// The text of one statement. Parameters are `$1`, `$2`, …; dialect tokens as ``Dialect`` lists them are
/// allowed.
///
/// A connection keeps what it prepared. A statement made once (a `static let`) is found again by its
/// identity, which costs no hashing of its text; one composed for a call is found by its text.
public final class SQLStatement: Sendable {
    public let text: String
    /// Whether this object lives as long as the program, so that its identity is a good key.
    public let isPermanent: Bool

    /// A statement that is kept in a `static let`.
    public init(_ text: String) {
        self.text = text
        isPermanent = true
    }

    /// A statement composed for one call, such as a list with the filters that were asked for. The caller
    /// sees to it that the number of different texts is small.
    public init(composed text: String) {
        self.text = text
        isPermanent = false
    }
}
