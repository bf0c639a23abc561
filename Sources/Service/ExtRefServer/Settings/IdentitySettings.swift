// SPDX-License-Identifier: Apache-2.0

public import ExtRefSecurity

/// Whose tokens are accepted.
public struct IdentitySettings: Sendable, Hashable {
    /// The host application's identity provider, if there is one.
    public var issuer: TrustedIssuer?
    /// Whether tokens count that were minted with this server's own key.
    public var acceptsLocalTokens: Bool

    /// Makes identity settings.
    public init(issuer: TrustedIssuer? = nil, acceptsLocalTokens: Bool = true) {
        self.issuer = issuer
        self.acceptsLocalTokens = acceptsLocalTokens
    }
}
