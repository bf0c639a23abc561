// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import ExtRefMessages
import ExtRefSecurity
import ExtRefServer
import ExtRefTrackers
import FoundationEssentials
import RPC
import Synchronization
import Testing

/// Notifications over HTTP, as a GitLab posts them, with a GitLab that never answers.
@Suite(.timeLimit(.minutes(2))) struct WebhookTests {
    /// A source with a webhook secret and one linked issue.
    private struct Stage: Sendable {
        let sourceID: String
        let secret: String
        let path: String
    }

    private static func prepare(_ admin: TestClient) async throws -> Stage {
        var source = Source(
            owner: Owner(owner: .tenant(true)), provider: "gitlab", displayName: "Our GitLab",
            baseURL: "https://gitlab.example.com",
            authentication: Authentication(method: "access_token", secrets: ["token": "glpat-never-used"]))
        source.availability = Availability(allProjects: true)
        let sourceID = try await admin.createCustomSource(source)
        _ = try await admin.link(.key("team/app#1", of: sourceID))
        let rotated = try await admin.admin.rotateWebhookSecret(
            RotateWebhookSecretRequest(sourceID: sourceID))
        return Stage(sourceID: sourceID, secret: rotated.secret, path: rotated.path)
    }

    private static func body(_ number: Int, issue: Int = 1) -> [UInt8] {
        Array(
            """
            {"object_kind":"issue","project":{"path_with_namespace":"team/app"},
            "object_attributes":{"id":\(70 + issue),"iid":\(issue),"n":\(number),
            "updated_at":"2026-11-24 10:00:00 UTC"}}
            """.utf8)
    }

    /// The fields that a GitLab sends.
    private static func fields(secret: String, id: String) -> [HTTPField] {
        [
            HTTPField("Content-Type", "application/json"), HTTPField("X-Gitlab-Token", secret),
            HTTPField("X-Gitlab-Event", "Issue Hook"), HTTPField("Idempotency-Key", id),
        ]
    }

    /// A client that may call this address.
    private static func client(for address: String) throws -> HTTPClient {
        var egress = EgressConfiguration()
        egress.httpsOnly = false
        egress.allow = [try EgressEntry(address)]
        return HTTPClient(egress: OperatorEgressPolicy(egress))
    }

    /// Posts many notifications side by side until the server is gone.
    private final class Burst: Sendable {
        private let stage: Stage
        private let address: String
        private let taken = Mutex<Set<Int>>([])
        private let news = AsyncStream.makeStream(of: Int.self)

        init(stage: Stage, address: String) {
            self.stage = stage
            self.address = address
        }

        /// Returns when so many were acknowledged, or when all is over.
        func hasTaken(_ count: Int) async {
            for await number in news.stream where number >= count { return }
        }

        /// Answers which were acknowledged.
        func run(_ count: Int) async -> Set<Int> {
            defer { news.continuation.finish() }
            guard let client = try? WebhookTests.client(for: address) else { return [] }
            defer { client.shutDown() }
            await withTaskGroup(of: Void.self) { group in
                for worker in 0..<8 {
                    group.addTask {
                        for number in stride(from: worker, to: count, by: 8) {
                            await self.post(number, client)
                        }
                    }
                }
            }
            return taken.withLock { $0 }
        }

        private func post(_ number: Int, _ client: HTTPClient) async {
            let request = HTTPRequest(
                .post, "http://\(address)\(stage.path)",
                headers: WebhookTests.fields(secret: stage.secret, id: "d\(number)"),
                body: WebhookTests.body(number))
            guard let response = try? await client.send(request), response.status == 202 else { return }
            let sum = taken.withLock { taken in
                taken.insert(number)
                return taken.count
            }
            news.continuation.yield(sum)
        }
    }

    /// Posts like a GitLab; answers the status.
    private static func post(
        _ server: TestServer, _ path: String, secret: String, id: String, body: [UInt8]
    ) async throws -> Int {
        guard case .tcp(let host, let port) = server.server.httpAddress else { throw NoListener() }
        let client = try client(for: "\(host):\(port)")
        defer { client.shutDown() }
        let response = try await client.send(
            HTTPRequest(
                .post, "http://\(host):\(port)\(path)",
                headers: fields(secret: secret, id: id), body: body))
        return response.status
    }

    private struct NoListener: Error {}

    private static func log(_ server: TestServer, _ stage: Stage) async throws -> [WebhookOutcome] {
        try await server.admin().admin.listWebhookDeliveries(
            ListWebhookDeliveriesRequest(sourceID: stage.sourceID, pageSize: 200)
        ).deliveries.map(\.outcome)
    }

    @Test func `what was taken is stored, known after a restart, and everything else is not there`()
        async throws
    {
        try await TemporaryDirectory.with { path in
            let listen: (inout ServerSettings) -> Void = {
                $0.httpListen = .tcp(host: "127.0.0.1", port: 0)
            }
            let stage = try await TestServer.with(directory: path + "/data", change: listen) { server in
                let stage = try await Self.prepare(server.admin())
                func post(_ path: String, _ secret: String, _ id: String, _ body: [UInt8]) async throws -> Int
                {
                    try await Self.post(server, path, secret: secret, id: id, body: body)
                }
                #expect(try await post(stage.path, stage.secret, "d1", Self.body(1)) == 202)
                #expect(try await post(stage.path, stage.secret, "d1", Self.body(1)) == 202)
                #expect(try await post(stage.path, stage.secret, "d2", Self.body(2, issue: 2)) == 202)
                #expect(try await post(stage.path, stage.secret + "x", "d3", Self.body(3)) == 404)
                #expect(try await post("/webhooks/src_unknown", stage.secret, "d4", Self.body(4)) == 404)
                #expect(try await Self.log(server, stage).filter { $0 == .accepted }.count == 1)
                #expect(!server.log.text.contains(stage.secret))
                return stage
            }
            try await TestServer.with(directory: path + "/data", change: listen) { server in
                let status = try await Self.post(
                    server, stage.path, secret: stage.secret, id: "d1", body: Self.body(1))
                #expect(status == 202)
                #expect(try await Self.log(server, stage).first == .duplicate)
            }
        }
    }

    /// `TEST_WEBHOOK_EVENTS` sets the number of notifications.
    @Test(.timeLimit(.minutes(20)))
    func `what was acknowledged in a burst survives a kill in its middle`() async throws {
        let count = ProcessInfo.processInfo.environment["TEST_WEBHOOK_EVENTS"].flatMap { Int($0) } ?? 400
        try await TemporaryDirectory.with { path in
            let directory = path + "/data"
            let arguments = ["--http-listen", "127.0.0.1:0"]
            let (burst, _) = try await ServerProcess.with(directory: directory, arguments: arguments) {
                server in
                let stage = try await Self.prepare(server.client)
                let burst = Burst(stage: stage, address: server.httpAddress)
                async let taken = burst.run(count)
                await burst.hasTaken(count / 2)
                try server.kill()
                return (stage, await taken)
            }
            print("webhooks: \(burst.1.count) of \(count) acknowledged before the kill")
            #expect(burst.1.count >= count / 2)
            _ = try await ServerProcess.with(directory: directory) { server in
                let caller = Caller(
                    tenantID: TenantID(trusted: "local"), principalID: PrincipalID(trusted: "gateway"),
                    scopes: ["webhook.ingest"])
                let token = try LocalIssuer.open(directory: directory).mint(
                    for: caller, lifetime: .seconds(600), now: TrackerRunner.systemTime()
                ).reveal { $0 }
                let gateway = server.client.with(token: token)
                for number in burst.1 {
                    let again = try await gateway.links.ingestWebhook(
                        IngestWebhookRequest(
                            sourceID: burst.0.sourceID,
                            headers: Self.fields(secret: burst.0.secret, id: "d\(number)").map {
                                HttpHeader(name: $0.name, value: $0.value)
                            }, body: Self.body(number)))
                    #expect(again.duplicate, "lost: \(number)")
                }
                try server.kill()
            }
        }
    }

    @Test func `without the setting nothing listens`() async throws {
        try await TestServer.with { server in #expect(server.server.httpAddress == nil) }
    }
}
