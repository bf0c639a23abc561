// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Testing

@testable import ExtRefSecurity

@Suite struct LocalIssuerTests {
    private let directory: ScratchDirectory
    private let now = TokenWorkshop.now
    private let caller = Caller(
        tenantID: TenantID(trusted: "acme"), principalID: PrincipalID(trusted: "ci"), displayName: "CI robot",
        isTenantAdmin: true,
        projectRoles: [ProjectID(trusted: "P1"): .projectAdmin, ProjectID(trusted: "P2"): .read],
        scopes: ["webhook.ingest", "link.read"])

    init() throws { directory = try ScratchDirectory() }

    private func bearer(_ token: Secret) -> String { token.reveal { "Bearer " + $0 } }

    @Test func aMintedTokenProvesItsCaller() async throws {
        let issuer = try LocalIssuer.open(directory: directory.path)
        let token = try issuer.mint(for: caller, lifetime: .seconds(60), now: now)
        let authenticator = try await Authenticator(issuers: [issuer.trusted], now: now)
        #expect(try authenticator.caller(authorization: bearer(token), now: now) == caller)
        #expect(throws: AuthError.self) {
            try authenticator.caller(authorization: bearer(token), now: now + .seconds(121))
        }
    }

    @Test func theKeyIsPrivateAndTheKeySetIsNot() throws {
        _ = try LocalIssuer.open(directory: directory.path)
        #expect(try directory.mode(of: LocalIssuer.keyFileName) == 0o600)
        #expect(try directory.names == [LocalIssuer.keySetFileName, LocalIssuer.keyFileName].sorted())
        #expect(try directory.text(of: LocalIssuer.keyFileName).hasPrefix("-----BEGIN PRIVATE KEY-----"))
        #expect(try !directory.text(of: LocalIssuer.keySetFileName).contains("\"d\""))
    }

    @Test func theKeySurvivesARestart() async throws {
        let token = try LocalIssuer.open(directory: directory.path).mint(
            for: caller, lifetime: .seconds(60), now: now)
        let again = try LocalIssuer.open(directory: directory.path)
        let authenticator = try await Authenticator(issuers: [again.trusted], now: now)
        #expect(try authenticator.caller(authorization: bearer(token), now: now) == caller)
    }

    @Test func aTokenLivesAtMostNinetyDays() async throws {
        let issuer = try LocalIssuer.open(directory: directory.path)
        let token = try issuer.mint(for: caller, lifetime: SecurityLimits.localLifetimeMax, now: now)
        let authenticator = try await Authenticator(issuers: [issuer.trusted], now: now)
        #expect(try authenticator.caller(authorization: bearer(token), now: now) == caller)
        for lifetime in [Duration.zero, .seconds(-1), SecurityLimits.localLifetimeMax + .seconds(1)] {
            #expect(throws: SecurityError.self) { try issuer.mint(for: caller, lifetime: lifetime, now: now) }
        }
    }

    @Test(arguments: [0o644, 0o640, 0o660, 0o604, 0o666])
    func aKeyFileThatOthersMayReadIsRefused(mode: Int) throws {
        _ = try LocalIssuer.open(directory: directory.path)
        let text = try directory.text(of: LocalIssuer.keyFileName)
        try directory.write(text, to: LocalIssuer.keyFileName, mode: mode)
        let error = #expect(throws: SecurityError.self) { try LocalIssuer.open(directory: directory.path) }
        #expect(error?.code == .keyFileExposed)
        #expect(error?.message.contains("chmod 600") == true)
        #expect(error?.message.contains("\n") == false)
    }

    @Test(arguments: ["", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "\u{0}"])
    func aDamagedKeyFileIsRefused(_ text: String) throws {
        try directory.write(text, to: LocalIssuer.keyFileName)
        let error = #expect(throws: SecurityError.self) { try LocalIssuer.open(directory: directory.path) }
        #expect(error?.code == .keyFileDamaged)
    }

    @Test func aDirectoryThatIsNotThereIsRefused() {
        #expect(throws: SecurityError.self) { try LocalIssuer.open(directory: directory.file("missing")) }
    }

    @Test func theIssuerPrintsNoKey() throws {
        let issuer = try LocalIssuer.open(directory: directory.path)
        let forms = printedForms(of: issuer)
        #expect(forms.allSatisfy { $0.contains("LocalIssuer(key local-") })
    }
}
