// SPDX-License-Identifier: Apache-2.0

/// A pattern that cannot be used.
public struct PatternError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, as the end of a sentence that starts with the field's name.
    public let message: String
    /// Where, counted in Unicode scalars from 0; nil when it is about the whole pattern.
    public let offset: Int?

    init(_ message: String, at offset: Int? = nil) {
        self.message = message
        self.offset = offset
    }

    public var description: String { message }
}
