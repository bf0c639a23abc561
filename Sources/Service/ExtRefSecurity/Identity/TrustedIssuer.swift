// SPDX-License-Identifier: Apache-2.0

/// Somebody whose tokens are believed: who it is, where its public keys lie and what its tokens must say.
public struct TrustedIssuer: Sendable, Hashable {
    /// The audience that every token must name alone.
    public static let audience = "extref"
    /// The header type of an access token (RFC 9068, 2.1). An id token has another one.
    public static let accessTokenType = "at+jwt"

    /// The `iss` claim of its tokens, compared byte by byte.
    public let name: String
    /// The file with its public keys, a JWK set (RFC 7517). Each key must name `kid` and `alg`.
    public let keySetPath: String
    /// The header types its tokens may have, in lower case. An issuer that cannot write ``accessTokenType``
    /// may be given `jwt`; then its id tokens must not name our audience.
    public let types: Set<String>
    /// How far ahead a token may expire.
    public let lifetimeMax: Duration

    /// Trusts an issuer.
    public init(
        name: String, keySetPath: String, types: Set<String> = [accessTokenType],
        lifetimeMax: Duration = SecurityLimits.foreignLifetimeMax
    ) {
        self.name = name
        self.keySetPath = keySetPath
        self.types = types
        self.lifetimeMax = lifetimeMax
    }
}
