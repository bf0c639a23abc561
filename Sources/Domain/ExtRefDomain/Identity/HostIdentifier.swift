// SPDX-License-Identifier: Apache-2.0

/// An id that the host application chose: 1 to 128 visible ASCII characters, compared byte by byte.
///
/// Case, Unicode form and surrounding space are never folded: `P1` and `p1` are different projects, and an id
/// with a NUL or a space is refused instead of matched.
public protocol HostIdentifier: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The text as the host wrote it.
    var rawValue: String { get }
    /// Trusts text that was validated before, such as a stored key.
    init(trusted text: String)
}

extension HostIdentifier {
    /// Accepts 1 to ``DomainLimits/hostIDScalarsMax`` visible ASCII characters.
    public init?(_ text: String) {
        guard (1...DomainLimits.hostIDScalarsMax).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        self.init(trusted: text)
    }

    public var description: String { rawValue }

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// A customer of the host application. Nothing crosses a tenant.
public struct TenantID: HostIdentifier {
    public let rawValue: String
    public init(trusted text: String) { rawValue = text }
}

/// A project of a tenant in the host application.
public struct ProjectID: HostIdentifier {
    public let rawValue: String
    public init(trusted text: String) { rawValue = text }
}

/// A person or service that calls: the token's subject.
public struct PrincipalID: HostIdentifier {
    public let rawValue: String
    public init(trusted text: String) { rawValue = text }
}
