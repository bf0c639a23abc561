// SPDX-License-Identifier: Apache-2.0

import ExtRefMessages
import RPC
import RPCMessages
import Testing

/// What becomes of links when what they stand on is disabled or deleted.
@Suite struct LifecycleTests {
    @Test
    func `a disabled source keeps its links readable and marked, and refuses new ones until it is enabled`()
        async throws
    {
        try await TestServer.with { server in
            let (admin, tester) = (try server.admin(), try server.tester())
            let source = try await admin.createCustomSource()
            let link = try await tester.link(.key("1", of: source))
            _ = try await admin.admin.disableSource(DisableSourceRequest(id: source))
            let read = try #require(try await tester.links.getLink(GetLinkRequest(id: link.id)).link)
            #expect(read.source?.state == .disabled)
            #expect(try read.issue().key == "1")
            let error = try await Refusal(.failedPrecondition, "SOURCE_DISABLED").check {
                _ = try await tester.link(.key("2", of: source))
            }
            let failure = try #require(error.detail(GoogleRPCPreconditionFailure.self))
            #expect(failure.violations.map(\.subject) == [source])
            #expect(error.message.contains("Bugs"))
            _ = try await admin.admin.enableSource(EnableSourceRequest(id: source))
            _ = try await tester.link(.key("2", of: source))
        }
    }

    @Test func `a disabled relation stays on old links and is refused on new ones`() async throws {
        try await TestServer.with { server in
            let (admin, tester) = (try server.admin(), try server.tester())
            let source = try await admin.createCustomSource()
            let link = try await tester.link(.key("1", of: source))
            let defect = try await admin.relationID("Defect")
            _ = try await admin.admin.disableRelation(DisableRelationRequest(id: defect))
            let read = try #require(try await tester.links.getLink(GetLinkRequest(id: link.id)).link)
            #expect(read.relation?.name == "Defect")
            #expect(read.relation?.state == .disabled)
            let error = try await Refusal(.failedPrecondition, "RELATION_DISABLED").check {
                _ = try await tester.link(.key("2", of: source))
            }
            #expect(error.message.contains("Defect"))
            _ = try await tester.link(.key("2", of: source, relation: "Blocked by"))
        }
    }

