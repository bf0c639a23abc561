// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefMessages
import ExtRefSecurity
import ExtRefServer
import Foundation
import RPC
import RPCMessages
import Testing

/// The simulator's Asana makes a webhook with this server, and tells of what somebody does there.
@Suite(.serialized, .timeLimit(.minutes(2))) struct WebhookHandshakeTests {
    private static let asana = SimulatedSource(
        provider: "asana", name: "asana", path: "/asana", project: "1200000000000100", method: "access_token",
        secrets: ["token": "asana-good-token"], doneStatus: "Done")

    private struct NoListener: Error {}

    /// Asks Asana for a webhook on the project; answers the status.
    private static func makeWebhook(in world: String, path: String, at server: TestServer) async throws -> Int
    {
        guard let address = server.server.httpAddress else { throw NoListener() }
        var egress = EgressConfiguration()
        egress.httpsOnly = false
        egress.allow = [try EgressEntry(SimulatedSource.host())]
        let client = HTTPClient(egress: OperatorEgressPolicy(egress))
        defer { client.shutDown() }
        let wish = ["data": ["resource": asana.project, "target": "http://\(address)\(path)"]]
        let response = try await client.send(
            HTTPRequest(
                .post, world + "/asana/api/1.0/webhooks",
                headers: [
                    HTTPField("Content-Type", "application/json"),
                    HTTPField("Authorization", "Bearer asana-good-token"),
                ], body: Array(try JSONSerialization.data(withJSONObject: wish))))
        return response.status
    }

    private static func log(_ admin: TestClient, _ source: String) async throws -> [WebhookOutcome] {
        try await admin.admin.listWebhookDeliveries(ListWebhookDeliveriesRequest(sourceID: source))
            .deliveries.map(\.outcome)
    }

    @Test(
        .enabled(
            if: SimulatedSource.isExpected, "TEST_SIMULATOR_URL is not set; scripts/extref-sim starts it"))
    func `Asana's webhook is made while it is awaited, and tells of a task from then on`() async throws {
        let world = try SimulatedSource.world()
        let key = try await Self.asana.makeIssue(in: world)
        let change = { (settings: inout ServerSettings) in
            settings.egress.httpsOnly = false
            settings.egress.allow = [try EgressEntry(SimulatedSource.host())]
            settings.httpListen = .tcp(host: "127.0.0.1", port: 0)
        }
        try await TemporaryDirectory.with { path in
            let (id, hook, cursor) = try await TestServer.with(directory: path + "/data", change: change) {
                server in
                let admin = try server.admin()
                let id = try await admin.createCustomSource(Self.asana.source(in: world))
                _ = try await admin.link(.key(key, of: id))
                // Nobody waits for it yet.
                let unasked = try await Self.makeWebhook(in: world, path: "/webhooks/\(id)", at: server)
                #expect(unasked == 400)
                let rotated = try await admin.admin.rotateWebhookSecret(
                    RotateWebhookSecretRequest(sourceID: id))
                #expect(rotated.secret.isEmpty && rotated.handshakeExpireTime != nil)
                let cursor = try await admin.links.listChanges(ListChangesRequest()).nextAfter
                return (id, rotated.path, cursor)
            }
            // What is awaited is still awaited after a restart.
            try await TestServer.with(directory: path + "/data", change: change) { server in
                let admin = try server.admin()
                let withoutToken = "/webhooks/\(id)/" + String(repeating: "0", count: 64)
                #expect(try await Self.makeWebhook(in: world, path: withoutToken, at: server) == 400)
                #expect(try await Self.makeWebhook(in: world, path: hook, at: server) == 201)
                try await Self.asana.close(key, in: world)
                var request = ListChangesRequest(after: cursor, wait: GoogleDuration(seconds: 5))
                var told: FieldChange?
                while told == nil {
                    let page = try await admin.links.listChanges(request)
                    request.after = page.nextAfter
                    let fields = page.changes.filter { $0.kind == .issueUpdated }.flatMap(\.fields)
                    told = fields.first { $0.field == "status" && $0.after == "Completed" }
                }
                // A look by itself may have been faster.
                while try await !Self.log(admin, id).contains(.accepted) { await Task.yield() }
                #expect(!server.log.text.contains(hook))
            }
        }
    }
}
