// SPDX-License-Identifier: Apache-2.0

internal import Crypto
public import ExtRefDomain
internal import FoundationEssentials

/// What we must remember while a person agrees on a vendor's page. It travels there and back, sealed, as the
/// flow's `state`, so that nothing is stored for flows that nobody ends.
///
/// Sealed for one source in one revision: the grant that it leads to is a change of the source, so it is good
/// once, and for the settings it was begun with. Whoever brings it back must be the admin who began.
public struct AuthorizationState: Sendable, Hashable {
    public let principalID: PrincipalID
    public let redirectURI: String
    /// The secret of PKCE (RFC 7636): 43 characters, 256 bits.
    public let verifier: String
    /// After this the flow has to begin again.
    public let expiresAt: Timestamp

    /// Begins a flow.
    public init(principalID: PrincipalID, redirectURI: String, expiresAt: Timestamp) {
        self.principalID = principalID
        self.redirectURI = redirectURI
        self.expiresAt = expiresAt
        verifier = Base64URL.text(RandomBytes.make(SecurityLimits.pkceVerifierBytes))
    }

    private init?(_ parts: [Substring]) {
        guard parts.count == 4, let milliseconds = Int64(parts[3]) else { return nil }
        principalID = PrincipalID(trusted: String(parts[0]))
        redirectURI = String(parts[1])
        verifier = String(parts[2])
        expiresAt = Timestamp(milliseconds: milliseconds)
    }

    /// What the authorisation page is told of the verifier (`S256`).
    public var challenge: String { Base64URL.text(Array(SHA256.hash(data: Array(verifier.utf8)))) }

    /// The text that travels.
    public func sealed(
        for source: IntegrationSource, with sealer: SecretSealer
    ) throws(SecurityError) -> String {
        let text = [
            principalID.rawValue, redirectURI, verifier, String(expiresAt.milliseconds),
        ].joined(separator: "\n")
        return Base64URL.text(try sealer.seal(Secret(text), binding: Self.binding(source)))
    }

    /// Reads a text that came back; nil when it was not made for this source as it is now, or is no such
    /// text.
    public init?(sealed text: String, for source: IntegrationSource, with sealer: SecretSealer) {
        guard text.utf8.count <= SecurityLimits.authorizationStateBytesMax,
            let bytes = Base64URL.bytes(text.utf8),
            let secret = try? sealer.open(bytes, binding: Self.binding(source))
        else { return nil }
        self.init(secret.reveal { $0.split(separator: "\n", omittingEmptySubsequences: false) })
    }

    private static func binding(_ source: IntegrationSource) -> SealBinding {
        SealBinding(
            tenantID: source.tenantID, source: source.id,
            field: "authorization.state.\(source.revision)")
    }
}

extension AuthorizationState: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "AuthorizationState(redacted)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
