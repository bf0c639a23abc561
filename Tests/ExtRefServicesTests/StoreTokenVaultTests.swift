// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import ExtRefSecurity
import ExtRefStore
import ExtRefTrackers
import Testing

@testable import ExtRefServices

@Suite(.timeLimit(.minutes(1))) struct StoreTokenVaultTests {
    private let harness: ServiceHarness
    private let vault: StoreTokenVault

    init() throws {
        harness = try ServiceHarness.writing()
        vault = StoreTokenVault(
            store: harness.store, sealer: harness.environment.sealer, clock: harness.time.now)
    }

    private func stored(_ id: String) async throws -> IntegrationSource {
        try #require(
            try await harness.store.read(ServiceHarness.tenant) { try $0.sources.get(SourceID(trusted: id)) })
    }

    private func addSource() async throws -> (ExtRefMessages.Source, IntegrationSource) {
        let source = try await harness.addFake {
            $0.authentication = Authentication(
                method: "oauth", settings: ["client_id": "c"],
                secrets: ["client_secret": "s", "refresh_token": "by hand"])
        }
        return (source, try await stored(source.id))
    }

    private func token(_ number: Int, refresh: Bool = true) -> IssuedToken {
        IssuedToken(
            accessToken: "access-\(number)", expiresAt: harness.time.now() + .seconds(3_600),
            refreshToken: refresh ? "refresh-\(number)" : nil)
    }

    private func sealed(_ source: IntegrationSource) async throws -> [SealedCredential] {
        try await harness.store.read(ServiceHarness.tenant) {
            try $0.sources.sealedCredentials(of: source.id)
        }
    }

    @Test func `what is kept comes back, and lies sealed where it was put`() async throws {
        let (_, source) = try await addSource()
        #expect(try await vault.newest(for: source) == nil, "nothing was obtained yet")
        try await vault.keep(token(1), for: source)
        #expect(try await vault.newest(for: source) == token(1))
        for credential in try await sealed(source) {
            let text = String(decoding: credential.sealed, as: UTF8.self)
            #expect(!text.contains("access-1") && !text.contains("refresh-1"))
            let elsewhere = SealBinding(tenantID: source.tenantID, source: source.id, field: "other")
            #expect(throws: SecurityError.self) {
                try harness.environment.sealer.open(credential.sealed, binding: elsewhere)
            }
        }
    }

    @Test func `an access token alone leaves the refresh token there is`() async throws {
        let (_, source) = try await addSource()
        try await vault.keep(token(1, refresh: false), for: source)
        #expect(try await vault.newest(for: source)?.refreshToken == "by hand")
        #expect(
            try await sealed(source).first { $0.name == "refresh_token" }?.setBy.rawValue == "tenantAdmin")
    }

    @Test func `keeping is no change of the source, and no cached configuration is thrown away`() async throws
    {
        let (_, source) = try await addSource()
        let version = try await harness.store.read(ServiceHarness.tenant) { try $0.configurationVersion() }
        try await vault.keep(token(1), for: source)
        #expect(try await stored(source.id.rawValue).revision == source.revision)
        #expect(
            try await harness.store.read(ServiceHarness.tenant) { try $0.configurationVersion() } == version)
    }

    @Test func `what an admin entered meanwhile is never overwritten`() async throws {
        let (message, source) = try await addSource()
        try await harness.update(message, "authentication") {
            $0.authentication = Authentication(
                method: "oauth", settings: ["client_id": "c"],
                secrets: ["client_secret": "s2", "refresh_token": "newer"])
        }
        try await vault.keep(token(1), for: source)
        let now = try await stored(message.id)
        #expect(try await vault.newest(for: now) == nil)
        let tracked = try await harness.store.read(ServiceHarness.tenant) {
            try harness.environment.trackerSource(now, in: $0)
        }
        #expect(tracked.credential["refresh_token"] == "newer")
    }

    @Test func `new secrets end what was obtained with the old ones`() async throws {
        let (message, source) = try await addSource()
        try await vault.keep(token(1), for: source)
        try await harness.update(message, "authentication") {
            $0.authentication = Authentication(
                method: "oauth", settings: ["client_id": "c"], secrets: ["client_secret": "s2"])
        }
        let now = try await stored(message.id)
        #expect(try await vault.newest(for: now) == nil)
        #expect(Set(try await sealed(now).map(\.name)) == ["client_secret", "refresh_token"])
    }

    @Test func `a source that is gone keeps nothing`() async throws {
        let (message, source) = try await addSource()
        _ = try await harness.admin().deleteSource(DeleteSourceRequest(id: message.id))
        try await vault.keep(token(1), for: source)
        #expect(try await vault.newest(for: source) == nil)
    }

    @Test func `a store that fails is an outage, not a lost grant`() async throws {
        let (_, source) = try await addSource()
        harness.engine.die()
        let reading = await #expect(throws: TrackerError.self) { try await vault.newest(for: source) }
        let keeping = await #expect(throws: TrackerError.self) { try await vault.keep(token(1), for: source) }
        #expect(reading?.code == .unavailable && keeping?.code == .unavailable)
    }

    @Test func `the access token reaches an adapter through the runner only`() async throws {
        let (_, source) = try await addSource()
        try await vault.keep(token(1), for: source)
        let tracked = try await harness.store.read(ServiceHarness.tenant) {
            try harness.environment.trackerSource(source, in: $0)
        }
        #expect(tracked.credential[TrackerCredential.accessTokenField] == nil)
        #expect(tracked.credential["refresh_token"] == "refresh-1" && tracked.credential["client_id"] == "c")
    }
}
