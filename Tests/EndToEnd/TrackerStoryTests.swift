// SPDX-License-Identifier: Apache-2.0

import ExtRefMessages
import ExtRefSecurity
import ExtRefServer
import FoundationEssentials
import ProtobufC
import RPC
import RPCMessages
import Testing

/// A tester's day with each of the five trackers, over TCP against a whole server: the test fails, an issue
/// is created although the network breaks, and nobody sees the credential.
@Suite(
    .enabled(if: SimulatedSource.isExpected, "TEST_SIMULATOR_URL is not set; scripts/extref-sim starts it"),
    .timeLimit(.minutes(2)))
struct TrackerStoryTests {
    @Test(arguments: SimulatedSource.all)
    func `an issue whose answer got lost is created once, found and linked`(
        tracker: SimulatedSource
    ) async throws {
        let world = try SimulatedSource.world()
        try await Self.withServer { server in
            let (admin, tester) = (try server.admin(), try server.tester())
            let source = try await admin.createCustomSource(tracker.source(in: world))
            let tested = try await admin.admin.testSourceConnection(
                TestSourceConnectionRequest(target: .id(source)))
            #expect(tested.report?.ok == true, "\(String(describing: tested.report))")

            let form = try await tester.links.getIssueForm(
                GetIssueFormRequest(projectID: "P1", sourceID: source))
            #expect(form.fields.contains { $0.name == "title" && $0.required })

            try await tracker.loseAnswerOfCreation(in: world)
            let wish = Self.wish(source)
            let link = try await Self.persist { try await tester.links.createIssue(wish).link }
            let issue = try #require(try link?.issue())
            #expect(issue.title == Self.title)
            let again = try await tester.links.createIssue(wish)
            #expect(again.link?.id == link?.id)

            let found = try await tester.links.searchIssues(
                SearchIssuesRequest(projectID: "P1", query: "quagga"))
            #expect(found.results.flatMap(\.issues).map(\.key) == [issue.key], "\(found)")
            #expect(try await tester.allLinks().map(\.id) == [link?.id])
        }
    }

    @Test(arguments: SimulatedSource.all)
    func `the credential shows in no answer, no log line and no file`(tracker: SimulatedSource) async throws {
        let world = try SimulatedSource.world()
        let canary = try #require(tracker.secrets.values.first)
        try await Self.withServer { server in
            let (admin, tester) = (try server.admin(), try server.tester())
            var texts: [String] = []
            let created = try await admin.admin.createSource(
                CreateSourceRequest(source: tracker.source(in: world)))
            let source = try #require(created.source?.id)
            texts.append(Self.text(created))
            texts.append(
                Self.text(
                    try await admin.admin.testSourceConnection(
                        TestSourceConnectionRequest(target: .id(source)))))
            texts.append(Self.text(try await tester.links.createIssue(Self.wish(source))))
            let refused = try await #require(throws: RPCError.self) {
                try await tester.link(.key("acme/nowhere#99999999", of: source))
            }
            texts.append("\(refused)")
            texts.append(
                Self.text(try await admin.admin.listAuditEntries(ListAuditEntriesRequest())))
            texts.append(server.log.text)
            for text in texts { #expect(!text.contains(canary)) }
            for file in try FileManager.default.contentsOfDirectory(atPath: server.directory) {
                let data = FileManager.default.contents(atPath: server.directory + "/" + file) ?? Data()
                #expect(data.firstRange(of: Data(canary.utf8)) == nil, "\(file)")
            }
        }
    }

    private static let title = "Quagga cannot pay"

    private static func wish(_ source: String) -> CreateIssueRequest {
        CreateIssueRequest(
            projectID: "P1", sourceID: source, fields: ["title": title, "description": "Seen in TC-1"],
            link: LinkDraft(object: ObjectRef(kind: "result", id: "R-7"), relationName: "Defect"),
            requestID: "5f0c9e3a-7b1d-4c55-9a2e-0d6f1c2b3a49")
    }

    /// Repeats a call as a client has to whom the server says that it may: a few times.
    private static func persist<Value>(_ call: () async throws -> Value) async throws -> Value {
        for _ in 0..<5 {
            do { return try await call() } catch let error as RPCError where error.code == .unavailable {}
        }
        return try await call()
    }

    private static func text(_ message: some ProtobufMessage) -> String {
        String(decoding: message.encode(), as: UTF8.self)
    }

    private static func withServer(_ body: (TestServer) async throws -> Void) async throws {
        let host = try SimulatedSource.host()
        try await TestServer.with { settings in
            settings.egress.httpsOnly = false
            settings.egress.allow = [try EgressEntry(host)]
        } _: { server in
            try await body(server)
        }
    }
}
