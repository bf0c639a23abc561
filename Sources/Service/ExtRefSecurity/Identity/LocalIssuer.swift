// SPDX-License-Identifier: Apache-2.0

import Crypto
public import ExtRefDomain
import FoundationEssentials
import JWTKit

/// Mints tokens with a key of this server's own, for `extref token`: first steps, tests, machines without an
/// identity provider.
///
/// The Ed25519 private key lies in a file that only its owner may read, its public half in a key set beside
/// it. Who can read the key can be anybody; a host with an identity provider leaves this issuer out of its
/// configuration.
public struct LocalIssuer: Sendable {
    /// The `iss` claim of local tokens.
    public static let name = "extref-local"
    /// The private key's file inside the data directory: PKCS#8 in PEM.
    public static let keyFileName = "token-key.pem"
    /// The key set's file inside the data directory.
    public static let keySetFileName = "token-keys.json"

    /// How the server trusts the tokens of this issuer.
    public let trusted: TrustedIssuer
    private let key: Curve25519.Signing.PrivateKey
    private let keyID: String

    /// Opens the issuer of a data directory; makes its key when there is none.
    ///
    /// To withdraw every local token, remove both files and restart.
    /// - Throws: ``SecurityError`` with `keyFileExposed`, `keyFileDamaged` or `keyFileUnreadable`.
    public static func open(directory: String) throws(SecurityError) -> LocalIssuer {
        let file = PrivateFile(path: directory + "/" + keyFileName)
        let pem = try file.readOrCreate(bytesMax: SecurityLimits.keyRingBytesMax) {
            Secret(EdDSA.PrivateKey(backing: Curve25519.Signing.PrivateKey()).pemRepresentation)
        }
        let key: Curve25519.Signing.PrivateKey
        do {
            key = try Curve25519.Signing.PrivateKey(
                rawRepresentation: EdDSA.PrivateKey(pem: pem).rawRepresentation)
        } catch {
            throw SecurityError(
                .keyFileDamaged,
                "\(file.path) holds no Ed25519 private key. Remove it to get a new one; old tokens end then.")
        }
        let issuer = LocalIssuer(key: key, keySetPath: directory + "/" + keySetFileName)
        try issuer.publishKey()
        return issuer
    }

    private init(key: Curve25519.Signing.PrivateKey, keySetPath: String) {
        self.key = key
        let digest = SHA256.hash(data: key.publicKey.rawRepresentation)
        keyID = "local-" + HexText.text(digest.prefix(8))
        trusted = TrustedIssuer(
            name: Self.name, keySetPath: keySetPath, lifetimeMax: SecurityLimits.localLifetimeMax)
    }

    /// Makes a token that proves this caller.
    /// - Parameters:
    ///   - caller: who the token makes its bearer.
    ///   - lifetime: one second to ``SecurityLimits/localLifetimeMax``.
    ///   - now: the time of issue.
    public func mint(for caller: Caller, lifetime: Duration, now: Timestamp) throws(SecurityError) -> Secret {
        guard lifetime >= .seconds(1), lifetime <= SecurityLimits.localLifetimeMax else {
            throw SecurityError(.tokenRequestInvalid, "A local token lives from 1 second to 90 days.")
        }
        let header = ["alg": "EdDSA", "kid": keyID, "typ": TrustedIssuer.accessTokenType]
        let claims = MintedClaims(caller, from: now, until: now + lifetime)
        do {
            let signed = try Self.part(header) + "." + Self.part(claims)
            let signature = try key.signature(for: Array(signed.utf8))
            return Secret(signed + "." + Base64URL.text(signature))
        } catch {
            throw SecurityError(.tokenRequestInvalid, "The token could not be signed.", cause: error)
        }
    }

    private static func part(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Base64URL.text(try encoder.encode(value))
    }

    /// Writes the key set unless it already says the same.
    private func publishKey() throws(SecurityError) {
        let jwk = [
            "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": keyID,
            "x": Base64URL.text(key.publicKey.rawRepresentation),
        ]
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
            let document = try encoder.encode(["keys": [jwk]])
            let path = URL(filePath: trusted.keySetPath)
            if let present = try? Data(contentsOf: path), present == document { return }
            try document.write(to: path, options: .atomic)
        } catch {
            throw SecurityError(.keyFileUnreadable, "\(trusted.keySetPath) cannot be written.", cause: error)
        }
    }
}

extension LocalIssuer: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "LocalIssuer(key \(keyID))" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// The claims of a local token.
private struct MintedClaims: Encodable {
    let iss = LocalIssuer.name
    let aud = TrustedIssuer.audience
    let sub: String
    let iat: Int64
    let nbf: Int64
    let exp: Int64
    let jti: String
    let tenant: String
    let roles: [String]
    let projects: [String: [String]]
    let scopes: [String]
    let name: String?

    init(_ caller: Caller, from start: Timestamp, until end: Timestamp) {
        sub = caller.principalID.rawValue
        iat = start.seconds
        nbf = start.seconds
        exp = end.seconds
        jti = HexText.text(RandomBytes.make(16))
        tenant = caller.tenantID.rawValue
        roles = caller.isTenantAdmin ? [TokenClaims.tenantAdmin] : []
        projects = Dictionary(
            uniqueKeysWithValues: caller.projectRoles.map { ($0.key.rawValue, [$0.value.rawValue]) })
        scopes = caller.scopes.sorted()
        name = caller.displayName
    }
}
