// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Testing

@testable import ExtRefSecurity

/// Which key sets are taken and what of them.
@Suite struct KeySetTests {
    private let workshop: TokenWorkshop
    private let issuer = TrustedIssuer(name: "https://id.example.com", keySetPath: "/etc/extref/keys.json")

    init() throws { workshop = try TokenWorkshop.shared.get() }

    private func keyIDs(_ document: String) async throws(SecurityError) -> [String] {
        try await KeySet.read(Array(document.utf8), issuer: issuer).keys.sorted()
    }

    @Test func takesTheThreeKindsAndLeavesOutTheRest() async throws {
        let ids = try await keyIDs(
            TokenWorkshop.keySet(
                workshop.edKey, workshop.esKey, workshop.rsaKey,
                workshop.rsaKey.replacing("rsa-1", with: "rsa-512").replacing("RS256", with: "RS512"),
                workshop.rsaKey.replacing("rsa-1", with: "rsa-enc").replacing("\"sig\"", with: "\"enc\""),
                TokenWorkshop.jwk([
                    "kty": "EC", "crv": "P-384", "alg": "ES384", "kid": "es-384", "x": "A", "y": "A",
                ]),
                TokenWorkshop.jwk(["kty": "FUTURE", "kid": "new"]),
                workshop.edKey.replacing("\"alg\": \"EdDSA\", ", with: "").replacing("ed-1", with: "no-alg")))
        #expect(ids == ["ed-1", "es-1", "rsa-1"])
    }

    private static let okp = ["kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "kid": "a", "x": "AA"]
    private static let hmac = ["kty": "oct", "kid": "s", "alg": "HS256", "k": "c2VjcmV0"]
    private static let shortRSA = [
        "kty": "RSA", "alg": "RS256", "kid": "small", "n": "u1SU1LfVLPHC", "e": "AQAB",
    ]

    private static func set(_ key: [String: String], _ changes: [String: String?] = [:]) -> String {
        TokenWorkshop.keySet(TokenWorkshop.jwk(changes.reduce(into: key) { $0[$1.key] = $1.value }))
    }

    @Test(arguments: [
        ("", "is not a JSON web key set"), ("[]", "is not a JSON web key set"),
        ("{\"keys\": {}}", "is not a JSON web key set"), ("{\"keys\": []}", "has no key"),
        (set(hmac), "private or symmetric"), (set(okp, ["d": "AA"]), "private or symmetric"),
        (set(okp), "broken key 'a'"), (set(okp, ["kid": nil]), "without a usable kid"),
        (set(okp, ["kid": "a b"]), "without a usable kid"), (set(shortRSA), "broken key 'small'"),
    ])
    func aMistakeRefusesTheSet(document: String, complaint: String) async {
        let error = await #expect(throws: SecurityError.self) { try await keyIDs(document) }
        #expect(error?.code == .keySetInvalid)
        #expect(error?.message.contains(complaint) == true)
        #expect(error?.message.contains(issuer.keySetPath) == true)
    }

    @Test func twoKeysOfOneNameRefuseTheSet() async {
        await #expect(throws: SecurityError.self) {
            try await keyIDs(
                TokenWorkshop.keySet(workshop.edKey, workshop.otherKey.replacing("other-1", with: "ed-1")))
        }
    }

    @Test func twoIssuersMustNotShareAKeyName() async throws {
        let directory = try ScratchDirectory()
        try directory.write(TokenWorkshop.keySet(workshop.edKey), to: "a.json")
        try directory.write(
            TokenWorkshop.keySet(workshop.otherKey.replacing("other-1", with: "ed-1")), to: "b.json")
        let issuers = ["a", "b"].map { TrustedIssuer(name: $0, keySetPath: directory.file($0 + ".json")) }
        await #expect(throws: SecurityError.self) {
            try await Authenticator(issuers: issuers, now: TokenWorkshop.now)
        }
    }

    @Test func aMissingKeySetStopsTheStart() async throws {
        let directory = try ScratchDirectory()
        let missing = TrustedIssuer(name: "a", keySetPath: directory.file("none.json"))
        let error = await #expect(throws: SecurityError.self) {
            try await Authenticator(issuers: [missing], now: TokenWorkshop.now)
        }
        #expect(error?.code == .keySetInvalid)
    }
}
