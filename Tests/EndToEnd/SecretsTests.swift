// SPDX-License-Identifier: Apache-2.0

import ExtRefMessages
import FoundationEssentials
import ProtobufC
import RPC
import RPCMessages
import Testing

/// A credential goes in and never comes out: not in an answer, an error, the audit log, the log or on the
/// disk.
@Suite struct SecretsTests {
    private static let secret = "s3cr3t-5f0c9e3a7b1d"

    private static func source() -> Source {
        var source = Source(
            owner: Owner(owner: .tenant(true)), provider: "redmine", displayName: "Our tracker",
            baseURL: "https://redmine.example.com",
            authentication: Authentication(method: "api_key", secrets: ["api_key": secret]))
        source.availability = Availability(allProjects: true)
        return source
    }

    private static func holdsSecret(_ message: some ProtobufMessage) -> Bool {
        String(decoding: message.encode(), as: UTF8.self).contains(secret)
    }

    @Test func `no answer of any method returns it`() async throws {
        try await TestServer.with { server in
            let admin = try server.admin()
            let created = try await admin.admin.createSource(CreateSourceRequest(source: Self.source()))
            let id = try #require(created.source?.id)
            #expect(created.source?.authentication?.credentials.map(\.name) == ["api_key"])
            #expect(created.source?.authentication?.secrets == [:])
            #expect(!Self.holdsSecret(created))
            var update = UpdateSourceRequest(source: created.source)
            update.source?.displayName = "Renamed"
            update.updateMask = GoogleFieldMask(paths: ["display_name"])
            #expect(!Self.holdsSecret(try await admin.admin.updateSource(update)))
            #expect(!Self.holdsSecret(try await admin.admin.getSource(GetSourceRequest(id: id))))
            #expect(!Self.holdsSecret(try await admin.admin.listSources(ListSourcesRequest())))
            #expect(!Self.holdsSecret(try await admin.admin.disableSource(DisableSourceRequest(id: id))))
            let audit = try await admin.admin.listAuditEntries(ListAuditEntriesRequest())
            #expect(audit.entries.count == 3)
            #expect(!Self.holdsSecret(audit))
        }
    }

    @Test func `no file of the data directory and no log line holds it`() async throws {
        try await TestServer.with { server in
            let admin = try server.admin()
            let created = try await admin.admin.createSource(CreateSourceRequest(source: Self.source()))
            var broken = Self.source()
            broken.displayName = ""
            await #expect(throws: RPCError.self) {
                try await admin.admin.createSource(CreateSourceRequest(source: broken))
            }
            _ = try await admin.admin.testSourceConnection(
                TestSourceConnectionRequest(target: .id(created.source?.id ?? "")))
            let files = try FileManager.default.contentsOfDirectory(atPath: server.directory)
            #expect(files.contains("extref.db-wal") || files.contains("extref.db"))
            for file in files {
                let data = FileManager.default.contents(atPath: server.directory + "/" + file) ?? Data()
                #expect(data.firstRange(of: Data(Self.secret.utf8)) == nil, "\(file)")
            }
            #expect(!server.log.text.contains(Self.secret))
            #expect(!server.log.text.isEmpty)
        }
    }

    @Test func `a stored secret never goes to a new address without being given again`() async throws {
        try await TestServer.with { server in
            let admin = try server.admin()
            let created = try await admin.admin.createSource(CreateSourceRequest(source: Self.source()))
            var update = UpdateSourceRequest(source: created.source)
            update.source?.baseURL = "https://evil.example.com"
            update.updateMask = GoogleFieldMask(paths: ["base_url"])
            try await Refusal(.failedPrecondition, "CREDENTIAL_REQUIRED").check {
                _ = try await admin.admin.updateSource(update)
            }
        }
    }

    @Test(arguments: [
        "http://127.0.0.1:8080", "https://127.0.0.1", "https://[::1]", "https://10.0.0.1",
        "https://169.254.169.254",
        "https://localhost", "https://metadata.google.internal", "http://redmine.example.com",
        "https://redmine.example.com:8443",
    ])
    func `an address inside the network is refused, with the rule`(url: String) async throws {
        try await TestServer.with { server in
            var source = Self.source()
            source.baseURL = url
            let admin = try server.admin()
            let error = try await Refusal(.failedPrecondition, "EGRESS_DENIED").check {
                _ = try await admin.admin.createSource(CreateSourceRequest(source: source))
            }
            #expect(error.detail(GoogleRPCErrorInfo.self)?.metadata["rule"]?.isEmpty == false)
        }
    }
}
