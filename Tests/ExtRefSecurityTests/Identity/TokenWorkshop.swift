// SPDX-License-Identifier: Apache-2.0

import Crypto
import CryptoExtras
import ExtRefDomain
import Foundation

@testable import ExtRefSecurity

/// Forges tokens of every kind, good ones too. JSON is written as text, so that a test can write what no
/// encoder would.
struct TokenWorkshop: Sendable {
    /// Who signs a token, and how.
    enum Signer: Sendable {
        case ed, es, rsa
        /// A key of the other trusted issuer.
        case other
        /// A key nobody trusts.
        case stranger
        /// HMAC with a public key's bytes as the secret: the classic confusion.
        case hmacOfRSA, hmacOfEd
        /// RS512 and PSS with the trusted RSA key.
        case rsa512, pss
        case nothing
    }

    static let shared = Result { try TokenWorkshop() }

    static let issuer = "https://id.example.com"
    static let otherIssuer = "https://other.example.com"
    static let now = Timestamp(seconds: 1_800_000_000)

    private let ed = Curve25519.Signing.PrivateKey()
    private let es = P256.Signing.PrivateKey()
    private let rsa: _RSA.Signing.PrivateKey
    private let other = Curve25519.Signing.PrivateKey()
    private let stranger = Curve25519.Signing.PrivateKey()
    private let rsaPrimitives: (n: Data, e: Data)

    private init() throws {
        rsa = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        let primitives = try rsa.publicKey.getKeyPrimitives()
        rsaPrimitives = (primitives.modulus, primitives.publicExponent)
    }
}

// MARK: Keys

extension TokenWorkshop {
    var edKey: String {
        Self.jwk(["kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "kid": "ed-1", "x": text(ed)])
    }
    var otherKey: String {
        Self.jwk(["kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "kid": "other-1", "x": text(other)])
    }
    var esKey: String {
        let raw = es.publicKey.rawRepresentation
        return Self.jwk([
            "kty": "EC", "crv": "P-256", "alg": "ES256", "kid": "es-1", "x": Base64URL.text(raw.prefix(32)),
            "y": Base64URL.text(raw.suffix(32)), "use": "sig",
        ])
    }
    var rsaKey: String {
        Self.jwk([
            "kty": "RSA", "alg": "RS256", "kid": "rsa-1", "n": Base64URL.text(rsaPrimitives.n),
            "e": Base64URL.text(rsaPrimitives.e), "use": "sig",
        ])
    }

    static func jwk(_ members: [String: String]) -> String {
        "{"
            + members.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \"\($0.value)\"" }.joined(
                separator: ", ") + "}"
    }

    static func keySet(_ keys: String...) -> String { "{\"keys\": [" + keys.joined(separator: ", ") + "]}" }

    private func text(_ key: Curve25519.Signing.PrivateKey) -> String {
        Base64URL.text(key.publicKey.rawRepresentation)
    }

    /// Writes both issuers' key sets and trusts them.
    func authenticator(in directory: ScratchDirectory) async throws -> Authenticator {
        try directory.write(Self.keySet(edKey, esKey, rsaKey), to: "keys.json", mode: 0o644)
        try directory.write(Self.keySet(otherKey), to: "other.json", mode: 0o644)
        return try await Authenticator(
            issuers: [
                TrustedIssuer(name: Self.issuer, keySetPath: directory.file("keys.json")),
                TrustedIssuer(name: Self.otherIssuer, keySetPath: directory.file("other.json")),
            ], now: Self.now)
    }
}

// MARK: Tokens

extension TokenWorkshop {
    /// The members of a good token's header, as JSON text.
    static let header = ["alg": "\"EdDSA\"", "kid": "\"ed-1\"", "typ": "\"at+jwt\""]

    /// The members of a good token's claims, as JSON text.
    static let claims = [
        "iss": "\"\(issuer)\"", "aud": "\"extref\"", "sub": "\"user-1\"", "exp": "\(now.seconds + 600)",
        "nbf": "\(now.seconds)", "iat": "\(now.seconds)", "tenant": "\"acme\"",
        "projects": "{\"P1\": [\"link\"], \"P2\": [\"read\", \"project_admin\"]}", "roles": "[]",
        "scopes": "[\"link.read\"]", "name": "\"Ada\"",
    ]

    func token(
        _ header: [String: String] = header, _ claims: [String: String] = claims, by signer: Signer = .ed
    )
        throws -> String
    {
        let signed = Self.part(header) + "." + Self.part(claims)
        return try signed + "." + Base64URL.text(signature(of: Array(signed.utf8), by: signer))
    }

    private static func part(_ members: [String: String]) -> String {
        let body = members.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }.joined(
            separator: ",")
        return Base64URL.text(Array("{\(body)}".utf8))
    }

    private func signature(of signed: [UInt8], by signer: Signer) throws -> [UInt8] {
        switch signer {
        case .ed: Array(try ed.signature(for: signed))
        case .other: Array(try other.signature(for: signed))
        case .stranger: Array(try stranger.signature(for: signed))
        case .es: Array(try es.signature(for: signed).rawRepresentation)
        case .rsa:
            Array(
                try rsa.signature(for: SHA256.hash(data: signed), padding: .insecurePKCS1v1_5)
                    .rawRepresentation)
        case .rsa512:
            Array(
                try rsa.signature(for: SHA512.hash(data: signed), padding: .insecurePKCS1v1_5)
                    .rawRepresentation)
        case .pss: Array(try rsa.signature(for: SHA256.hash(data: signed), padding: .PSS).rawRepresentation)
        case .hmacOfRSA: Self.hmac(signed, key: Array(rsa.publicKey.pemRepresentation.utf8))
        case .hmacOfEd: Self.hmac(signed, key: Array(ed.publicKey.rawRepresentation))
        case .nothing: []
        }
    }

    private static func hmac(_ signed: [UInt8], key: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: key)))
    }
}
