// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// Has ways to authenticate in which a short-lived access token is obtained first.
public protocol TokenObtaining: Tracker {
    /// How an access token for the source is obtained; nil when its method needs none.
    ///
    /// The runner keeps the token until shortly before its end, lets concurrent callers share one exchange,
    /// makes a new refresh token durable before anything uses it, and hands the access token to the adapter
    /// as the credential's field ``TrackerCredential/accessTokenField``.
    /// - Parameters:
    ///   - now: the time that signed assertions carry.
    ///   - signer: signs with the source's private key.
    func tokenCall(
        for source: TrackerSource, at now: Timestamp, signer: any TokenSigning
    ) throws(TrackerError) -> TrackerCall<IssuedToken>?

    /// Whether each refresh replaces the refresh token, so that a test of an unsaved draft would use it up.
    func rotatesRefreshToken(_ source: IntegrationSource) -> Bool
}

extension TokenObtaining {
    public func rotatesRefreshToken(_ source: IntegrationSource) -> Bool {
        source.authenticationMethod == .oauthRefresh
    }
}

/// What a token endpoint gave out.
public struct IssuedToken: Sendable, Hashable {
    public let accessToken: String
    public let expiresAt: Timestamp
    /// Replaces the one that was used; nil = that one stays good.
    public let refreshToken: String?

    /// Makes a token.
    public init(accessToken: String, expiresAt: Timestamp, refreshToken: String? = nil) {
        self.accessToken = accessToken
        self.expiresAt = expiresAt
        self.refreshToken = refreshToken
    }
}

extension IssuedToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "IssuedToken(redacted)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Signs what proves who we are, such as a GitHub App's assertion.
public protocol TokenSigning: Sendable {
    /// Signs by RSASSA-PKCS1-v1_5 with SHA-256 (`RS256`).
    /// - Parameter privateKeyPEM: in PKCS#1 or PKCS#8 form.
    /// - Throws: ``TrackerError/Code/credentialsRejected`` when the key cannot be read.
    func rs256(_ message: [UInt8], privateKeyPEM: String) throws(TrackerError) -> [UInt8]
}

/// Keeps what token endpoints gave out, durably.
public protocol TokenVault: Sendable {
    /// The newest token of the source, if one was kept; whatever process obtained it.
    func newest(for source: IntegrationSource) async throws(TrackerError) -> IssuedToken?

    /// Makes a token durable. Returns only when it is.
    func keep(_ token: IssuedToken, for source: IntegrationSource) async throws(TrackerError)
}
