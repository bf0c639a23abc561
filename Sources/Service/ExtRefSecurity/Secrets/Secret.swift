// SPDX-License-Identifier: Apache-2.0

import Crypto

/// A text that must not appear anywhere: a tracker's token, a password, a minted bearer token.
///
/// Every way Swift prints a value shows the same placeholder, and there is no `Codable`. The text comes out
/// only through ``reveal(_:)``, which is easy to search for. Swift copies values freely, so this type does
/// not promise to wipe memory; it keeps the text out of logs, errors and dumps.
public struct Secret: Sendable {
    private let text: String

    /// Takes a text into custody.
    public init(_ text: String) {
        self.text = text
    }

    /// Length in bytes of UTF-8.
    public var byteCount: Int { text.utf8.count }

    /// Whether there is nothing to hide.
    public var isEmpty: Bool { text.isEmpty }

    /// Hands the text to a closure.
    public func reveal<Result, Failure: Error>(
        _ body: (String) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(text)
    }
}

extension Secret: Equatable {
    /// Compares digests in constant time: how long it takes says nothing about where two secrets differ.
    public static func == (left: Self, right: Self) -> Bool {
        SHA256.hash(data: Array(left.text.utf8)) == SHA256.hash(data: Array(right.text.utf8))
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// What every print path shows.
    public static let placeholder = "[redacted]"

    public var description: String { Self.placeholder }
    public var debugDescription: String { Self.placeholder }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
