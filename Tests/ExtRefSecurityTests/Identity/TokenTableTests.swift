// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Testing

@testable import ExtRefSecurity

/// Which tokens are believed, one by one.
@Suite struct TokenTableTests {
    private let workshop: TokenWorkshop
    private let directory: ScratchDirectory
    private let authenticator: Authenticator

    init() async throws {
        workshop = try TokenWorkshop.shared.get()
        directory = try ScratchDirectory()
        authenticator = try await workshop.authenticator(in: directory)
    }

    private func refusal(_ authorization: String?, now: Timestamp = TokenWorkshop.now) -> AuthError? {
        do throws(AuthError) {
            _ = try authenticator.caller(authorization: authorization, now: now)
            return nil
        } catch {
            return error
        }
    }

    @Test func theTableHoldsEveryReasonThatATokenCanGive() {
        #expect(TokenCase.all.count >= 40)
        let elsewhere: Set<AuthError.Reason> = [.missing, .schemeUnknown, .tooLong, .keysStale]
        #expect(Set(TokenCase.all.compactMap(\.expected)).union(elsewhere) == Set(AuthError.Reason.allCases))
    }

    @Test(arguments: TokenCase.all)
    func aTokenIsJudgedAsListed(_ row: TokenCase) throws {
        let token = try row.token(workshop)
        #expect(refusal("Bearer " + token)?.reason == row.expected)
        // What was refused once is refused again, and what was accepted is accepted again.
        #expect(refusal("Bearer " + token)?.reason == row.expected)
    }

    @Test(arguments: TokenCase.all)
    func noErrorHoldsAnythingOfTheToken(_ row: TokenCase) throws {
        let token = try row.token(workshop)
        guard let refusal = refusal("Bearer " + token) else { return }
        let parts = token.split(separator: ".").map(String.init) + [token]
        let values = ["user-1", "acme", "evil", "P1", "Ada", "passwd", "link.read", "ed-1", "other-1"]
        for form in printedForms(of: refusal) {
            for canary in parts + values { #expect(!form.contains(canary), "\(canary) in \(form)") }
        }
    }

    @Test(
        arguments: [
            (nil, AuthError.Reason.missing), ("", .missing), ("Bearer", .schemeUnknown),
            ("Bearer ", .schemeUnknown), ("Bearer\u{0}a.b.c", .schemeUnknown),
            ("Basic dXNlcjpwYXNz", .schemeUnknown), ("Token x.y.z", .schemeUnknown),
            ("Bearer  a.b.c", .malformed),
            ("Bearer a.b", .malformed), ("Bearer a.b.c.d", .malformed), ("Bearer ..", .malformed),
            ("Bearer a.b.c ", .malformed), ("Bearer é.b.c", .malformed), ("Bearer e30.e30.", .malformed),
            ("Bearer W10.W10.W10", .malformed),
        ] as [(String?, AuthError.Reason)])
    func whatIsNoBearerTokenIsRefused(authorization: String?, reason: AuthError.Reason) {
        #expect(refusal(authorization)?.reason == reason)
    }

    @Test func theSchemesCaseDoesNotCount() throws {
        let token = try workshop.token()
        for scheme in ["Bearer", "bearer", "BEARER"] { #expect(refusal("\(scheme) \(token)") == nil) }
    }

    @Test func anOverlongTokenIsRefusedUnread() {
        let text = String(repeating: "a", count: SecurityLimits.tokenBytesMax + 1)
        #expect(refusal("Bearer " + text)?.reason == .tooLong)
        #expect(refusal("Bearer " + text.dropLast())?.reason == .malformed)
    }

    /// A token has one spelling: no padding, no other alphabet, no spare bits, no dot more.
    @Test func noOtherSpellingOfAGoodTokenPasses() throws {
        let token = try workshop.token()
        let parts = token.split(separator: ".").map(String.init)
        for index in parts.indices {
            for change in ["=", "==", " ", "\n", "+", "%"] {
                var changed = parts
                changed[index] += change
                #expect(refusal("Bearer " + changed.joined(separator: ".")) != nil)
            }
        }
        #expect(refusal("Bearer " + token + ".") != nil)
        #expect(refusal("Bearer ." + token) != nil)
    }

    @Test func noSingleChangedCharacterPasses() throws {
        let token = Array(try workshop.token().utf8)
        for index in token.indices where token[index] != UInt8(ascii: ".") {
            var changed = token
            changed[index] = changed[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            let text = String(decoding: changed, as: UTF8.self)
            #expect(refusal("Bearer " + text) != nil, "character \(index)")
        }
    }

    @Test func theCallerIsWhatTheClaimsSay() throws {
        var claims = TokenWorkshop.claims
        claims["roles"] = "[\"tenant_admin\", \"owner\"]"
        claims["projects"] =
            "{\"P1\":[\"read\",\"link\"],\"P2\":[],\"P3\":[\"owner\"],\"P4\":[\"project_admin\",\"read\"]}"
        claims["name"] = "\"Ada\\u202e\\u0007 Lovelace\""
        let caller = try authenticator.caller(
            authorization: "Bearer " + workshop.token(TokenWorkshop.header, claims), now: TokenWorkshop.now)
        #expect(caller.tenantID == TenantID("acme"))
        #expect(caller.principalID == PrincipalID("user-1"))
        #expect(caller.isTenantAdmin)
        #expect(
            caller.projectRoles == [ProjectID(trusted: "P1"): .link, ProjectID(trusted: "P4"): .projectAdmin])
        #expect(caller.scopes == ["link.read"])
        #expect(caller.displayName == "Ada Lovelace")
    }

    @Test func aProjectsRoleIsNoTenantRole() throws {
        var claims = TokenWorkshop.claims
        claims["projects"] = "{\"P1\":[\"tenant_admin\"]}"
        claims["scopes"] = "[\"tenant_admin\"]"
        let caller = try authenticator.caller(
            authorization: "Bearer " + workshop.token(TokenWorkshop.header, claims), now: TokenWorkshop.now)
        #expect(!caller.isAdminSomewhere)
    }
}
