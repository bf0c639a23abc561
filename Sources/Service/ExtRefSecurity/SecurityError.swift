// SPDX-License-Identifier: Apache-2.0

/// A failure for the operator: a key file, a key set, a sealed value or an egress entry that is not right.
///
/// Messages name files and ids, never a key or a secret.
public struct SecurityError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Code: String, Sendable, CaseIterable {
        /// A key file may be read by others than its owner.
        case keyFileExposed
        /// A key file cannot be read or written.
        case keyFileUnreadable
        /// A key file does not hold what it should.
        case keyFileDamaged
        /// There are sealed secrets but no key ring to open them.
        case keyRingMissing
        /// The key ring is not the one that sealed the secrets.
        case keyRingWrong
        /// A key set cannot be read, or breaks a rule.
        case keySetInvalid
        /// A value was sealed with a key that the ring does not hold.
        case sealingKeyUnknown
        /// A sealed value was changed, or belongs to another tenant, source or field.
        case sealBroken
        /// A secret is larger than is sealed.
        case secretTooLarge
        /// A page's cursor is larger than a token carries.
        case cursorTooLarge
        /// A token cannot be made as asked.
        case tokenRequestInvalid
        /// An entry of the operator's egress configuration is not well-formed.
        case egressEntryInvalid
    }

    /// The kind of failure.
    public let code: Code
    /// One line for the operator: what is wrong and what puts it right.
    public let message: String
    /// What the layer below said, if there is one.
    public let cause: (any Error)?

    init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    public var description: String { "\(code.rawValue): \(message)" }
}
