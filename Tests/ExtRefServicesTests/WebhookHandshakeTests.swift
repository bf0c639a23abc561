// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import ExtRefMessages
import ExtRefSecurity
import ExtRefTrackers
import RPC
import RPCMessages
import Testing

@testable import ExtRefServices

/// A tracker that chooses its webhook's secret itself, as Asana does.
@Suite(.timeLimit(.minutes(1))) struct WebhookHandshakeTests {
    private static let secrets = (1...40).map { "asana-secret-number-\($0)-of-forty" }

    /// A source of Asana with a linked task.
    private struct Stage: Sendable {
        let harness: ServiceHarness
        let source: ExtRefMessages.Source

        init() async throws {
            harness = try ServiceHarness()
            var source = ExtRefMessages.Source(
                provider: "asana", displayName: "Asana", baseURL: "https://app.asana.com")
            source.authentication = Authentication(method: "access_token", secrets: ["token": "good"])
            self.source = try #require(
                try await harness.admin().createSource(CreateSourceRequest(source: source)).source)
            _ = try await harness.links().createLink(
                CreateLinkRequest(projectID: "P1", link: ServiceHarness.draft(key: "1200000000000001")))
        }

        /// Opens the time for a handshake; answers the random part of its path.
        func open(overlap: Duration? = nil) async throws -> String {
            let rotated = try await harness.admin().rotateWebhookSecret(
                RotateWebhookSecretRequest(sourceID: source.id, overlap: overlap.map { GoogleDuration($0) }))
            let end = harness.time.now() + ServiceLimits.handshakeTime
            #expect(rotated.secret.isEmpty && rotated.handshakeExpireTime == GoogleTimestamp(end))
            let prefix = "/webhooks/\(source.id)/"
            #expect(rotated.path.hasPrefix(prefix) && rotated.path.count >= prefix.count + 64)
            return String(rotated.path.dropFirst(prefix.count))
        }

        @discardableResult
        func shake(_ secrets: String..., token: String) async throws -> IngestWebhookResponse {
            try await harness.links(.gateway).ingestWebhook(
                IngestWebhookRequest(
                    sourceID: source.id,
                    headers: secrets.map { HttpHeader(name: "X-Hook-Secret", value: $0) },
                    body: Array("{}".utf8), pathSecret: token))
        }

        /// Posts an event about the linked task, signed with the secret.
        func post(_ secret: String, number: Int) async throws {
            let text = """
                {"events": [{"action": "changed", "n": \(number),
                "resource": {"gid": "1200000000000001", "resource_type": "task"}}]}
                """
            let signed = try #require(
                WebhookSigner.sign(
                    Array(text.utf8), id: "", by: .hmacSHA256(header: "x-hook-signature", prefix: ""),
                    with: Secret(secret), at: harness.time.now()))
            _ = try await harness.links(.gateway).ingestWebhook(
                IngestWebhookRequest(
                    sourceID: source.id,
                    headers: signed.delivery.headers.map { HttpHeader(name: $0.name, value: $0.value) },
                    body: signed.delivery.body, pathSecret: "whatever"))
        }

        /// Which of the secrets a signature may be made with.
        func accepted(_ secrets: [String]) async throws -> [String] {
            var accepted: [String] = []
            for (number, secret) in secrets.enumerated() {
                do {
                    try await post(secret, number: number)
                    accepted.append(secret)
                } catch let error as RPCError where error.reason == "SOURCE_NOT_FOUND" {}
            }
            return accepted
        }

        func log() async throws -> [(outcome: WebhookOutcome, reason: String)] {
            try await harness.admin().listWebhookDeliveries(
                ListWebhookDeliveriesRequest(sourceID: source.id)
            ).deliveries.map { ($0.outcome, $0.reason) }
        }
    }

    @Test func `the tracker's secret is sent back, and what it signs is believed`() async throws {
        let stage = try await Stage()
        let token = try await stage.open()
        let answer = try await stage.shake(Self.secrets[0], token: token)
        #expect(answer.headers == [HttpHeader(name: "x-hook-secret", value: Self.secrets[0])])
        #expect(!answer.duplicate)
        #expect(try await stage.accepted(Array(Self.secrets.prefix(2))) == [Self.secrets[0]])
        #expect(try await stage.log().contains { $0.outcome == .accepted })
        #expect(try await stage.log().contains { $0.reason.hasPrefix("The tracker's handshake") })
    }

    @Test func `nobody is told a secret, and the log says who wanted it`() async throws {
        let stage = try await Stage()
        let token = try await stage.open()
        try await stage.shake(Self.secrets[0], token: token)
        let changes = try await stage.harness.links(.tenantAdmin).listChanges(
            ListChangesRequest(after: "0", pageSize: 500))
        let entries = try await stage.harness.admin().listAuditEntries(ListAuditEntriesRequest(pageSize: 500))
        let source = try await stage.harness.admin().getSource(GetSourceRequest(id: stage.source.id))
        for text in ["\(changes)", "\(entries)", "\(source)"] {
            #expect(!text.contains(Self.secrets[0]) && !text.contains(token))
        }
        let rotations = entries.entries.filter { $0.action.hasSuffix("/RotateWebhookSecret") }
        #expect(rotations.map(\.principal) == ["tenantAdmin", "tenantAdmin"])
    }

    /// What a stranger, or somebody late, may try.
    enum Attempt: CaseIterable {
        case unasked, withoutToken, wrongToken, late, shortSecret, longSecret, strangeSecret, twoSecrets
        case switchedOff, askedAgain
    }

    @Test(arguments: Attempt.allCases)
    func `everything else gets the answer of a source that does not exist`(_ attempt: Attempt) async throws {
        let stage = try await Stage()
        var token = attempt == .unasked ? String(repeating: "0", count: 64) : try await stage.open()
        var secrets = [Self.secrets[0]]
        switch attempt {
        case .unasked: break
        case .withoutToken: token = ""
        case .wrongToken: token = String(token.reversed())
        case .late: stage.harness.advance(ServiceLimits.handshakeTime)
        case .shortSecret: secrets = [String(repeating: "s", count: SecurityLimits.webhookSecretBytesMin - 1)]
        case .longSecret: secrets = [String(repeating: "s", count: ServiceLimits.handshakeSecretBytesMax + 1)]
        case .strangeSecret: secrets = ["a secret with spaces in it"]
        case .twoSecrets: secrets.append(Self.secrets[1])
        case .switchedOff:
            _ = try await stage.harness.admin().disableSource(DisableSourceRequest(id: stage.source.id))
        case .askedAgain: _ = try await stage.open()
        }
        let error = await failure {
            try await stage.harness.links(.gateway).ingestWebhook(
                IngestWebhookRequest(
                    sourceID: stage.source.id,
                    headers: secrets.map { HttpHeader(name: "X-Hook-Secret", value: $0) }, pathSecret: token))
        }
        #expect(error?.code == .notFound && error?.reason == "SOURCE_NOT_FOUND")
        #expect(error?.message == "Source '\(stage.source.id)' was not found.")
        _ = try await stage.harness.admin().enableSource(EnableSourceRequest(id: stage.source.id))
        #expect(try await stage.accepted(secrets).isEmpty)
        #expect(try await stage.log().allSatisfy { $0.outcome == .refused })
    }

    @Test(arguments: [nil, .zero, .seconds(600)] as [Duration?])
    func `the secret before counts until the new one has come, and for the overlap`(
        _ overlap: Duration?
    ) async throws {
        let stage = try await Stage()
        try await stage.shake(Self.secrets[0], token: try await stage.open())
        let (old, new) = (Self.secrets[0], Self.secrets[1])
        let token = try await stage.open(overlap: overlap)
        #expect(try await stage.accepted([old, new]) == [old])
        try await stage.shake(new, token: token)
        #expect(try await stage.accepted([old, new]) == (overlap == .zero ? [new] : [old, new]))
        stage.harness.advance(overlap ?? ServiceLimits.webhookOverlapDefault)
        #expect(try await stage.accepted([old, new]) == [new])
    }

    @Test func `each webhook of a source has a secret of its own, up to a number`() async throws {
        let stage = try await Stage()
        try await stage.shake(Self.secrets[39], token: try await stage.open(overlap: .zero))
        let token = try await stage.open(overlap: .zero)
        let many = Array(Self.secrets.prefix(ServiceLimits.handshakeSecretsMax))
        for secret in many { try await stage.shake(secret, token: token) }
        // A handshake that is repeated, because its answer was lost, is no other one.
        try await stage.shake(many[3], token: token)
        #expect(try await stage.accepted(Self.secrets) == many)
        let error = await failure { try await stage.shake(Self.secrets[38], token: token) }
        #expect(error?.reason == "SOURCE_NOT_FOUND")
        #expect(try await stage.accepted(many + [Self.secrets[38]]) == many)
    }

    @Test func `where we choose the secret, a handshake is a notification without proof`() async throws {
        let harness = try ServiceHarness.writing()
        let source = try await harness.addFake()
        let rotated = try await harness.admin().rotateWebhookSecret(
            RotateWebhookSecretRequest(sourceID: source.id))
        #expect(!rotated.secret.isEmpty && rotated.handshakeExpireTime == nil)
        let error = await failure {
            try await harness.links(.gateway).ingestWebhook(
                IngestWebhookRequest(
                    sourceID: source.id,
                    headers: [HttpHeader(name: "X-Hook-Secret", value: Self.secrets[0])]))
        }
        #expect(error?.reason == "SOURCE_NOT_FOUND")
    }
}
