// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import RPC
import RPCMessages
import Testing

/// Settings of sources that came with writing to trackers.
@Suite(.timeLimit(.minutes(1))) struct SourceSettingsTests {
    private func update(
        _ harness: ServiceHarness, _ source: ExtRefMessages.Source, _ authentication: Authentication
    ) async throws -> ExtRefMessages.Source {
        try await harness.update(source, "authentication") { $0.authentication = authentication }
    }

    @Test func `a setting that moves the API needs the secrets again`() async throws {
        let harness = try ServiceHarness.writing()
        let source = try await harness.addFake()
        var moved = Authentication(method: "access_token", settings: ["cloud_id": "site-1"])
        let error = await failure { try await update(harness, source, moved) }
        #expect(error?.reason == "CREDENTIAL_REQUIRED" && error?.message.contains("token") == true)
        moved.secrets = ["token": "good-token"]
        let stored = try await update(harness, source, moved)
        #expect(stored.authentication?.settings == ["cloud_id": "site-1"])
        let back = await failure { try await update(harness, stored, Authentication(method: "access_token")) }
        #expect(back?.reason == "CREDENTIAL_REQUIRED", "and so does moving it back")
        let same = Authentication(method: "access_token", settings: ["cloud_id": "site-1"])
        _ = try await update(harness, stored, same)
    }

    @Test func `a new token endpoint needs the client's secret again and forgets the grant`() async throws {
        let harness = try ServiceHarness.writing()
        let source = try await harness.addFake {
            $0.authentication = Authentication(
                method: "oauth", settings: ["client_id": "c"],
                secrets: ["client_secret": "s", "refresh_token": "r"])
        }
        var moved = Authentication(
            method: "oauth", settings: ["client_id": "c", "token_url": "https://gateway.example/token"])
        let error = await failure { try await update(harness, source, moved) }
        #expect(error?.reason == "CREDENTIAL_REQUIRED" && error?.message.contains("client_secret") == true)
        moved.secrets = ["client_secret": "s"]
        let stored = try await update(harness, source, moved)
        #expect(stored.authentication?.credentials.map(\.name) == ["client_secret"])
        moved.settings["token_url"] = ""
        moved.secrets = ["client_secret": "s", "refresh_token": "r2"]
        let back = try await update(harness, stored, moved)
        #expect(back.authentication?.credentials.map(\.name) == ["client_secret", "refresh_token"])
    }

    @Test func `a new base URL forgets a grant that no admin ever saw`() async throws {
        let harness = try ServiceHarness.writing()
        let source = try await harness.addFake {
            $0.authentication = Authentication(
                method: "oauth", settings: ["client_id": "c"],
                secrets: ["client_secret": "s", "refresh_token": "r"])
        }
        let moved = try await harness.update(source, "base_url", "authentication") {
            $0.baseURL = "https://moved.example"
            $0.authentication = Authentication(
                method: "oauth", settings: ["client_id": "c"], secrets: ["client_secret": "s"])
        }
        #expect(moved.authentication?.credentials.map(\.name) == ["client_secret"])
    }

    @Test func `settings that steer nothing change without the secrets`() async throws {
        let harness = try ServiceHarness.writing()
        let source = try await harness.addFake {
            $0.authentication = Authentication(
                method: "oauth", settings: ["client_id": "c"],
                secrets: ["client_secret": "s", "refresh_token": "r"])
        }
        let changed = try await update(
            harness, source, Authentication(method: "oauth", settings: ["client_id": "d"]))
        #expect(changed.authentication?.settings == ["client_id": "d"])
        #expect(changed.authentication?.credentials.count == 2)
    }

    @Test(arguments: [
        "ftp://gateway.example/token", "gateway.example", "https://u:p@gateway.example/", "https://",
        "javascript:alert(1)",
    ])
    func `a token endpoint is a web address`(_ address: String) async throws {
        let harness = try ServiceHarness.writing()
        let error = await failure {
            try await harness.addFake {
                $0.authentication = Authentication(
                    method: "oauth", settings: ["client_id": "c", "token_url": address],
                    secrets: ["client_secret": "s"])
            }
        }
        #expect(error?.fields == ["source.authentication.settings[token_url]"])
    }

    @Test func `the egress policy judges the token endpoint and the API's own address too`() async throws {
        let harness = try ServiceHarness.writing()
        let token = await failure {
            try await harness.addFake {
                $0.authentication = Authentication(
                    method: "oauth",
                    settings: ["client_id": "c", "token_url": "https://forbidden.example/t"],
                    secrets: ["client_secret": "s"])
            }
        }
        let api = await failure { try await harness.addFake { $0.apiBaseURL = "https://forbidden.example" } }
        #expect(token?.reason == "EGRESS_DENIED" && api?.reason == "EGRESS_DENIED")
    }

    @Test func `an access token can neither be entered nor seen`() async throws {
        let harness = try ServiceHarness.writing()
        let error = await failure {
            try await harness.addFake {
                $0.authentication = Authentication(
                    method: "oauth", settings: ["client_id": "c"],
                    secrets: ["client_secret": "s", "access_token": "a"])
            }
        }
        #expect(error?.fields == ["source.authentication.secrets[access_token]"])
    }

    struct Setting: Sendable, CustomTestStringConvertible {
        let field: String
        let good: String
        let bad: [String]
        let set: @Sendable (inout ExtRefMessages.Source, String) -> Void
        let get: @Sendable (ExtRefMessages.Source) -> String
        var testDescription: String { field }
    }

    static let settings: [Setting] = [
        Setting(
            field: "test_object_url_template", good: "https://t.example/{project}/{kind}?id={id}",
            bad: [
                "https://t.example/", "https://t.example/{id}/{name}", "{id}", "javascript:{id}",
                "https://{id", "https://t.example/{id} x", "https://u@t.example/{id}",
                "https://t.example/{id}" + String(repeating: "x", count: 2_048),
            ],
            set: { $0.testObjectURLTemplate = $1 }, get: \.testObjectURLTemplate),
        Setting(
            field: "issue_title_template", good: "{title} {{literal}}",
            bad: ["{", "}", "{a b}", "{}", "{ä}", String(repeating: "x", count: 8_193)],
            set: { $0.issueTitleTemplate = $1 }, get: \.issueTitleTemplate),
        Setting(
            field: "issue_description_template", good: "a\nb {error}", bad: ["a {b"],
            set: { $0.issueDescriptionTemplate = $1 }, get: \.issueDescriptionTemplate),
        Setting(
            field: "create_url_template", good: "{baseUrl}/new", bad: ["new", "{baseUrl}/{project}"],
            set: { $0.createURLTemplate = $1 }, get: \.createURLTemplate),
    ]

    @Test(arguments: settings)
    func `a new setting is checked, kept, shown, and audited`(_ setting: Setting) async throws {
        let harness = try ServiceHarness.writing()
        let source = try await harness.addFake()
        for text in setting.bad {
            let error = await failure {
                try await harness.update(source, setting.field) { setting.set(&$0, text) }
            }
            #expect(error?.fields == ["source." + setting.field], "\(text.prefix(40))")
        }
        let stored = try await harness.update(source, setting.field) { setting.set(&$0, setting.good) }
        #expect(setting.get(stored) == setting.good)
        let read = try await harness.admin().getSource(GetSourceRequest(id: source.id)).source
        #expect(read.map(setting.get) == setting.good)
        let change = try #require(try await harness.audit().first?.fields.first)
        #expect(change.field == setting.field && change.before == "" && change.after == setting.good)
        let member = try await harness.admin(.reader).getSource(GetSourceRequest(id: source.id)).source
        #expect(member.map(setting.get) == "", "members see the redacted view")
        let cleared = try await harness.update(stored, setting.field) { setting.set(&$0, "") }
        #expect(setting.get(cleared) == "")
    }

    @Test func `the leave to comment is kept, shown and audited`() async throws {
        let harness = try ServiceHarness.writing()
        let source = try await harness.addFake(provider: "fake_comments")
        let stored = try await harness.update(source, "back_link_comments") { $0.backLinkComments = true }
        #expect(stored.backLinkComments && !source.backLinkComments)
        let change = try #require(try await harness.audit().first?.fields.first)
        #expect(change.field == "back_link_comments" && change.before == "false" && change.after == "true")
    }

    @Test func `what a provider needs is told before any source exists`() async throws {
        let harness = try ServiceHarness.writing()
        let providers = try await harness.admin(.reader).listProviders(ListProvidersRequest()).providers
        let fake = try #require(providers.first { $0.id == "fake" })
        #expect(fake.capabilities == [.fetch, .search, .create, .backLink] && !fake.backLinksAreComments)
        #expect(providers.first { $0.id == "fake_comments" }?.backLinksAreComments == true)
        #expect(fake.authenticationMethods.map(\.needsAuthorization) == [false, true])
        let steering = fake.authenticationMethods.map { $0.fields.filter(\.steersSecrets).map(\.name) }
        #expect(steering == [["cloud_id"], ["token_url"]])
    }

    @Test func `a connection test notes what the credential may not do, until a better one says otherwise`()
        async throws
    {
        let harness = try ServiceHarness.writing()
        let source = try await harness.addFake()
        func test() async throws -> ExtRefMessages.Source? {
            _ = try await harness.admin().testSourceConnection(
                TestSourceConnectionRequest(target: .id(source.id)))
            return try await harness.admin().getSource(GetSourceRequest(id: source.id)).source
        }
        harness.sites.edit { $0.denied = ["create", "back_link"] }
        let poor = try await test()
        #expect(
            poor?.capabilities.filter { $0.reason == .scopeMissing }.map(\.capability) == [
                .create, .backLink,
            ])
        #expect(poor?.etag == source.etag, "that is no change of the source")
        harness.sites.breaking { _ in .answer(503, "") }
        #expect(try await test()?.capabilities.contains { $0.reason == .scopeMissing } == true)
        harness.sites.breaking(nil)
        harness.sites.edit { $0.denied = [] }
        #expect(try await test()?.capabilities.contains { $0.reason == .scopeMissing } == false)
    }
}
