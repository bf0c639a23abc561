// SPDX-License-Identifier: Apache-2.0

import ExtRefMessages
import ExtRefServer
import FoundationEssentials
import RPC
import Testing

@Suite struct RestartTests {
    @Test func `a restart keeps sources, links, tokens and page tokens`() async throws {
        try await TemporaryDirectory.with { path in
            let directory = path + "/data"
            var request = ListLinksRequest(projectID: "P1", pageSize: 1)
            let (before, token) = try await TestServer.with(directory: directory) { server in
                #expect(server.server.isNewAdminToken)
                let tester = try server.tester()
                let source = try await server.admin().createCustomSource()
                _ = try await tester.link(.key("1", of: source))
                _ = try await tester.link(.key("2", of: source))
                request.pageToken = try await tester.links.listLinks(request).nextPageToken
                return (try await tester.allLinks(), try Self.adminToken(directory))
            }
            try await TestServer.with(directory: directory) { server in
                #expect(!server.server.isNewAdminToken)
                #expect(try Self.adminToken(directory) == token)
                let tester = try server.tester()
                #expect(try await tester.allLinks() == before)
                #expect(try await tester.links.listLinks(request).links.map(\.id) == [before[1].id])
                let admin = server.client(token: token)
                #expect(try await admin.admin.listSources(ListSourcesRequest()).sources.count == 1)
            }
        }
    }

    @Test func `the first start makes a private directory and an admin token that works`() async throws {
        try await TestServer.with { server in
            for (name, mode) in [
                ("", 0o700), ("/admin.token", 0o600), ("/keyring", 0o600), ("/token-key.pem", 0o600),
            ] {
                let attributes = try FileManager.default.attributesOfItem(atPath: server.directory + name)
                #expect(attributes[.posixPermissions] as? Int == mode, "\(name)")
            }
            let admin = server.client(token: try Self.adminToken(server.directory))
            _ = try await admin.createCustomSource()
        }
    }

    @Test func `two servers never share a data directory`() async throws {
        try await TestServer.with { first in
            let error = try await #require(throws: StartError.self) {
                try await TestServer.with(directory: first.directory) { _ in }
            }
            #expect(error.code == .store)
        }
    }

    @Test func `a key ring that is not the database's stops the start`() async throws {
        try await TemporaryDirectory.with { path in
            let directory = path + "/data"
            try await TestServer.with(directory: directory) { _ in }
            try FileManager.default.removeItem(atPath: directory + "/keyring")
            let error = try await #require(throws: StartError.self) {
                try await TestServer.with(directory: directory) { _ in }
            }
            #expect(error.code == .keys)
            #expect(error.message.contains("keyring"))
        }
    }

    @Test func `an address in use stops the start and lets go of the data`() async throws {
        try await TestServer.with { first in
            let taken = first.server.addresses
            try await TemporaryDirectory.with { path in
                let directory = path + "/data"
                let error = try await #require(throws: StartError.self) {
                    try await TestServer.with(directory: directory, change: { $0.listen = taken }) { _ in }
                }
                #expect(error.code == .listen)
                try await TestServer.with(directory: directory) { _ in }
            }
        }
    }

    private static func adminToken(_ directory: String) throws -> String {
        let data = try #require(FileManager.default.contents(atPath: directory + "/admin.token"))
        return String(decoding: data, as: UTF8.self).filter { !$0.isWhitespace }
    }
}
