// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Testing

@testable import ExtRefSecurity

/// A page token works for the caller and query it was made for, and for nothing else.
@Suite struct PageTokenTests {
    private let ring = KeyRing.generated()
    private let sealer: PageTokenSealer
    private let cursor = Array("2026-01-01|lnk_1".utf8)

    init() { sealer = PageTokenSealer(keyRing: ring) }

    private static func binding(
        tenant: String = "acme", principal: String = "ada",
        method: String = "extref.v1.LinkService/ListLinks",
        filter: [UInt8] = [1, 2, 3]
    ) -> PageTokenBinding {
        PageTokenBinding(
            tenantID: TenantID(trusted: tenant), principalID: PrincipalID(trusted: principal), method: method,
            filterHash: filter)
    }

    @Test(arguments: [0, 1, 2, 3, 100, SecurityLimits.cursorBytesMax])
    func opensWhereItWasMade(cursorBytes: Int) throws {
        let cursor = (0..<cursorBytes).map { UInt8(truncatingIfNeeded: $0) }
        let token = try sealer.seal(cursor, binding: Self.binding())
        #expect(try sealer.open(token, binding: Self.binding()) == cursor)
        #expect(token.utf8.count <= SecurityLimits.pageTokenBytesMax)
    }

    @Test(arguments: [
        binding(tenant: "evil"), binding(principal: "eve"),
        binding(method: "extref.v1.LinkService/ListIssues"),
        binding(filter: [1, 2, 4]), binding(filter: []), binding(tenant: "acmea", principal: "da"),
    ])
    func opensNowhereElse(_ other: PageTokenBinding) throws {
        let token = try sealer.seal(cursor, binding: Self.binding())
        #expect(throws: PageTokenError.self) { try sealer.open(token, binding: other) }
    }

    @Test func noOtherTextOpens() throws {
        let token = Array(try sealer.seal(cursor, binding: Self.binding()).utf8)
        for index in token.indices {
            for replacement in "AQgw_-".utf8 where replacement != token[index] {
                var changed = token
                changed[index] = replacement
                let text = String(decoding: changed, as: UTF8.self)
                #expect(throws: PageTokenError.self) { try sealer.open(text, binding: Self.binding()) }
            }
            let cut = String(decoding: token.prefix(index), as: UTF8.self)
            #expect(throws: PageTokenError.self) { try sealer.open(cut, binding: Self.binding()) }
        }
    }

    @Test(arguments: [
        "", "=", "AAAA", "not a token", "é",
        String(repeating: "A", count: SecurityLimits.pageTokenBytesMax + 4),
    ])
    func whatIsNoTokenIsRefused(_ text: String) {
        #expect(throws: PageTokenError.self) { try sealer.open(text, binding: Self.binding()) }
    }

    @Test func tokensOutliveARotationAndNotTheirKey() throws {
        let token = try sealer.seal(cursor, binding: Self.binding())
        let fresh = KeyRing.generated()
        let rotated = KeyRing(
            primaryID: fresh.primaryID, primary: fresh.primary, retired: [ring.primaryID: ring.primary])
        #expect(try PageTokenSealer(keyRing: rotated).open(token, binding: Self.binding()) == cursor)
        #expect(throws: PageTokenError.self) {
            try PageTokenSealer(keyRing: fresh).open(token, binding: Self.binding())
        }
    }

    @Test func anOverlongCursorIsRefused() {
        let cursor = [UInt8](repeating: 0, count: SecurityLimits.cursorBytesMax + 1)
        #expect(throws: SecurityError.self) { try sealer.seal(cursor, binding: Self.binding()) }
    }

    @Test func theErrorSaysNothingOfTheToken() throws {
        let token = try sealer.seal(cursor, binding: Self.binding())
        let error = try #require(throws: PageTokenError.self) {
            try sealer.open(token + "A", binding: Self.binding())
        }
        for form in printedForms(of: error) { #expect(!form.contains(token.prefix(12))) }
    }
}
