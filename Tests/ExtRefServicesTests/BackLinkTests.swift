// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import ExtRefStore
import ExtRefSync
import ExtRefTrackers
import RPCMessages
import Testing

@testable import ExtRefServices

@Suite(.timeLimit(.minutes(1))) struct BackLinkTests {
    private func populated(
        provider: String = "fake", edit: @escaping (inout ExtRefMessages.Source) -> Void = { _ in }
    ) async throws -> (ServiceHarness, ExtRefMessages.Source) {
        let harness = try ServiceHarness.writing()
        let source = try await harness.addFake(provider: provider) {
            $0.testObjectURLTemplate = ServiceHarness.objectURL
            edit(&$0)
        }
        harness.sites.edit { state in
            state.issues["fake.example"] = (1...3).map {
                .init(id: "\($0)", key: "FK-\($0)", project: "FK", title: "Issue \($0)")
            }
        }
        return (harness, source)
    }

    private func link(
        _ harness: ServiceHarness, _ object: String = "TC-1", key: String = "FK-1",
        relation: String = "Tests"
    ) async throws -> ExtRefMessages.Link {
        try #require(try await harness.link(object, key: key, relation: relation).link)
    }

    @Test func `a link leaves a note of its back-link and a job, in its own transaction`() async throws {
        let (harness, source) = try await populated()
        let link = try await link(harness, "TC-1/b")
        let record = try #require(try await harness.backLink(link))
        #expect(record.url == "https://tests.example.com/P1/case/TC-1%2Fb")
        #expect(record.title == "Test case TC-1/b" && record.relationship == "Tested by")
        #expect(record.issueKey == "FK-1" && record.nativeID == "1" && record.sourceID.rawValue == source.id)
        #expect(record.isWanted && record.putAt == nil && record.remoteID == "" && record.lastError == "")
        #expect(try await harness.jobCount() == 1 && harness.sites.count(.putLink) == 0)
    }

    @Test func `it is put once`() async throws {
        let (harness, _) = try await populated()
        let link = try await link(harness)
        await harness.runJobs()
        harness.advance(.seconds(86_400))
        await harness.runJobs()
        #expect(harness.sites.count(.putLink) == 1)
        #expect(
            harness.sites.links == [
                link.id: .init(
                    issueID: "1", url: "https://tests.example.com/P1/case/TC-1", title: "Test case TC-1",
                    relationship: "Tested by")
            ])
        let record = try await harness.backLink(link)
        #expect(record?.remoteID == "remote-" + link.id && record?.putAt != nil && record?.lastError == "")
        #expect(try await harness.jobCount() == 0)
    }

    @Test func `the same link again, or another note on it, asks for nothing new`() async throws {
        let (harness, _) = try await populated()
        let link = try await link(harness)
        await harness.runJobs()
        _ = try await self.link(harness)
        _ = try await harness.links().updateLink(
            UpdateLinkRequest(id: link.id, note: "flaky", updateMask: GoogleFieldMask(paths: ["note"])))
        #expect(try await harness.jobCount() == 0)
    }

    @Test func `another relation changes what it says`() async throws {
        let (harness, _) = try await populated()
        let link = try await link(harness)
        await harness.runJobs()
        let relations = try await harness.admin().listRelations(ListRelationsRequest()).relations
        let blocked = try #require(relations.first { $0.name == "Blocked by" })
        _ = try await harness.links().updateLink(
            UpdateLinkRequest(
                id: link.id, relationID: blocked.id, updateMask: GoogleFieldMask(paths: ["relation_id"])))
        await harness.runJobs()
        #expect(harness.sites.links[link.id]?.relationship == blocked.inverseName)
        #expect(!blocked.inverseName.isEmpty && harness.sites.links.count == 1)
    }

    @Test func `a relation without an inverse is named itself`() async throws {
        let (harness, _) = try await populated()
        let bug = ExtRefMessages.Relation(name: "Bug", semanticType: .defect)
        _ = try await harness.admin().createRelation(CreateRelationRequest(relation: bug))
        let link = try await link(harness, relation: "Bug")
        #expect(try await harness.backLink(link)?.relationship == "Bug")
    }

    @Test func `a deleted link takes it off`() async throws {
        let (harness, _) = try await populated()
        let link = try await link(harness)
        await harness.runJobs()
        _ = try await harness.links().deleteLink(DeleteLinkRequest(id: link.id))
        #expect(try await harness.backLink(link)?.isWanted == false && harness.sites.links.count == 1)
        await harness.runJobs()
        #expect(harness.sites.links.isEmpty)
        let last = try #require(harness.sites.calls.last)
        #expect(last.deed == .removeLink && last.url.hasSuffix("?remote=remote-\(link.id)"))
        let left = try await harness.backLink(link)
        #expect(left == nil)
        #expect(try await harness.jobCount() == 0)
    }

    @Test func `a link deleted before it was put leaves the tracker alone`() async throws {
        let (harness, _) = try await populated()
        let link = try await link(harness)
        let calls = harness.sites.calls.count
        _ = try await harness.links().deleteLink(DeleteLinkRequest(id: link.id))
        await harness.runJobs()
        let left = try await harness.backLink(link)
        #expect(left == nil)
        #expect(harness.sites.calls.count == calls)
    }

    @Test(arguments: [FakeSites.Fault.answerLost, .garbage, .doneButAnswered(504), .stopAfter])
    func `one that may have been put is taken off with its link`(_ fault: FakeSites.Fault) async throws {
        let (harness, _) = try await populated()
        let link = try await link(harness)
        harness.sites.breaking { $0.deed == .putLink ? fault : nil }
        await harness.jobs.runOnce()
        harness.engine.revive()
        harness.sites.breaking(nil)
        #expect(harness.sites.links.count == 1)
        _ = try await harness.links().deleteLink(DeleteLinkRequest(id: link.id))
        #expect(try await harness.runAllJobs() == 0)
        #expect(harness.sites.links.isEmpty)
    }

    @Test(arguments: [FakeSites.Fault.unsent, .answer(403, "{}")])
    func `one that certainly was not put needs no taking off`(_ fault: FakeSites.Fault) async throws {
        let (harness, _) = try await populated()
        let link = try await link(harness)
        harness.sites.breaking { $0.deed == .putLink ? fault : nil }
        await harness.jobs.runOnce()
        #expect(try await harness.backLink(link)?.putAt == nil)
        _ = try await harness.links().deleteLink(DeleteLinkRequest(id: link.id))
        #expect(try await harness.runAllJobs() == 0)
        #expect(harness.sites.count(.removeLink) == 0)
    }

    @Test func `a link deleted while it is being put leaves nothing behind`() async throws {
        let (harness, _) = try await populated()
        let link = try await link(harness)
        let now = harness.time.now()
        let taken = try await harness.store.write(ServiceHarness.tenant) { store throws in
            try store.jobs.take([.backLink], by: "slow", until: now + .seconds(60), limit: 1, at: now)
        }
        let job = try #require(taken.first)
        let gate = Gate()
        harness.sites.breaking { $0.deed == .putLink ? .waiting(gate) : nil }
        let working = Task { await ServiceJobs(harness.environment).perform(job) }
        while harness.sites.count(.putLink) == 0 { await Task.yield() }
        // Meanwhile the link is deleted, and a second worker takes the back-link for gone.
        _ = try await harness.links().deleteLink(DeleteLinkRequest(id: link.id))
        await harness.runJobs()
        #expect(try await harness.backLink(link) == nil)
        gate.open()
        let outcome = await working.value
        #expect(outcome == .done && harness.sites.links.count == 1)
        harness.sites.breaking(nil)
        #expect(try await harness.runAllJobs() == 0)
        #expect(harness.sites.links.isEmpty)
    }

    @Test func `a disabled source waits, for as long as it takes`() async throws {
        let (harness, source) = try await populated()
        let link = try await link(harness)
        _ = try await harness.admin().disableSource(DisableSourceRequest(id: source.id))
        for _ in 0..<100 {
            await harness.runJobs()
            harness.advance(.seconds(3_600))
        }
        #expect(harness.sites.count(.putLink) == 0)
        #expect(try await harness.jobCount() == 1)
        _ = try await harness.admin().enableSource(EnableSourceRequest(id: source.id))
        harness.advance(ServiceLimits.disabledPause)
        await harness.runJobs()
        #expect(harness.sites.links[link.id] != nil)
    }

    @Test func `a tracker that fails keeps the reason, and is asked again until it works`() async throws {
        let (harness, _) = try await populated()
        let link = try await link(harness)
        harness.sites.breaking { $0.deed == .putLink ? .answer(503, "") : nil }
        await harness.runJobs()
        let failed = try await harness.backLink(link)
        #expect(failed?.lastError.contains("in trouble") == true)
        #expect(try await harness.jobCount() == 1)
        harness.sites.breaking(nil)
        #expect(try await harness.runAllJobs() == 0)
        #expect(try await harness.backLink(link)?.lastError == "" && harness.sites.links.count == 1)
    }

    @Test func `a tracker's wish to wait is granted`() async throws {
        let (harness, _) = try await populated()
        _ = try await link(harness)
        harness.sites.breaking { $0.deed == .putLink ? .answer(429, "") : nil }
        await harness.runJobs()
        let due = try #require(try await harness.store.nextJobDue(ServiceHarness.writingKinds))
        #expect(due > harness.time.now())
    }

    @Test func `what never works is given up, and the reason stays`() async throws {
        let (harness, _) = try await populated()
        let first = try await link(harness)
        harness.sites.breaking { $0.deed == .putLink ? .answer(400, "{}") : nil }
        await harness.runJobs()
        #expect(try await harness.jobCount() == 0)
        #expect(try await harness.backLink(first)?.lastError.isEmpty == false)
        let second = try await link(harness, "TC-2")
        harness.sites.breaking { $0.deed == .putLink ? .answer(403, "{}") : nil }
        #expect(try await harness.runAllJobs() == 0, "half a day of tries is enough")
        #expect(try await harness.backLink(second)?.lastError.isEmpty == false)
        #expect(harness.sites.count(.putLink) == 1 + Int(SyncLimits.attemptsMax))
        // News about the link begins anew.
        harness.sites.breaking(nil)
        let relations = try await harness.admin().listRelations(ListRelationsRequest()).relations
        _ = try await harness.links().updateLink(
            UpdateLinkRequest(
                id: second.id, relationID: relations.first { $0.name == "Defect" }?.id ?? "",
                updateMask: GoogleFieldMask(paths: ["relation_id"])))
        await harness.runJobs()
        #expect(harness.sites.links[second.id] != nil)
    }

    @Test(arguments: [404, 410])
    func `an issue that is gone took its back-link along`(_ status: Int) async throws {
        let (harness, _) = try await populated()
        let link = try await link(harness)
        await harness.runJobs()
        _ = try await harness.links().deleteLink(DeleteLinkRequest(id: link.id))
        harness.sites.breaking { $0.deed == .removeLink ? .answer(status, "{}") : nil }
        await harness.runJobs()
        let left = try await harness.backLink(link)
        #expect(left == nil)
        #expect(try await harness.jobCount() == 0)
    }

    @Test(arguments: [
        ("fake", "", [] as [ExtRefMessages.Capability], true, false), ("fake", "t", [], false, true),
        ("fake", "t", [.backLink], true, false), ("fake_comments", "t", [], false, false),
        ("fake_comments", "t", [], true, true), ("fake_comments", "t", [.comment], true, false),
        ("fake_comments", "", [], true, false),
    ])
    func `nothing is written without an address of objects and an admin's leave`(
        provider: String, template: String, off: [ExtRefMessages.Capability], comments: Bool, isWritten: Bool
    ) async throws {
        let (harness, _) = try await populated(provider: provider) {
            $0.testObjectURLTemplate = template.isEmpty ? "" : ServiceHarness.objectURL
            $0.disabledCapabilities = off
            $0.backLinkComments = comments
        }
        let link = try await link(harness)
        let record = try await harness.backLink(link)
        #expect((record != nil) == isWritten)
        #expect(try await harness.jobCount() == (isWritten ? 1 : 0))
        await harness.runJobs()
        #expect(harness.sites.links.count == (isWritten ? 1 : 0))
    }

    @Test func `a bare URL leaves nothing`() async throws {
        let (harness, _) = try await populated()
        let draft = LinkDraft(
            object: ObjectRef(kind: "case", id: "TC-1"),
            target: ExtRefMessages.LinkTarget(target: .bareURL("https://wiki.example.com")),
            relationName: "Tests")
        _ = try await harness.links().createLink(CreateLinkRequest(projectID: "P1", link: draft))
        #expect(try await harness.jobCount() == 0)
    }

    @Test func `a link whose source no longer wants back-links takes its own off when it changes`()
        async throws
    {
        let (harness, source) = try await populated()
        let link = try await link(harness)
        await harness.runJobs()
        try await harness.update(source, "test_object_url_template") { $0.testObjectURLTemplate = "" }
        _ = try await harness.links().updateLink(
            UpdateLinkRequest(id: link.id, note: "x", updateMask: GoogleFieldMask(paths: ["note"])))
        await harness.runJobs()
        #expect(harness.sites.links.isEmpty)
    }

    @Test func `moved objects change the address, copies have their own, and a twin's goes`() async throws {
        let (harness, _) = try await populated()
        let moved = try await link(harness, "TC-1", key: "FK-1")
        let twin = try await link(harness, "TC-1", key: "FK-2")
        let kept = try await link(harness, "TC-2", key: "FK-2")
        await harness.runJobs()
        #expect(harness.sites.links.count == 3)
        _ = try await harness.links().moveObjectLinks(
            MoveObjectLinksRequest(
                sourceProjectID: "P1", sourceObject: ObjectRef(kind: "case", id: "TC-1"),
                targetObject: ObjectRef(kind: "case", id: "TC-2")))
        await harness.runJobs()
        #expect(harness.sites.links[moved.id]?.url == "https://tests.example.com/P1/case/TC-2")
        #expect(harness.sites.links[moved.id]?.title == "Test case TC-2")
        #expect(harness.sites.links[twin.id] == nil && harness.sites.links[kept.id] != nil)
        _ = try await harness.links().copyObjectLinks(
            CopyObjectLinksRequest(
                sourceProjectID: "P1", sourceObject: ObjectRef(kind: "case", id: "TC-2"),
                targetObject: ObjectRef(kind: "run", id: "R-1")))
        await harness.runJobs()
        #expect(harness.sites.links.count == 4)
        #expect(harness.sites.links.values.count { $0.title == "Test run R-1" } == 2)
        _ = try await harness.links(.projectAdmin).deleteObjectLinks(
            DeleteObjectLinksRequest(projectID: "P1", object: ObjectRef(kind: "run", id: "R-1")))
        _ = try await harness.links().batchDeleteLinks(
            BatchDeleteLinksRequest(projectID: "P1", ids: [moved.id]))
        await harness.runJobs()
        #expect(Array(harness.sites.links.keys) == [kept.id])
    }

    @Test(arguments: [
        ("case", "Test case X"), ("run", "Test run X"), ("session", "Test session X"),
        ("result", "Test result X"), ("milestone", "Milestone X"), ("suite_2", "Suite_2 X"),
    ])
    func `people read what kind of object it is`(kind: String, title: String) async throws {
        let (harness, _) = try await populated()
        var draft = ServiceHarness.draft("X", key: "FK-1", relation: "Relates to")
        draft.object?.kind = kind
        let link = try await harness.links().createLink(
            CreateLinkRequest(projectID: "P1", link: draft)
        ).link
        #expect(try await harness.backLink(link)?.title == title)
    }

    @Test func `a relation that gives way to another changes what back-links say`() async throws {
        let (harness, _) = try await populated()
        let bug = ExtRefMessages.Relation(name: "Bug", semanticType: .defect)
        let made = try await harness.admin().createRelation(CreateRelationRequest(relation: bug)).relation
        let link = try await link(harness, relation: "Bug")
        await harness.runJobs()
        let relations = try await harness.admin().listRelations(ListRelationsRequest()).relations
        let tests = try #require(relations.first { $0.name == "Tests" })
        _ = try await harness.admin().deleteRelation(
            DeleteRelationRequest(id: made?.id ?? "", replacementID: tests.id))
        await harness.runJobs()
        #expect(harness.sites.links[link.id]?.relationship == "Tested by")
    }

    @Test func `of two links that turn out to be one the other's back-link goes`() async throws {
        let (harness, _) = try await populated()
        let kept = try await link(harness, key: "FK-2")
        await harness.runJobs()
        harness.sites.breaking { $0.deed == .read || $0.deed == .putLink ? .answer(503, "") : nil }
        let pending = try await link(harness, key: "OLD-7")
        // The issue moved: the tracker answers to its old key with what it is now.
        let moved =
            "{\"id\":\"2\",\"key\":\"FK-2\",\"project\":\"FK\",\"title\":\"T\",\"description\":\"\","
            + "\"status\":\"New\",\"category\":\"todo\"}"
        harness.sites.breaking { $0.deed == .read ? .answer(200, moved) : nil }
        guard case .issue(let issue) = pending.target else { return }
        let answer = try await harness.links().refreshIssues(
            RefreshIssuesRequest(projectID: "P1", ids: [issue.id]))
        #expect(answer.results.first?.issue?.key == "FK-2")
        #expect(try await harness.storedLinks().map(\.link.id.rawValue) == [kept.id])
        harness.sites.breaking(nil)
        #expect(try await harness.runAllJobs() == 0)
        #expect(Array(harness.sites.links.keys) == [kept.id])
    }

    @Test func `an issue that is created gets its back-link as well`() async throws {
        let (harness, source) = try await populated()
        let answer = try await harness.links().createIssue(ServiceHarness.wish(source))
        #expect(
            try await harness.jobCount() == 2,
            "the wish's, which will find nothing to do, and the back-link's")
        #expect(try await harness.runAllJobs() == 0)
        #expect(harness.sites.links[answer.link?.id ?? ""] != nil)
    }

    @Test func `a deleted source is left alone`() async throws {
        let (harness, source) = try await populated()
        _ = try await link(harness)
        _ = try await harness.admin().deleteSource(DeleteSourceRequest(id: source.id, mode: .keepLinks))
        let calls = harness.sites.calls.count
        #expect(try await harness.runAllJobs() == 0)
        #expect(harness.sites.calls.count == calls)
    }
}
