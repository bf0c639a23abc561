// SPDX-License-Identifier: Apache-2.0

import ExtRefMessages
import RPC
import RPCMessages
import Testing

/// What becomes of links after they were made.
@Suite struct LinkLifeTests {
    /// A project with one source, three issues and links to the first two.
    private func populated() async throws -> ServiceHarness {
        let harness = try ServiceHarness()
        try await harness.addRedmine()
        harness.redmine.set(1, .init(subject: "Open defect"))
        harness.redmine.set(2, .init(subject: "Closed defect", status: "Closed", isClosed: true))
        harness.redmine.set(3, .init(subject: "Story"))
        _ = try await harness.link("TC-1", key: "1")
        _ = try await harness.link("TC-2", key: "2")
        _ = try await harness.link("TC-3", key: "3", relation: "Relates to")
        return harness
    }

    @Test func theCloseGuardNamesWhatHasNoOpenDefect() async throws {
        let harness = try await populated()
        var request = FindObjectsWithLinksRequest(
            projectID: "P1", objectKind: "case", objectIds: ["TC-4", "TC-3", "TC-2", "TC-1"])
        let any = try await harness.links().findObjectsWithLinks(request)
        #expect(any.missingIds == ["TC-4", "TC-3"] && any.linkedIds == ["TC-2", "TC-1"])
        request.openOnly = true
        let open = try await harness.links().findObjectsWithLinks(request)
        #expect(open.missingIds == ["TC-4", "TC-3", "TC-2"])
    }

    @Test func aSummaryCountsIssuesOnceAndUnknownAsOpen() async throws {
        let harness = try await populated()
        _ = try await harness.link("TC-9", key: "1")
        let summary = try await harness.links().summarizeLinks(SummarizeLinksRequest(projectID: "P1"))
        #expect(summary.linkCount == 4 && summary.issueCount == 3)
        #expect(summary.defectCount == 2 && summary.openDefectCount == 1)
        #expect(summary.byStatusCategory == ["todo": 3, "done": 1])
        #expect(summary.byRelation.values.reduce(0, +) == 4 && summary.bySource.count == 1)
    }

    @Test func badgesComeInOneCallAndCountWhatAnObjectHolds() async throws {
        let harness = try await populated()
        var draft = ServiceHarness.draft("R-1", key: "1")
        draft.object?.kind = "result"
        draft.ancestors = [ObjectRef(kind: "run", id: "RUN-1")]
        _ = try await harness.links().createLink(CreateLinkRequest(projectID: "P1", link: draft))
        let calls = harness.redmine.requests.count
        let answer = try await harness.links().batchListObjectLinks(
            BatchListObjectLinksRequest(
                projectID: "P1",
                objects: [ObjectRef(kind: "run", id: "RUN-1"), ObjectRef(kind: "case", id: "TC-2")],
                includeDescendants: true))
        #expect(answer.objects.map(\.totalCount) == [1, 1])
        #expect(answer.objects.map(\.openDefectCount) == [1, 0])
        #expect(harness.redmine.requests.count == calls)
    }

    @Test func movingKeepsTheUnionWithoutDuplicates() async throws {
        let harness = try await populated()
        _ = try await harness.link("TC-2", key: "1")
        let moved = try await harness.links().moveObjectLinks(
            MoveObjectLinksRequest(
                sourceProjectID: "P1", sourceObject: ObjectRef(kind: "case", id: "TC-1"),
                targetObject: ObjectRef(kind: "case", id: "TC-2")))
        #expect(moved.linkCount == 0 && moved.existedCount == 1)
        let copied = try await harness.links().copyObjectLinks(
            CopyObjectLinksRequest(
                sourceProjectID: "P1", sourceObject: ObjectRef(kind: "case", id: "TC-2"),
                targetObject: ObjectRef(kind: "case", id: "TC-8")))
        #expect(copied.linkCount == 2 && copied.existedCount == 0)
    }

    @Test func anExportImportsIntoAnotherTenantByName() async throws {
        let harness = try await populated()
        _ = try await harness.links().createLink(
            CreateLinkRequest(
                projectID: "P1",
                link: LinkDraft(
                    object: ObjectRef(kind: "case", id: "TC-5"),
                    target: LinkTarget(target: .bareURL("https://wiki.example.com/x")), relationName: "Tests")
            ))
        let exported = try await harness.links().exportLinks(ExportLinksRequest(projectID: "P1")).links
        #expect(exported.count == 4)
        let other = try ServiceHarness()
        try await other.addRedmine()
        let calls = other.redmine.requests.count
        let imported = try await other.links().importLinks(
            ImportLinksRequest(projectID: "P1", links: exported))
        #expect(imported.createdCount == 4)
        #expect(other.redmine.requests.count == calls, "an import asks no tracker")
        #expect(try await other.links().exportLinks(ExportLinksRequest(projectID: "P1")).links == exported)
    }

