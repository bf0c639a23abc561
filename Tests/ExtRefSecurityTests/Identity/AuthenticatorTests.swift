// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Testing

@testable import ExtRefSecurity

/// What is remembered, what is forgotten, and when keys are read.
@Suite struct AuthenticatorTests {
    private let workshop: TokenWorkshop
    private let directory: ScratchDirectory
    private let authenticator: Authenticator
    private let now = TokenWorkshop.now

    init() async throws {
        workshop = try TokenWorkshop.shared.get()
        directory = try ScratchDirectory()
        authenticator = try await workshop.authenticator(in: directory)
    }

    private func reason(_ token: String, at time: Timestamp) -> AuthError.Reason? {
        do throws(AuthError) {
            _ = try authenticator.caller(authorization: "Bearer " + token, now: time)
            return nil
        } catch {
            return error.reason
        }
    }

    @Test func onlyVerifiedTokensAreRemembered() throws {
        let token = try workshop.token()
        #expect(reason(token, at: now) == nil)
        #expect(reason(token, at: now) == nil)
        #expect(authenticator.cachedTokenCount == 1)
        for row in TokenCase.all where row.expected != nil { _ = reason(try row.token(workshop), at: now) }
        #expect(authenticator.cachedTokenCount == 1)
    }

    @Test func aRememberedTokenStillEnds() throws {
        var claims = TokenWorkshop.claims
        claims["exp"] = "\(now.seconds + 100)"
        let token = try workshop.token(TokenWorkshop.header, claims)
        #expect(reason(token, at: now) == nil)
        #expect(reason(token, at: now + .milliseconds(159_999)) == nil)
        #expect(reason(token, at: now + .seconds(160)) == .expired)
        // A clock that is set back does not bring in what has not begun.
        #expect(reason(token, at: Timestamp(seconds: now.seconds - 60)) == nil)
        #expect(reason(token, at: Timestamp(seconds: now.seconds - 61)) == .notYetValid)
    }

    @Test func aWithdrawnKeyEndsItsTokensAtTheNextReload() async throws {
        let token = try workshop.token()
        #expect(reason(token, at: now) == nil)
        try directory.write(TokenWorkshop.keySet(workshop.esKey), to: "keys.json")
        #expect(reason(token, at: now) == nil)
        try await authenticator.reloadKeys(now: now)
        #expect(reason(token, at: now) == .keyUnknown)
        #expect(authenticator.cachedTokenCount == 0)
    }

    @Test func aReplacedKeyOfTheSameNameEndsTheOldOnesTokens() async throws {
        let token = try workshop.token()
        #expect(reason(token, at: now) == nil)
        let replaced = workshop.otherKey.replacing("other-1", with: "ed-1")
        try directory.write(TokenWorkshop.keySet(replaced), to: "keys.json")
        try await authenticator.reloadKeys(now: now)
        #expect(reason(token, at: now) == .signatureInvalid)
        #expect(reason(try workshop.token(by: .other), at: now) == nil)
    }

    @Test func anUnchangedKeySetForgetsNothing() async throws {
        #expect(reason(try workshop.token(), at: now) == nil)
        try await authenticator.reloadKeys(now: now)
        #expect(authenticator.cachedTokenCount == 1)
    }

    @Test func aDamagedKeySetLeavesTheKeysForADay() async throws {
        try directory.write("{ not json", to: "keys.json")
        await #expect(throws: SecurityError.self) { try await authenticator.reloadKeys(now: now) }
        #expect(reason(try workshop.token(), at: now) == nil)

        let later = now + SecurityLimits.keysUnconfirmedMax
        #expect(reason(try fresh(at: later), at: later) == nil)
        #expect(reason(try fresh(at: later + .seconds(1)), at: later + .seconds(1)) == .keysStale)
        // The other issuer's set is whole, so its keys were confirmed by the same reload.
        try directory.write(TokenWorkshop.keySet(workshop.edKey), to: "keys.json")
        try await authenticator.reloadKeys(now: later)
        #expect(reason(try fresh(at: later + .seconds(1)), at: later + .seconds(1)) == nil)
    }

    @Test func aRememberedTokenIsVerifiedAgainNowAndThen() async throws {
        let issuer = TrustedIssuer(
            name: TokenWorkshop.issuer, keySetPath: directory.file("keys.json"),
            lifetimeMax: SecurityLimits.localLifetimeMax)
        let patient = try await Authenticator(issuers: [issuer], now: now)
        let day = SecurityLimits.keysUnconfirmedMax
        let token = try fresh(at: now + day + .seconds(600))
        // Nobody reloads: a remembered token must not outlive the trust in its key.
        for time in [now, now + day] {
            _ = try patient.caller(authorization: "Bearer " + token, now: time)
        }
        let late = now + day + SecurityLimits.tokenReverifiedAfter
        let error = #expect(throws: AuthError.self) {
            try patient.caller(authorization: "Bearer " + token, now: late)
        }
        #expect(error?.reason == .keysStale)
    }

    private func fresh(at time: Timestamp) throws -> String {
        var claims = TokenWorkshop.claims
        claims["exp"] = "\(time.seconds + 60)"
        return try workshop.token(TokenWorkshop.header, claims)
    }

    @Test func oneDamagedKeySetDoesNotHinderTheOthers() async throws {
        try directory.write("", to: "keys.json")
        try directory.write(
            TokenWorkshop.keySet(workshop.otherKey.replacing("other-1", with: "other-2")), to: "other.json")
        await #expect(throws: SecurityError.self) { try await authenticator.reloadKeys(now: now) }
        var header = TokenWorkshop.header
        header["kid"] = "\"other-2\""
        var claims = TokenWorkshop.claims
        claims["iss"] = "\"\(TokenWorkshop.otherIssuer)\""
        #expect(reason(try workshop.token(header, claims, by: .other), at: now) == nil)
    }

    @Test func theCacheIsBoundedAndKeepsWhatIsUsed() async throws {
        let bounded = try await Authenticator(
            issuers: [TrustedIssuer(name: TokenWorkshop.issuer, keySetPath: directory.file("keys.json"))],
            now: now,
            cachedTokensMax: 8)
        for index in 0..<100 {
            var claims = TokenWorkshop.claims
            claims["jti"] = "\"\(index)\""
            _ = try bounded.caller(
                authorization: "Bearer " + workshop.token(TokenWorkshop.header, claims), now: now)
            #expect(bounded.cachedTokenCount <= 8)
        }
        #expect(bounded.cachedTokenCount >= 4)
    }

    @Test func manyTasksMayAskAtOnce() async throws {
        let tokens = try (0..<8).map { index in
            var claims = TokenWorkshop.claims
            claims["sub"] = "\"user-\(index)\""
            return try workshop.token(TokenWorkshop.header, claims)
        }
        try await withThrowingTaskGroup { group in
            for round in 0..<64 {
                group.addTask { [authenticator, now] in
                    if round.isMultiple(of: 16) { try await authenticator.reloadKeys(now: now) }
                    let index = round % tokens.count
                    let caller = try authenticator.caller(authorization: "Bearer " + tokens[index], now: now)
                    #expect(caller.principalID.rawValue == "user-\(index)")
                }
            }
            try await group.waitForAll()
        }
    }
}
