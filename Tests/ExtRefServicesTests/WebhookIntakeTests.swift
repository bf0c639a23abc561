// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import ExtRefStore
import ExtRefSync
import ExtRefTrackers
import Foundation
import RPC
import RPCMessages
import Testing

@testable import ExtRefServices

extension ServiceHarness {
    /// Adds an issue to the fake tracker.
    fileprivate func addIssue(_ number: String) {
        let entry = FakeSites.Entry(
            id: number, key: "FK-" + number, project: "FK", title: "Issue " + number)
        sites.edit { $0.issues["fake.example", default: []].append(entry) }
    }
}

/// Notifications of trackers, from the call to the issue that is read again.
@Suite(.timeLimit(.minutes(1))) struct WebhookIntakeTests {
    /// A source with a webhook secret, and an issue of it linked in P1.
    private struct Stage: Sendable {
        let harness: ServiceHarness
        let source: ExtRefMessages.Source
        var secret: String

        init() async throws {
            harness = try ServiceHarness.writing()
            source = try await harness.addFake()
            harness.addIssue("1")
            _ = try await harness.links().createLink(
                CreateLinkRequest(projectID: "P1", link: ServiceHarness.draft(key: "FK-1")))
            while await harness.syncs.runOnce() > 0 {}
            secret = ""
            secret = try await rotate().secret
        }

        func rotate(overlap: Duration? = nil) async throws -> RotateWebhookSecretResponse {
            try await harness.admin().rotateWebhookSecret(
                RotateWebhookSecretRequest(
                    sourceID: source.id, overlap: overlap.map { GoogleDuration($0) }))
        }

        @discardableResult
        func post(
            _ notice: FakeTracker.Notice = .init(), secret: String? = nil, source: String? = nil,
            as who: TestCaller = .gateway
        ) async throws -> IngestWebhookResponse {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            return try await harness.links(who).ingestWebhook(
                IngestWebhookRequest(
                    sourceID: source ?? self.source.id,
                    headers: [
                        HttpHeader(name: "Content-Type", value: "application/json"),
                        HttpHeader(name: "X-Fake-Token", value: secret ?? self.secret),
                    ], body: Array(try encoder.encode(notice))))
        }

        func log() async throws -> [(WebhookOutcome, Int32)] {
            try await harness.admin().listWebhookDeliveries(
                ListWebhookDeliveriesRequest(sourceID: source.id)
            ).deliveries.map { ($0.outcome, $0.issueCount) }
        }
    }

    @Test func `a notification makes its issue be read again, and the feed says why`() async throws {
        let stage = try await Stage()
        let harness = stage.harness
        harness.sites.edit { $0.issues["fake.example"]?[0].status = "Closed" }
        #expect(try await stage.post(.init(delivery: "d1")).duplicate == false)
        #expect(await harness.syncs.runOnce() == 1)
        let changes = try await harness.links(.tenantAdmin).listChanges(
            ListChangesRequest(after: "0", pageSize: 500)
        ).changes
        let change = try #require(changes.last)
        #expect(change.kind == .issueUpdated && change.origin == .webhook)
        #expect(change.fields.contains { $0.field == "status" && $0.after == "Closed" })
        #expect(try await stage.log().map(\.0) == [.accepted])
        #expect(try await stage.log().map(\.1) == [1])
    }

    @Test(arguments: [
        (FakeTracker.Notice(delivery: "d1"), FakeTracker.Notice(delivery: "d1")),
        (.init(delivery: "d1"), .init(delivery: "d1", number: 2)), (.init(), .init()),
    ])
    func `a repeat has no effect`(_ first: FakeTracker.Notice, _ second: FakeTracker.Notice) async throws {
        let stage = try await Stage()
        #expect(try await stage.post(first).duplicate == false)
        while await stage.harness.syncs.runOnce() > 0 {}
        #expect(try await stage.post(second).duplicate)
        #expect(await stage.harness.syncs.runOnce() == 0)
        #expect(try await stage.log().map(\.0) == [.duplicate, .accepted])
    }

    @Test func `of many at once one counts`() async throws {
        let stage = try await Stage()
        let duplicates = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<64 { group.addTask { try await stage.post(.init(delivery: "d1")).duplicate } }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(duplicates == 63)
    }

    @Test func `whatever is wrong, the answer is the same`() async throws {
        let stage = try await Stage()
        let harness = stage.harness
        let bare = try await harness.addFake("No secret", base: "https://bare.example")
        let other = SourceID(trusted: "src_01J00000000000000000000000").rawValue
        var failures = [
            await failure { try await stage.post(secret: "wrong" + stage.secret) },
            await failure { try await stage.post(secret: "") },
            await failure { try await stage.post(source: other) },
            await failure { try await stage.post(source: "nonsense") },
            await failure { try await stage.post(source: bare.id) },
            await failure { try await stage.post(as: .otherGateway) },
            await failure {
                try await stage.post(
                    .init(sentAt: (harness.time.now() - .seconds(61)).milliseconds))
            },
        ]
        _ = try await harness.admin().disableSource(DisableSourceRequest(id: stage.source.id))
        failures.append(await failure { try await stage.post() })
        _ = try await harness.admin().enableSource(EnableSourceRequest(id: stage.source.id))
        #expect(try await stage.post().duplicate == false)
        _ = try await harness.admin().deleteSource(
            DeleteSourceRequest(id: stage.source.id, mode: .deleteLinks))
        failures.append(await failure { try await stage.post() })
        for failure in failures {
            #expect(failure?.code == .notFound && failure?.reason == "SOURCE_NOT_FOUND")
            #expect(failure?.message.hasPrefix("Source '") == true)
            #expect(failure?.message.hasSuffix("' was not found.") == true)
        }
    }

    @Test(arguments: ["", "x"]) func `a secret in the path counts for whoever hands it in`(
        _ addition: String
    ) async throws {
        let stage = try await Stage()
        let request = IngestWebhookRequest(
            sourceID: stage.source.id, body: Array(try JSONEncoder().encode(FakeTracker.Notice())),
            pathSecret: stage.secret + addition)
        if addition.isEmpty {
            _ = try await stage.harness.links(.gateway).ingestWebhook(request)
            #expect(try await stage.log().map(\.0) == [.accepted])
        } else {
            let error = await failure { try await stage.harness.links(.gateway).ingestWebhook(request) }
            #expect(error?.reason == "SOURCE_NOT_FOUND")
        }
    }

    @Test func `nobody but a gateway may hand notifications in`() async throws {
        let stage = try await Stage()
        let error = await failure { try await stage.post(as: .tenantAdmin) }
        #expect(error?.code == .permissionDenied)
    }

    @Test func `what concerns nobody is judged without the database`() async throws {
        let stage = try await Stage()
        try await stage.post(.init(delivery: "d1"))
        stage.harness.engine.die()
        #expect(try await stage.post(.init(key: "FK-999", nativeID: "999")).duplicate == false)
        #expect(try await stage.post(.init(event: "ping")).duplicate == false)
        let forged = await failure { try await stage.post(secret: "no") }
        #expect(forged?.code == .notFound)
        let linked = await failure { try await stage.post(.init(delivery: "d2", number: 2)) }
        #expect(linked?.code != nil && linked?.code != .notFound, "it is not stored, so it is not taken")
        stage.harness.engine.revive()
        #expect(try await stage.post(.init(delivery: "d2", number: 2)).duplicate == false)
    }

    @Test func `an issue linked after the first notification counts from then on`() async throws {
        let stage = try await Stage()
        let harness = stage.harness
        try await stage.post(.init(key: "FK-2", delivery: "d1"))
        harness.addIssue("2")
        _ = try await harness.links().createLink(
            CreateLinkRequest(projectID: "P1", link: ServiceHarness.draft("TC-2", key: "FK-2")))
        try await stage.post(.init(key: "fk-2", delivery: "d2", number: 2))
        #expect(try await stage.log().first?.0 == .accepted)
    }

    @Test func `issues linked while the index is built are in it`() async throws {
        let stage = try await Stage()
        let harness = stage.harness
        let numbers = (2...41).map(String.init)
        for number in numbers { harness.addIssue(number) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in numbers {
                group.addTask {
                    _ = try await harness.links().createLink(
                        CreateLinkRequest(
                            projectID: "P1",
                            link: ServiceHarness.draft("TC-\(number)", key: "FK-\(number)")))
                }
                group.addTask { try await stage.post(.init(key: "FK-\(number)", number: 1)) }
            }
            try await group.waitForAll()
        }
        let source = try await harness.store.read(ServiceHarness.tenant) { store in
            try #require(try store.sources.list().items.first)
        }
        for number in numbers {
            for reference in [IssueReference(key: "fk-\(number)"), IssueReference(key: "", nativeID: number)]
            {
                #expect(
                    try await harness.environment.linkedIssues.mayHold(
                        [reference], of: source, in: harness.store), "\(reference)")
            }
        }
        let nobody = [IssueReference(key: "FK-999", nativeID: "999")]
        #expect(
            try await !harness.environment.linkedIssues.mayHold(nobody, of: source, in: harness.store))
    }

    @Test func `after a rotation both secrets count, then the new one alone`() async throws {
        let stage = try await Stage()
        let harness = stage.harness
        let rotated = try await stage.rotate(overlap: .seconds(3_600))
        #expect(rotated.secret != stage.secret && rotated.previousExpireTime != nil)
        try await stage.post(.init(number: 1))
        try await stage.post(.init(number: 2), secret: rotated.secret)
        harness.advance(.seconds(3_600))
        let old = await failure { try await stage.post(.init(number: 3)) }
        #expect(old?.code == .notFound)
        try await stage.post(.init(number: 4), secret: rotated.secret)
        let last = try await stage.rotate(overlap: .zero)
        #expect(last.previousExpireTime == nil)
        let former = await failure { try await stage.post(.init(number: 5), secret: rotated.secret) }
        #expect(former?.code == .notFound)
        try await stage.post(.init(number: 6), secret: last.secret)
    }

    @Test func `a source's edit keeps its webhook secret, and nobody is shown it`() async throws {
        let stage = try await Stage()
        let edited = try await stage.harness.update(stage.source, "base_url", "authentication") {
            $0.baseURL = "https://moved.example"
            $0.authentication = Authentication(method: "access_token", secrets: ["token": "good-token"])
        }
        try await stage.post()
        #expect(edited.authentication?.credentials.map(\.name).contains("webhook_secret") == true)
        #expect(!"\(edited)".contains(stage.secret))
        #expect(!"\(try await stage.harness.audit())".contains(stage.secret))
    }

    @Test func `a test shows whether the secret is good, and leaves a line`() async throws {
        let stage = try await Stage()
        let admin = stage.harness.admin()
        let request = TestWebhookRequest(sourceID: stage.source.id)
        let good = try await admin.testWebhook(request)
        #expect(good.delivery?.outcome == .ignored && good.advice.contains("ListWebhookDeliveries"))
        _ = try await admin.disableSource(DisableSourceRequest(id: stage.source.id))
        let off = try await admin.testWebhook(request)
        #expect(off.delivery?.outcome == .refused && off.delivery?.reason.contains("switched off") == true)
        #expect(try await stage.log().map(\.0) == [.refused, .ignored])
        let bare = try await stage.harness.addFake("Bare", base: "https://bare.example")
        let none = await failure { try await admin.testWebhook(TestWebhookRequest(sourceID: bare.id)) }
        #expect(none?.code == .failedPrecondition && none?.reason == "CREDENTIAL_REQUIRED")
        let redmine = try await stage.harness.addRedmine()
        let unable = await failure { try await admin.testWebhook(TestWebhookRequest(sourceID: redmine.id)) }
        #expect(unable?.code == .failedPrecondition && unable?.reason == "CAPABILITY_UNAVAILABLE")
    }

    @Test func `only those who manage a source may rotate its secret or read its log`() async throws {
        let stage = try await Stage()
        for who in [TestCaller.tester, .projectAdmin, .otherTenantAdmin] {
            let rotation = await failure {
                try await stage.harness.admin(who).rotateWebhookSecret(
                    RotateWebhookSecretRequest(sourceID: stage.source.id))
            }
            #expect(rotation?.code == .permissionDenied || rotation?.code == .notFound)
            let log = await failure {
                try await stage.harness.admin(who).listWebhookDeliveries(
                    ListWebhookDeliveriesRequest(sourceID: stage.source.id))
            }
            #expect(log?.code == .permissionDenied || log?.code == .notFound)
        }
    }
}