    @Test func deletingAnObjectDeletesItsLinksAndLeavesTheIssue() async throws {
        let harness = try await populated()
        let answer = try await harness.links(.projectAdmin).deleteObjectLinks(
            DeleteObjectLinksRequest(projectID: "P1", object: ObjectRef(kind: "case", id: "TC-1")))
        #expect(answer.linkCount == 1)
        #expect(try await harness.links().listLinks(ListLinksRequest(projectID: "P1")).links.count == 2)
    }

    @Test func anEditNeedsTheCurrentVersion() async throws {
        let harness = try await populated()
        let link = try #require(
            try await harness.links().listLinks(ListLinksRequest(projectID: "P1")).links.first)
        var request = UpdateLinkRequest(
            id: link.id, note: "flaky", updateMask: GoogleFieldMask(paths: ["note"]), etag: link.etag)
        let updated = try await harness.links().updateLink(request)
        #expect(updated.link?.note == "flaky" && updated.link?.etag != link.etag)
        #expect(await failure { try await harness.links().updateLink(request) }?.code == .aborted)
        request.etag = "nonsense"
        #expect(await failure { try await harness.links().updateLink(request) }?.fields == ["etag"])
    }

    @Test func aRefreshShowsWhatChangedAndOneFailureStaysAlone() async throws {
        let harness = try await populated()
        let issues = try await harness.links().listIssues(ListIssuesRequest(projectID: "P1")).issues
            .compactMap(\.issue)
        harness.redmine.set(1, .init(subject: "Open defect", status: "Resolved", assignee: "Bob"))
        harness.redmine.set(2, nil)
        harness.advance(.seconds(60))
        let answer = try await harness.links().refreshIssues(
            RefreshIssuesRequest(projectID: "P1", ids: issues.map(\.id)))
        let byKey = Dictionary(
            uniqueKeysWithValues: answer.results.compactMap { result in result.issue.map { ($0.key, result) }
            })
        #expect(byKey["1"]?.issue?.status == "Resolved")
        #expect(byKey["1"]?.issue?.assignees.map(\.displayName) == ["Bob"])
        #expect(byKey["2"]?.error?.reason == "TRACKER_ISSUE_NOT_FOUND")
        #expect(byKey["2"]?.issue?.title == "Closed defect", "the last good state stays")
        #expect(byKey["3"]?.error == nil)
    }

    @Test func maxAgeZeroAsksTheTrackerAndNoMaxAgeDoesNot() async throws {
        let harness = try await populated()
        let link = try #require(
            try await harness.links().listLinks(ListLinksRequest(projectID: "P1")).links.first)
        let calls = harness.redmine.requests.count
        _ = try await harness.links().getLink(GetLinkRequest(id: link.id))
        #expect(harness.redmine.requests.count == calls)
        harness.redmine.set(1, .init(subject: "Renamed"))
        harness.advance(.seconds(5))
        let fresh = try await harness.links().getLink(
            GetLinkRequest(id: link.id, maxAge: GoogleDuration(seconds: 0)))
        guard case .issue(let issue) = fresh.link?.target else {
            Testing.Issue.record("no issue")
            return
        }
        #expect(issue.title == "Renamed" && !issue.stale)
    }

    @Test func aReferenceIsResolvedWithoutStoringAnything() async throws {
        let harness = try await populated()
        let answer = try await harness.links().resolveReference(
            ResolveReferenceRequest(
                projectID: "P1", text: "https://redmine.example.com/issues/3#note-2", preview: true))
        #expect(answer.candidates.map(\.key) == ["3"])
        #expect(answer.candidates.first?.issue?.title == "Story")
        let none = try await harness.links().resolveReference(
            ResolveReferenceRequest(projectID: "P1", text: "https://elsewhere.example.com/issues/3"))
        #expect(none.candidates.isEmpty && none.explanation.contains("no source"))
    }

    @Test func freeTextYieldsCandidatesAndCreatesNothing() async throws {
        let harness = try await populated()
        let text =
            "Failed, see https://redmine.example.com/issues/3 and https://redmine.example.com/issues/1."
        let answer = try await harness.links().extractReferences(
            ExtractReferencesRequest(projectID: "P1", text: text))
        #expect(answer.candidates.map(\.key) == ["3", "1"])
        #expect(try await harness.links().listLinks(ListLinksRequest(projectID: "P1")).links.count == 3)
    }
}
