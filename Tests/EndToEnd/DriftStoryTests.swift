// SPDX-License-Identifier: Apache-2.0

import ExtRefMessages
import ExtRefSecurity
import ExtRefServer
import ExtRefSync
import RPC
import RPCMessages
import Testing

/// A vendor announces the end of what we use. The next sync raises a warning on the source, issues go on
/// being followed, and after it is taken back nothing is left but the memory of it.
@Suite(
    .serialized, .timeLimit(.minutes(2)),
    .enabled(if: SimulatedSource.isExpected, "TEST_SIMULATOR_URL is not set; scripts/extref-sim starts it"))
struct DriftStoryTests {
    @Test(arguments: SimulatedSource.all)
    func `an announced end is a warning within one interval`(tracker: SimulatedSource) async throws {
        let world = try SimulatedSource.world()
        let key = try await tracker.makeIssue(in: world)
        let time = MovedTime()
        let change = { (settings: inout ServerSettings) in
            settings.egress.httpsOnly = false
            settings.egress.allow = [try EgressEntry(SimulatedSource.host())]
        }
        try await TestServer.with(change: change, clock: time.now, pauses: ShortPauses()) { server in
            let (admin, tester) = (try server.admin(), try server.tester())
            let id = try await admin.createCustomSource(tracker.source(in: world))
            let link = try await tester.link(.key(key, of: id))
            let first = try await Self.passed(id, after: nil, admin)
            #expect(first.warnings == [])

            let headers = ["Sunset": "Fri, 31 Dec 2027 23:59:59 GMT"]
            try await tracker.change(["kind": "headers", "headers": headers], in: world)
            time.advance(SyncLimits.changesInterval)
            let second = try await Self.passed(id, after: first, admin)
            let warning = try #require(second.warnings.first)
            #expect(second.warnings.count == 1 && warning.kind == .sunset && warning.count > 0)
            #expect(warning.effectiveTime?.seconds == 1_830_297_599)
            #expect(warning.message.contains("2027-12-31") && !warning.example.isEmpty)

            try await tracker.changeBack(in: world)
            try await tracker.close(key, in: world)
            time.advance(SyncLimits.changesInterval)
            let third = try await Self.passed(id, after: second, admin)
            #expect(third.failureCount == 0 && third.warnings.map(\.kind) == [.sunset])
            let issue = try await tester.links.getLink(GetLinkRequest(id: link.id)).link?.issue()
            #expect(issue?.statusCategory == .done)
        }
    }

    /// The source's sync once another pass is over.
    private static func passed(
        _ id: String, after former: SourceSync?, _ admin: TestClient
    ) async throws -> SourceSync {
        while true {
            if let sync = try await sync(of: id, admin), let time = sync.lastPassTime,
                time != former?.lastPassTime
            {
                return sync
            }
            try await ShortPauses().sleep(for: .milliseconds(20))
        }
    }

    private static func sync(of id: String, _ admin: TestClient) async throws -> SourceSync? {
        try await admin.admin.getSource(GetSourceRequest(id: id)).source?.sync
    }
}