    @Test func `deleting a source in use answers its counts first, then keeps links as readable text`()
        async throws
    {
        try await TestServer.with { server in
            let (admin, tester) = (try server.admin(), try server.tester())
            let second = try server.tester("P2")
            let source = try await admin.createCustomSource()
            let link = try await tester.link(.key("1", of: source))
            _ = try await tester.link(.key("2", of: source))
            _ = try await second.link(.key("1", of: source), in: "P2")
            let error = try await Refusal(.failedPrecondition, "SOURCE_IN_USE").check {
                _ = try await admin.admin.deleteSource(DeleteSourceRequest(id: source))
            }
            let metadata = try #require(error.detail(GoogleRPCErrorInfo.self)).metadata
            #expect(metadata["link_count"] == "3")
            #expect(metadata["links_in.P1"] == "2")
            #expect(metadata["links_in.P2"] == "1")

            let response = try await admin.admin.deleteSource(
                DeleteSourceRequest(id: source, mode: .keepLinks))
            #expect(
                Set(response.usage) == [
                    ProjectUsage(projectID: "P1", linkCount: 2), ProjectUsage(projectID: "P2", linkCount: 1),
                ])
            let read = try #require(try await tester.links.getLink(GetLinkRequest(id: link.id)).link)
            #expect(read.source?.state == .deleted)
            #expect(read.source?.displayName == "Bugs")
            #expect(try read.issue().key == "1")
            #expect(try read.issue().url == "https://bugs.example.com/org/repo/issues/1")
            try await Refusal(.notFound, "SOURCE_NOT_FOUND").check {
                _ = try await admin.admin.getSource(GetSourceRequest(id: source))
            }
            _ = try await admin.createCustomSource()
        }
    }

    @Test func `deleting a source with its links leaves none`() async throws {
        try await TestServer.with { server in
            let (admin, tester) = (try server.admin(), try server.tester())
            let source = try await admin.createCustomSource()
            _ = try await tester.link(.key("1", of: source))
            _ = try await admin.admin.deleteSource(DeleteSourceRequest(id: source, mode: .deleteLinks))
            #expect(try await tester.allLinks().isEmpty)
        }
    }

    @Test func `deleting a relation in use needs a replacement, and moves its links there`() async throws {
        try await TestServer.with { server in
            let (admin, tester) = (try server.admin(), try server.tester())
            let source = try await admin.createCustomSource()
            var relation = Relation(
                owner: Owner(owner: .tenant(true)), name: "Found by", semanticType: .defect)
            relation.availability = Availability(allProjects: true)
            let created = try #require(
                try await admin.admin.createRelation(CreateRelationRequest(relation: relation)).relation)
            let link = try await tester.link(.key("1", of: source, relation: "Found by"))
            let error = try await Refusal(.failedPrecondition, "RELATION_IN_USE").check {
                _ = try await admin.admin.deleteRelation(DeleteRelationRequest(id: created.id))
            }
            #expect(error.detail(GoogleRPCErrorInfo.self)?.metadata["link_count"] == "1")
            let defect = try await admin.relationID("Defect")
            let response = try await admin.admin.deleteRelation(
                DeleteRelationRequest(id: created.id, replacementID: defect))
            #expect(response.usage == [ProjectUsage(projectID: "P1", linkCount: 1)])
            let read = try #require(try await tester.links.getLink(GetLinkRequest(id: link.id)).link)
            #expect(read.relation?.id == defect)
        }
    }

    @Test func `a system relation cannot be deleted`() async throws {
        try await TestServer.with { server in
            let admin = try server.admin()
            let defect = try await admin.relationID("Defect")
            try await Refusal(.failedPrecondition, "RELATION_SYSTEM_DEFINED").check {
                _ = try await admin.admin.deleteRelation(DeleteRelationRequest(id: defect))
            }
        }
    }

    @Test func `a batch of 1,000 is judged item by item`() async throws {
        try await TestServer.with { server in
            let (admin, tester) = (try server.admin(), try server.tester())
            let source = try await admin.createCustomSource()
            let drafts = (1...1_000).map { number in
                LinkDraft.key(number % 100 == 0 ? "bad" : "\(number)", of: source, from: "TC-\(number)")
            }
            let response = try await tester.links.batchCreateLinks(
                BatchCreateLinksRequest(projectID: "P1", links: drafts))
            #expect(response.results.count == 1_000)
            #expect(response.createdCount == 990)
            for (index, result) in response.results.enumerated() {
                switch result.outcome {
                case .link(let link): #expect(link.object?.id == "TC-\(index + 1)")
                case .error(let error):
                    #expect((index + 1) % 100 == 0)
                    #expect(error.reason == "KEY_PATTERN_MISMATCH")
                    #expect(error.field.hasPrefix("links[\(index)]"))
                case nil: #expect(Bool(false), "item \(index) has no verdict")
                }
            }
            #expect(try await tester.allLinks().count == 990)
        }
    }

    @Test func `an atomic batch creates all or none`() async throws {
        try await TestServer.with { server in
            let (admin, tester) = (try server.admin(), try server.tester())
            let source = try await admin.createCustomSource()
            var request = BatchCreateLinksRequest(
                projectID: "P1", links: [.key("1", of: source), .key("bad", of: source)], atomic: true)
            await #expect(throws: RPCError.self) { try await tester.links.batchCreateLinks(request) }
            #expect(try await tester.allLinks().isEmpty)
            request.links[1] = .key("2", of: source)
            #expect(try await tester.links.batchCreateLinks(request).createdCount == 2)
        }
    }

    @Test func `what was exported is imported elsewhere, by name`() async throws {
        try await TestServer.with { server in
            let (admin, tester) = (try server.admin(), try server.tester())
            let source = try await admin.createCustomSource()
            _ = try await tester.link(.key("1", of: source))
            _ = try await tester.link(.key("2", of: source, relation: "Blocked by"))
            let exported = try await tester.links.exportLinks(ExportLinksRequest(projectID: "P1")).links
            let second = try server.tester("P2")
            let request = ImportLinksRequest(projectID: "P2", links: exported)
            #expect(try await second.links.importLinks(request).createdCount == 2)
            #expect(try await second.links.exportLinks(ExportLinksRequest(projectID: "P2")).links == exported)
        }
    }
}
