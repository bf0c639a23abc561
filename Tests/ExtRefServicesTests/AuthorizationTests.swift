// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import ExtRefStore
import ExtRefTrackers
import Foundation
import RPC
import RPCMessages
import Testing

@testable import ExtRefSecurity
@testable import ExtRefServices

/// How a person lets a source in, by OAuth 2 with PKCE.
@Suite(.timeLimit(.minutes(1))) struct AuthorizationTests {
    private static let redirect = "https://host.example/oauth/back"

    private func oauthSource(
        _ harness: ServiceHarness, _ name: String = "OAuth", base: String = "https://fake.example"
    ) async throws -> ExtRefMessages.Source {
        harness.sites.edit { $0.oauth.challenge = { Base64URL.text(ContentHash.sha256(Array($0.utf8))) } }
        return try await harness.addFake(name, base: base) {
            $0.authentication = Authentication(
                method: "oauth", settings: ["client_id": "client & co"],
                secrets: ["client_secret": "client-secret"])
        }
    }

    private func begin(
        _ harness: ServiceHarness, _ source: ExtRefMessages.Source, as who: TestCaller = .tenantAdmin,
        redirect: String = redirect
    ) async throws -> [String: String] {
        let answer = try await harness.admin(who).beginSourceAuthorization(
            BeginSourceAuthorizationRequest(id: source.id, redirectUri: redirect))
        let url = try #require(URLComponents(string: answer.authorizationURL))
        #expect(answer.authorizationURL.hasPrefix(FakeTracker.authorizeAddress + "?"))
        let end = harness.time.now() + ServiceLimits.authorizationTimeMax
        #expect(answer.expireTime == GoogleTimestamp(end))
        return Dictionary(
            uniqueKeysWithValues: (url.queryItems ?? []).map { ($0.name, $0.value ?? "") })
    }

    /// A person agrees: the vendor notes the challenge and hands out a code.
    private func agree(_ harness: ServiceHarness, _ items: [String: String], code: String = "code-1") {
        harness.sites.edit { state in
            state.oauth.consents[code] = .init(
                challenge: items["code_challenge"] ?? "", redirectURI: items["redirect_uri"] ?? "")
        }
    }

    @discardableResult
    private func complete(
        _ harness: ServiceHarness, _ source: ExtRefMessages.Source, _ state: String?, code: String = "code-1",
        as who: TestCaller = .tenantAdmin
    ) async throws -> ExtRefMessages.Source {
        let request = CompleteSourceAuthorizationRequest(id: source.id, state: state ?? "", code: code)
        return try #require(try await harness.admin(who).completeSourceAuthorization(request).source)
    }

    @Test func `a person's consent becomes a sealed grant with which issues are read`() async throws {
        let harness = try ServiceHarness.writing()
        let source = try await oauthSource(harness)
        harness.sites.edit {
            $0.issues["fake.example"] = [.init(id: "1", key: "FK-1", project: "FK", title: "T")]
        }
        guard case .issue(let unread) = try await harness.link(key: "FK-1").link?.target else { return }
        #expect(unread.errorReason == "TRACKER_CREDENTIALS_REJECTED" && harness.sites.calls.isEmpty)
        let items = try await begin(harness, source)
        #expect(items["response_type"] == "code" && items["client_id"] == "client & co")
        #expect(items["redirect_uri"] == Self.redirect && items["scope"] == "read write")
        #expect(items["code_challenge_method"] == "S256" && items["audience"] == "api & more")
        agree(harness, items)
        harness.advance(.seconds(60))
        // The vendor's server checks the verifier against the challenge, and the redirect URI.
        let answer = try await complete(harness, source, items["state"])
        #expect(answer.etag != source.etag, "the revision grows")
        #expect(answer.updateTime == GoogleTimestamp(harness.time.now()))
        #expect(answer.authentication?.credentials.map(\.name) == ["client_secret", "refresh_token"])
        #expect(answer.authentication?.credentials.last?.setBy == "tenantAdmin")
        _ = try await harness.link("TC-2", key: "FK-1")
        #expect(harness.sites.count(.token) == 1, "the access token that came along is used")
    }

    @Test func `no secret is in any answer, in the audit log or in the store`() async throws {
        let harness = try ServiceHarness.writing()
        let source = try await oauthSource(harness)
        let items = try await begin(harness, source)
        agree(harness, items)
        let answer = try await complete(harness, source, items["state"])
        let read = try await harness.admin().getSource(GetSourceRequest(id: source.id))
        let audit = try await harness.audit()
        let entry = try #require(audit.first)
        #expect(entry.action == "extref.v1.AdminService/CompleteSourceAuthorization")
        #expect(entry.principal == "tenantAdmin" && entry.resourceID == source.id)
        let change = try #require(entry.fields.first { $0.field == "authentication.secrets" })
        #expect(!change.before.contains("refresh_token") && change.after.contains("refresh_token set"))
        let stored = try await harness.store.read(ServiceHarness.tenant) {
            try $0.sources.sealedCredentials(of: SourceID(trusted: source.id))
        }
        #expect(Set(stored.map(\.name)) == ["client_secret", "refresh_token", "access_token"])
        let shown =
            "\(items)\(answer)\(read)\(audit)"
            + stored.map { String(decoding: $0.sealed, as: UTF8.self) }.joined()
        for secret in ["access-1", "refresh-1", "client-secret", "access_token"] {
            #expect(!shown.contains(secret), "\(secret)")
        }
    }

    @Test func `a state is good once, for the source, the caller and the settings it was made for`()
        async throws
    {
        let harness = try ServiceHarness.writing()
        let source = try await oauthSource(harness)
        let other = try await oauthSource(harness, "Other", base: "https://other.example")
        let items = try await begin(harness, source)
        let state = try #require(items["state"])
        agree(harness, items)
        agree(harness, items, code: "code-2")
        let middle = state.index(state.startIndex, offsetBy: state.count / 2)
        let altered = state[..<middle] + (state[middle] == "A" ? "B" : "A") + state[middle...].dropFirst()
        let refused: [(String, ExtRefMessages.Source, String, TestCaller)] = [
            ("another source", other, state, .tenantAdmin),
            ("altered", source, String(altered), .tenantAdmin),
            ("cut", source, String(state.dropLast()), .tenantAdmin), ("empty", source, "", .tenantAdmin),
            ("nonsense", source, String(repeating: "x", count: 9_000), .tenantAdmin),
        ]
        for (name, target, text, who) in refused {
            let error = await failure { try await complete(harness, target, text, as: who) }
            #expect(error?.code == .invalidArgument && error?.fields == ["state"], "\(name)")
        }
        #expect(harness.sites.count(.token) == 0, "nothing was exchanged")
        try await complete(harness, source, state)
        let again = await failure { try await complete(harness, source, state, code: "code-2") }
        #expect(again?.fields == ["state"])
        let next = try await begin(harness, source)
        agree(harness, next)
        try await harness.update(source, "display_name") { $0.displayName = "Renamed" }
        let changed = await failure { try await complete(harness, source, next["state"]) }
        #expect(changed?.fields == ["state"], "the source is not what it was begun for")
    }

    @Test func `what one admin began another one cannot end`() async throws {
        let harness = try ServiceHarness.writing()
        harness.sites.edit { $0.oauth.challenge = { Base64URL.text(ContentHash.sha256(Array($0.utf8))) } }
        var draft = ExtRefMessages.Source(
            provider: "fake", displayName: "Mine", baseURL: "https://fake.example")
        draft.owner = ExtRefMessages.Owner(owner: .projectID("P1"))
        draft.authentication = Authentication(
            method: "oauth", settings: ["client_id": "c"], secrets: ["client_secret": "client-secret"])
        let source = try #require(
            try await harness.admin(.projectAdmin).createSource(CreateSourceRequest(source: draft)).source)
        let items = try await begin(harness, source, as: .projectAdmin)
        agree(harness, items)
        #expect(await failure { try await complete(harness, source, items["state"]) }?.fields == ["state"])
        try await complete(harness, source, items["state"], as: .projectAdmin)
    }

    @Test func `a state ends`() async throws {
        let harness = try ServiceHarness.writing()
        let source = try await oauthSource(harness)
        let items = try await begin(harness, source)
        agree(harness, items)
        harness.advance(ServiceLimits.authorizationTimeMax)
        let error = await failure { try await complete(harness, source, items["state"]) }
        #expect(error?.fields == ["state"] && error?.message.contains("expired") == true)
        #expect(harness.sites.count(.token) == 0)
    }

    @Test(arguments: [
        ("https://host.example/back", true), ("https://host.example/back?a=b", true),
        ("http://localhost:8080/back", true), ("http://127.0.0.1/back", true), ("http://[::1]:9/back", true),
        ("HTTP://LocalHost/back", true), ("http://localhost", true), ("http://host.example/back", false),
        ("http://localhost.evil.example/", false), ("http://127.0.0.1.evil.example/", false),
        ("http://localhost@evil.example/", false), ("https://user@host.example/", false),
        ("https://host.example/#x", false), ("javascript:alert(1)", false), ("custom-app:/back", false),
        ("", false), ("https://host.example/ x", false), ("//host.example", false),
    ])
    func `a redirect URI is https, or on the same machine`(uri: String, isGood: Bool) async throws {
        let harness = try ServiceHarness.writing()
        let source = try await oauthSource(harness)
        guard !isGood else {
            #expect(try await begin(harness, source, redirect: uri)["redirect_uri"] == uri)
            return
        }
        let error = await failure { try await begin(harness, source, redirect: uri) }
        #expect(error?.reason == "URL_INVALID" && error?.fields == ["redirect_uri"])
    }

    @Test func `a source that needs nobody's consent says so`() async throws {
        let harness = try ServiceHarness.writing()
        let source = try await harness.addFake()
        let error = await failure { try await begin(harness, source) }
        #expect(error?.reason == "CAPABILITY_UNAVAILABLE")
    }

    @Test func `a refused code, or a grant that cannot be renewed, changes nothing`() async throws {
        let harness = try ServiceHarness.writing()
        let source = try await oauthSource(harness)
        let items = try await begin(harness, source)
        let refused = await failure { try await complete(harness, source, items["state"], code: "wrong") }
        #expect(refused?.reason == "TRACKER_CREDENTIALS_EXPIRED")
        let tooLong = String(repeating: "x", count: 2_049)
        for code in ["", tooLong] {
            #expect(
                await failure { try await complete(harness, source, items["state"], code: code) }?.fields
                    == ["code"])
        }
        harness.sites.edit { $0.oauth.givesRefreshTokens = false }
        agree(harness, items)
        let error = await failure { try await complete(harness, source, items["state"]) }
        #expect(error?.code == .failedPrecondition && error?.reason == "TRACKER_SCOPE_MISSING")
        let read = try await harness.admin().getSource(GetSourceRequest(id: source.id)).source
        #expect(read?.etag == source.etag)
    }

    @Test func `a source that is changed while the code is exchanged keeps the change`() async throws {
        let harness = try ServiceHarness.writing()
        let source = try await oauthSource(harness)
        let items = try await begin(harness, source)
        agree(harness, items)
        let gate = Gate()
        harness.sites.breaking { $0.deed == .token ? .waiting(gate) : nil }
        let completing = Task { await failure { try await complete(harness, source, items["state"]) } }
        while harness.sites.count(.token) == 0 { await Task.yield() }
        try await harness.update(source, "authentication") {
            $0.authentication = Authentication(
                method: "oauth", settings: ["client_id": "c"],
                secrets: ["client_secret": "another", "refresh_token": "by hand"])
        }
        gate.open()
        #expect(await completing.value?.code == .aborted)
        let tracked = try await harness.store.read(ServiceHarness.tenant) { store in
            let stored = try #require(try store.sources.get(SourceID(trusted: source.id)))
            return try harness.environment.trackerSource(stored, in: store)
        }
        #expect(tracked.credential["refresh_token"] == "by hand")
    }

    @Test func `a grant is renewed by itself, and each renewal outlives a restart`() async throws {
        let harness = try ServiceHarness.writing()
        let source = try await oauthSource(harness)
        harness.sites.edit {
            $0.issues["fake.example"] = [.init(id: "1", key: "FK-1", project: "FK", title: "T")]
        }
        let items = try await begin(harness, source)
        agree(harness, items)
        let answer = try await complete(harness, source, items["state"])
        for round in 1...3 {
            harness.advance(.seconds(3_600))
            harness.sites.edit { $0.oauth.accessTokens = [] }
            _ = try await harness.link("TC-\(round)", key: "FK-1")
            #expect(harness.sites.count(.token) == 1 + round)
        }
        let read = try await harness.admin().getSource(GetSourceRequest(id: source.id)).source
        #expect(read?.etag == answer.etag, "a renewal is no change of the source")
        #expect(harness.sites.refreshTokens == ["refresh-4"])
        // What another process reads is the newest grant.
        let vault = StoreTokenVault(
            store: harness.store, sealer: harness.environment.sealer, clock: harness.time.now)
        let stored = try await harness.store.read(ServiceHarness.tenant) {
            try $0.sources.get(SourceID(trusted: source.id))
        }
        let newest = try await vault.newest(for: try #require(stored))
        #expect(newest?.refreshToken == "refresh-4" && newest?.accessToken == "access-4")
    }
}
