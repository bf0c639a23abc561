// SPDX-License-Identifier: Apache-2.0

import Crypto
import ExtRefDomain
import Testing

@testable import ExtRefSecurity

@Suite struct AuthorizationStateTests {
    private static let end = Timestamp(milliseconds: 1_795_340_867_123)
    private let sealer = SecretSealer(keyRing: .generated())
    private let state = AuthorizationState(
        principalID: PrincipalID(trusted: "anna"), redirectURI: "https://host.example/back?a=b&c=%20",
        expiresAt: end)

    private static func source(
        _ id: String = "src_1", tenant: String = "acme", revision: Int64 = 3
    ) -> IntegrationSource {
        var source = IntegrationSource(
            id: SourceID(trusted: id), tenantID: TenantID(trusted: tenant), owner: .tenant,
            providerID: .jiraCloud, displayName: "J", baseURL: "https://j.example",
            createdAt: Timestamp(seconds: 0), createdBy: PrincipalID(trusted: "a"))
        source.revision = revision
        return source
    }

    @Test func `what travels comes back whole`() throws {
        let text = try state.sealed(for: Self.source(), with: sealer)
        #expect(AuthorizationState(sealed: text, for: Self.source(), with: sealer) == state)
        #expect(text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "+") })
        #expect(text.utf8.count < SecurityLimits.authorizationStateBytesMax)
    }

    @Test func `the challenge is the verifier's digest, as RFC 7636 wants it`() throws {
        #expect(state.verifier.utf8.count == 43)
        #expect(
            state.verifier.utf8.allSatisfy {
                Character(UnicodeScalar($0)).isLetter || "-_0123456789".utf8.contains($0)
            })
        let digest = Array(SHA256.hash(data: Array(state.verifier.utf8)))
        #expect(state.challenge == Base64URL.text(digest) && state.challenge.utf8.count == 43)
        let other = AuthorizationState(
            principalID: state.principalID, redirectURI: state.redirectURI, expiresAt: Self.end)
        #expect(other.verifier != state.verifier)
    }

    @Test func `the longest there may be still travels`() throws {
        let long = AuthorizationState(
            principalID: PrincipalID(trusted: String(repeating: "p", count: DomainLimits.hostIDScalarsMax)),
            redirectURI: "https://" + String(repeating: "h", count: DomainLimits.urlBytesMax - 8),
            expiresAt: Self.end)
        let text = try long.sealed(for: Self.source(), with: sealer)
        #expect(AuthorizationState(sealed: text, for: Self.source(), with: sealer) == long)
    }

    @Test(arguments: [
        source("src_2"), source(tenant: "rival"), source(revision: 4), source(revision: 2),
    ])
    func `a state belongs to one source in one revision`(_ other: IntegrationSource) throws {
        let text = try state.sealed(for: Self.source(), with: sealer)
        #expect(AuthorizationState(sealed: text, for: other, with: sealer) == nil)
    }

    @Test func `no altered character is taken`() throws {
        let text = try state.sealed(for: Self.source(), with: sealer)
        for (offset, character) in text.enumerated() {
            var changed = Array(text)
            changed[offset] = character == "A" ? "B" : "A"
            let opened = AuthorizationState(sealed: String(changed), for: Self.source(), with: sealer)
            #expect(opened == nil, "character \(offset)")
        }
        for text in ["", "A", String(text.dropLast()), text + "A", text + "=", " " + text] {
            #expect(AuthorizationState(sealed: text, for: Self.source(), with: sealer) == nil)
        }
        let huge = String(repeating: "A", count: SecurityLimits.authorizationStateBytesMax + 1)
        #expect(AuthorizationState(sealed: huge, for: Self.source(), with: sealer) == nil)
    }

    @Test func `another ring, or another sealed secret of the source, opens nothing`() throws {
        let text = try state.sealed(for: Self.source(), with: sealer)
        let foreign = SecretSealer(keyRing: .generated())
        #expect(AuthorizationState(sealed: text, for: Self.source(), with: foreign) == nil)
        let source = Self.source()
        let secret = try sealer.seal(
            Secret("anna\nhttps://x\nv\n1"),
            binding: SealBinding(tenantID: source.tenantID, source: source.id, field: "refresh_token"))
        #expect(AuthorizationState(sealed: Base64URL.text(secret), for: source, with: sealer) == nil)
    }

    @Test func `nothing of it prints`() {
        for text in printedForms(of: state) {
            #expect(!text.contains(state.verifier) && !text.contains("host.example"))
        }
    }
}
