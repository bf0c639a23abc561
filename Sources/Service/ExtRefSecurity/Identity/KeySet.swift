// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JWTKit

/// A public key that verifies tokens of one issuer by one algorithm and no other.
struct VerificationKey: Sendable {
    let keyID: String
    /// The JWS name of the only algorithm the key is used with.
    let algorithmName: String
    let algorithm: any JWTAlgorithm
    let issuer: TrustedIssuer

    /// Tells whether the signature is the key's. A signature of the wrong length is no error, just wrong.
    func verifies(_ signature: [UInt8], of signed: ArraySlice<UInt8>) -> Bool {
        (try? algorithm.verify(signature, signs: signed)) == true
    }
}

/// The public keys of an issuer, read from a JWK set (RFC 7517).
///
/// Only keys for ES256, EdDSA (Ed25519) and RS256 are taken; others are left out, for identity providers list
/// keys for other uses too. A symmetric or private key, a key without `kid` or two keys of one `kid` refuse
/// the whole set: those are mistakes that must not go unnoticed.
enum KeySet {
    /// Reads a key set.
    static func read(
        _ json: [UInt8], issuer: TrustedIssuer
    ) async throws(SecurityError) -> [String: VerificationKey] {
        guard json.count <= SecurityLimits.keySetBytesMax else { throw fault("is too large", issuer) }
        let entries: [Entry]
        do {
            entries = try JSONDecoder().decode(Document.self, from: Data(json)).keys
        } catch {
            throw fault("is not a JSON web key set", issuer)
        }
        var keys = [String: VerificationKey]()
        for entry in entries {
            guard let key = try await verificationKey(entry, issuer) else { continue }
            guard keys.updateValue(key, forKey: key.keyID) == nil else {
                throw fault("has two keys with kid '\(key.keyID)'", issuer)
            }
        }
        guard !keys.isEmpty else { throw fault("has no key for ES256, EdDSA or RS256", issuer) }
        guard keys.count <= SecurityLimits.keysPerSetMax else { throw fault("has too many keys", issuer) }
        return keys
    }

    /// A key id worth looking up: visible ASCII and not long.
    static func isKeyID(_ text: String) -> Bool {
        (1...SecurityLimits.keyIDBytesMax).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    private struct Document: Decodable {
        let keys: [Entry]
    }

    /// The members of a JWK that matter here.
    private struct Entry: Decodable {
        let kty: String
        let kid: String?
        let alg: String?
        let use: String?
        let crv: String?
        let n: String?
        let e: String?
        let x: String?
        let y: String?
        // Present in private and symmetric keys only.
        let d: String?
        let k: String?
    }

    private static func verificationKey(
        _ entry: Entry, _ issuer: TrustedIssuer
    ) async throws(SecurityError) -> VerificationKey? {
        guard entry.d == nil, entry.k == nil, entry.kty != "oct" else {
            throw fault("holds a private or symmetric key; it must hold public keys only", issuer)
        }
        guard entry.use == nil || entry.use == "sig", let (name, jwk) = jwk(entry) else { return nil }
        guard let kid = entry.kid, isKeyID(kid) else { throw fault("has a key without a usable kid", issuer) }
        do {
            let collection = try await JWTKeyCollection().add(jwk: jwk(JWKIdentifier(string: kid)))
            let algorithm = try await collection.getKey(for: JWKIdentifier(string: kid), alg: name)
            return VerificationKey(keyID: kid, algorithmName: name, algorithm: algorithm, issuer: issuer)
        } catch {
            throw fault("has a broken key '\(kid)'", issuer)
        }
    }

    /// The algorithm a key is pinned to and how to make jwt-kit's key of it; nil when the key is for
    /// something else.
    private static func jwk(_ entry: Entry) -> (name: String, make: (JWKIdentifier) -> JWK)? {
        switch (entry.kty, entry.crv, entry.alg) {
        case ("EC", "P-256", "ES256"):
            ("ES256", { .ecdsa(.es256, identifier: $0, x: entry.x, y: entry.y, curve: .p256) })
        case ("OKP", "Ed25519", "EdDSA"):
            ("EdDSA", { .octetKeyPair(.eddsa, identifier: $0, x: entry.x, y: nil, curve: .ed25519) })
        case ("RSA", nil, "RS256"):
            ("RS256", { .rsa(.rs256, identifier: $0, modulus: entry.n, exponent: entry.e) })
        default: nil
        }
    }

    private static func fault(_ fault: String, _ issuer: TrustedIssuer) -> SecurityError {
        SecurityError(.keySetInvalid, "Key set \(issuer.keySetPath) of issuer '\(issuer.name)' \(fault).")
    }
}
