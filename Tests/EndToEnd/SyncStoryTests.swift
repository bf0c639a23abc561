// SPDX-License-Identifier: Apache-2.0

import ExtRefMessages
import ExtRefSecurity
import ExtRefServer
import ExtRefSync
import FoundationEssentials
import RPC
import RPCMessages
import Testing

/// Somebody closes an issue in the tracker, and nobody presses refresh here. Webhooks are off.
@Suite(.serialized, .timeLimit(.minutes(2))) struct SyncStoryTests {
    @Test(
        .enabled(
            if: SimulatedSource.isExpected, "TEST_SIMULATOR_URL is not set; scripts/extref-sim starts it"),
        arguments: SimulatedSource.all)
    func `a status change shows within one interval`(tracker: SimulatedSource) async throws {
        let world = try SimulatedSource.world()
        let key = try await tracker.makeIssue(in: world)
        try await Self.tell(
            tracker.source(in: world), at: SimulatedSource.host(), of: key, status: tracker.doneStatus
        ) {
            try await tracker.close(key, in: world)
        }
    }

    @Test(
        .enabled(if: RealRedmine.isExpected, "TEST_REDMINE_URL is not set; scripts/redmine starts a Redmine"))
    func `a status change in a real Redmine shows within one interval`() async throws {
        let url = try #require(URL(string: RealRedmine.value("TEST_REDMINE_URL")))
        let number = try await RealRedmine.createIssue(subject: "Nobody refreshes me")
        try await Self.tell(
            RealRedmine.source(), at: "\(url.host() ?? ""):\(url.port ?? 80)", of: "\(number)",
            status: "Closed"
        ) {
            try await RealRedmine.update(issue: number, #"{"issue": {"status_id": 5}}"#)
        }
    }

    /// Links an issue, closes it in the tracker, lets one interval pass and waits for the feed to tell.
    private static func tell(
        _ source: Source, at host: String, of key: String, status: String, closing: () async throws -> Void
    ) async throws {
        let time = MovedTime()
        let change = { (settings: inout ServerSettings) in
            settings.egress.httpsOnly = false
            settings.egress.allow = [try EgressEntry(host)]
        }
        try await TestServer.with(change: change, clock: time.now, pauses: ShortPauses()) { server in
            let (admin, tester) = (try server.admin(), try server.tester())
            let id = try await admin.createCustomSource(source)
            // The first pass says from when on changes are asked for.
            while try await admin.sync(of: id)?.lastPassTime == nil {
                try await ShortPauses().sleep(for: .milliseconds(20))
            }
            let link = try await tester.link(.key(key, of: id))
            #expect(try link.issue().statusCategory != .done)
            var cursor = try await tester.links.listChanges(ListChangesRequest()).nextAfter
            try await closing()
            time.advance(SyncLimits.changesInterval)

            var seen: FieldChange?
            while seen == nil {
                let page = try await tester.links.listChanges(
                    ListChangesRequest(after: cursor, wait: GoogleDuration(seconds: 2)))
                cursor = page.nextAfter
                let changes = page.changes.filter { $0.kind == .issueUpdated && $0.origin == .poll }
                seen = changes.flatMap(\.fields).first { $0.field == "status" }
            }
            #expect(seen?.after == status)
            let issue = try await tester.links.getLink(GetLinkRequest(id: link.id)).link?.issue()
            #expect(issue?.status == status && issue?.statusCategory == .done)
            #expect(try await admin.sync(of: id)?.failureCount == 0)
        }
    }
}

extension TestClient {
    /// How a source's sync is doing.
    fileprivate func sync(of source: String) async throws -> SourceSync? {
        try await admin.getSource(GetSourceRequest(id: source)).source?.sync
    }
}
