// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import ExtRefStore
import ExtRefSync
import RPC
import RPCMessages
import Testing

@testable import ExtRefServices

/// What the change feed tells whom.
@Suite(.timeLimit(.minutes(1))) struct FeedTests {
    private typealias Kind = ChangeKind

    /// Everything after a cursor, as one call answers it.
    private static func feed(
        _ harness: ServiceHarness, after: String = "0", as who: TestCaller = .tenantAdmin,
        edit: (inout ListChangesRequest) -> Void = { _ in }
    ) async throws -> [Wire.Change] {
        var request = ListChangesRequest(after: after, pageSize: 500)
        edit(&request)
        return try await harness.links(who).listChanges(request).changes
    }

    /// A source of the tenant, a link in P1 to an issue of it, and one in P2 to another of its issues.
    private static func told() async throws -> (harness: ServiceHarness, source: String, links: [Wire.Link]) {
        let harness = try ServiceHarness()
        let source = try await harness.addRedmine()
        for id in [1, 2] { harness.redmine.set(id, .init()) }
        var links = [Wire.Link]()
        for (project, key) in [("P1", "1"), ("P2", "2")] {
            let response = try await harness.links(.tenantAdmin).createLink(
                CreateLinkRequest(projectID: project, link: ServiceHarness.draft(key: key)))
            links.append(try #require(response.link))
        }
        return (harness, source.id, links)
    }

    @Test func `an empty cursor means from now on`() async throws {
        let (harness, _, _) = try await Self.told()
        let first = try await harness.links().listChanges(ListChangesRequest())
        #expect(first.changes.isEmpty)
        let newest = try await harness.store.read(ServiceHarness.tenant) { try $0.changes.currentSequence() }
        #expect(first.nextAfter == "\(newest)")
        _ = try await harness.link("TC-9")
        let next = try await harness.links().listChanges(ListChangesRequest(after: first.nextAfter))
        #expect(next.changes.map(\.kind) == [.linkCreated])
        #expect(next.changes.map(\.cursor) == [next.nextAfter])
        let again = try await harness.links().listChanges(ListChangesRequest(after: next.nextAfter))
        #expect(again.changes.isEmpty && again.nextAfter == next.nextAfter)
    }

    @Test func `a change tells what happened to what, before and after`() async throws {
        let (harness, source, links) = try await Self.told()
        let link = links[0]
        harness.redmine.set(1, .init(status: "Closed", isClosed: true))
        let issueID = try #require(try await Self.feed(harness).first { $0.linkID == link.id }).issueID
        _ = try await harness.links().refreshIssues(
            RefreshIssuesRequest(projectID: "P1", ids: [issueID]))
        _ = try await harness.links(.tenantAdmin).updateLink(
            UpdateLinkRequest(id: link.id, note: "seen", updateMask: .init(paths: ["note"])))
        _ = try await harness.links(.tenantAdmin).deleteLink(DeleteLinkRequest(id: link.id))
        let changes = try await Self.feed(harness) { $0.projectID = "P1" }.filter {
            $0.kind != .sourceChanged
        }
        #expect(changes.map(\.kind) == [.linkCreated, .linkUpdated, .linkDeleted])
        for change in changes {
            #expect(change.projectID == "P1" && change.linkID == link.id && change.sourceID == source)
            #expect(change.object == ObjectRef(kind: "case", id: "TC-1") && change.issueID == issueID)
            #expect(change.origin == .user && change.occurTime != nil)
        }
        #expect(changes[1].fields == [ExtRefMessages.FieldChange(field: "note", before: "", after: "seen")])
        // The link is gone, and with it the project's part in the issue; the tenant's admin sees it all.
        let issue = try #require(
            try await Self.feed(harness).last { $0.kind == .issueUpdated && $0.issueID == issueID })
        #expect(issue.issueID == issueID && issue.sourceID == source && issue.linkID.isEmpty)
        #expect(
            issue.fields.contains(
                ExtRefMessages.FieldChange(field: "status", before: "New", after: "Closed")))
        let cursors = try await Self.feed(harness).compactMap { Int($0.cursor) }
        #expect(cursors == Array(1...cursors.count))
    }

    @Test func `filters leave what they name`() async throws {
        let (harness, source, links) = try await Self.told()
        let other = try await harness.addRedmine("Other", base: "https://other.redmine.example")
        let ofProject = try await Self.feed(harness) { $0.projectID = "P2" }
        #expect(ofProject.map(\.kind) == [.sourceChanged, .issueUpdated, .linkCreated, .sourceChanged])
        #expect(ofProject.map(\.linkID) == ["", "", links[1].id, ""])
        let ofObject = try await Self.feed(harness) {
            $0.projectID = "P1"
            $0.object = ObjectRef(kind: "case", id: "TC-1")
        }
        #expect(ofObject.map(\.linkID) == [links[0].id])
        let ofNobody = try await Self.feed(harness) {
            $0.projectID = "P1"
            $0.object = ObjectRef(kind: "case", id: "TC-2")
        }
        #expect(ofNobody.isEmpty)
        let ofOther = try await Self.feed(harness) { $0.sourceID = other.id }
        #expect(ofOther.map(\.kind) == [.sourceChanged])
        let ofSource = try await Self.feed(harness, as: .reader) { $0.sourceID = source }
        #expect(ofSource.map(\.kind) == [.sourceChanged, .issueUpdated, .linkCreated])
    }

    @Test(arguments: [
        (TestCaller.tenantAdmin, 2, 2), (.projectAdmin, 1, 1), (.tester, 1, 1), (.reader, 1, 1),
        (.otherProjectAdmin, 1, 1), (.otherTenantAdmin, 0, 0),
    ])
    func `everybody sees what reading would show them`(
        _ who: TestCaller, _ links: Int, _ issues: Int
    ) async throws {
        let (harness, _, made) = try await Self.told()
        for id in [1, 2] { harness.redmine.set(id, .init(status: "Open")) }
        harness.advance(.seconds(60))
        for link in made {
            _ = try await harness.links(.tenantAdmin).getLink(
                GetLinkRequest(id: link.id, maxAge: GoogleDuration(.zero)))
        }
        let changes = try await Self.feed(harness, as: who)
        // An issue that is read for the first time changes from nothing, and then once.
        #expect(changes.count { $0.kind == .linkCreated } == links)
        #expect(changes.count { $0.kind == .issueUpdated } == 2 * issues)
        #expect(changes.count { $0.kind == .sourceChanged } == (who == .otherTenantAdmin ? 0 : 1))
    }

    @Test func `members hear of sources what the list of sources tells them`() async throws {
        let harness = try ServiceHarness()
        let source = try await harness.addRedmine(base: "https://redmine.example.com/inside/path")
        let full = try #require(try await Self.feed(harness).first)
        let told = try #require(try await Self.feed(harness, as: .reader).first)
        #expect(full.fields.map(\.field).contains("authentication.secrets"))
        #expect(Set(told.fields.map(\.field)) == ["provider", "display_name", "base_url", "state"])
        #expect(told.fields.first { $0.field == "base_url" }?.after == "https://redmine.example.com")
        #expect(told.cursor == full.cursor && told.sourceID == source.id)
    }

    @Test func `a source or relation of other projects is nobody's business`() async throws {
        let harness = try ServiceHarness()
        let source = try await harness.addRedmine { $0.availability = Availability(projectIds: ["P2"]) }
        var relation = ExtRefMessages.Relation(
            owner: Owner(owner: .tenant(true)), name: "Found by", semanticType: .defect)
        relation.availability = Availability(projectIds: ["P2"])
        _ = try await harness.admin().createRelation(CreateRelationRequest(relation: relation))
        #expect(try await Self.feed(harness, as: .reader).isEmpty)
        #expect(try await Self.feed(harness, as: .otherProjectAdmin).count == 2)
        #expect(try await Self.feed(harness) { $0.projectID = "P1" }.isEmpty)

        try await harness.update(source, "availability") {
            $0.availability = Availability(projectIds: ["P1", "P2"])
        }
        #expect(try await Self.feed(harness, as: .reader).count == 2, "what it can use now, from its start")
        let before = try await harness.links(.reader).listChanges(ListChangesRequest()).nextAfter
        try await harness.update(source, "availability") {
            $0.availability = Availability(projectIds: ["P2"])
        }
        #expect(try await Self.feed(harness, after: before, as: .reader).count == 1, "that it went away")
        try await harness.update(source, "display_name") { $0.displayName = "Secret plans" }
        let later = try await Self.feed(harness, after: before, as: .reader)
        #expect(later.flatMap(\.fields).allSatisfy { $0.after != "Secret plans" })
    }

    @Test(arguments: ["x", "-1", "+1", "007", "1.0", "99999999999999999999", "9223372036854775807", "999"])
    func `a cursor that is none is refused with the way out`(_ text: String) async throws {
        let (harness, _, _) = try await Self.told()
        let error = await failure { try await harness.links().listChanges(ListChangesRequest(after: text)) }
        #expect(error?.code == .invalidArgument && error?.reason == "FIELD_INVALID")
        #expect(error?.fields == ["after"])
        #expect(error?.message.contains("empty") == true)
    }

    @Test func `every wrong field is named at once`() async throws {
        let harness = try ServiceHarness()
        let request = ListChangesRequest(
            after: "x", wait: GoogleDuration(.seconds(61)), pageSize: -1,
            object: ObjectRef(kind: "case", id: "TC-1"), sourceID: "lnk_1")
        let error = await failure { try await harness.links().listChanges(request) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.fields == ["after", "wait", "page_size", "project_id", "source_id"])
        let negative = ListChangesRequest(wait: GoogleDuration(.seconds(-1)), projectID: "P 1")
        let other = await failure { try await harness.links().listChanges(negative) }
        #expect(other?.fields == ["wait", "project_id"])
    }

    @Test func `a project the caller may not read is refused`() async throws {
        let harness = try ServiceHarness()
        for project in ["P2", "NONE"] {
            let error = await failure {
                try await harness.links(.tester).listChanges(ListChangesRequest(projectID: project))
            }
            #expect(error?.code == .permissionDenied)
        }
    }

    @Test func `pages follow each other without a gap, whatever their size`() async throws {
        let harness = try ServiceHarness()
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededGenerator(seed: seed)
        try await Self.append(1_300, to: harness, project: "P1")
        var (seen, cursor) = ([String](), "0")
        while seen.count < 1_300 {
            let size = Int32.random(in: 0...700, using: &random)
            let response = try await harness.links().listChanges(
                ListChangesRequest(after: cursor, pageSize: size))
            let limit = size == 0 ? 50 : min(Int(size), 500)
            #expect(response.changes.count == min(limit, 1_300 - seen.count), "seed \(seed)")
            try #require(!response.changes.isEmpty, "seed \(seed)")
            seen += response.changes.map(\.cursor)
            #expect(response.nextAfter == seen.last, "seed \(seed)")
            cursor = response.nextAfter
        }
        #expect(seen == (1...1_300).map(String.init), "seed \(seed)")
    }

    @Test func `one call gets past any number of changes that are not for it`() async throws {
        let harness = try ServiceHarness()
        try await Self.append(12_000, to: harness, project: "P2")
        try await Self.append(1, to: harness, project: "P1")
        let found = try await harness.links().listChanges(ListChangesRequest(after: "0"))
        #expect(found.changes.map(\.cursor) == ["12001"] && found.nextAfter == "12001")
        let nothing = try await harness.links(.tenantAdmin).listChanges(
            ListChangesRequest(after: "0", projectID: "P3"))
        #expect(nothing.changes.isEmpty && nothing.nextAfter == "12001")
    }

    /// Adds changes as if links of the project had been made.
    static func append(_ count: Int, to harness: ServiceHarness, project: String) async throws {
        let tenant = ServiceHarness.tenant
        try await harness.store.ensureSeeded(tenant, at: harness.time.now())
        let now = harness.time.now()
        try await harness.store.write(tenant) { store in
            for _ in 0..<count {
                try store.changes.append(
                    ExtRefDomain.Change(
                        tenantID: tenant, kind: .linkCreated, projectID: ProjectID(trusted: project),
                        origin: .user, occurredAt: now))
            }
        }
    }
}
