// SPDX-License-Identifier: Apache-2.0

import ExtRefMessages
import RPC
import Testing

@Suite struct LinkCreationTests {
    @Test func linkingNeedsASourceFirst() async throws {
        let harness = try ServiceHarness()
        let error = await failure { try await harness.link() }
        #expect(error?.code == .failedPrecondition)
        #expect(error?.reason == "NO_SOURCE_CONFIGURED")
        #expect(error?.message.contains("AdminService.CreateSource") == true)
    }

    @Test func theReplyAndTheListShowTheIssueFromTheCache() async throws {
        let harness = try ServiceHarness()
        try await harness.addRedmine()
        harness.redmine.set(1, .init(status: "In Progress", assignee: "Bob Builder"))
        let created = try await harness.link()
        guard case .issue(let issue) = created.link?.target else {
            Testing.Issue.record("the link shows no issue")
            return
        }
        #expect(issue.title == "Checkout fails")
        #expect(issue.status == "In Progress")
        #expect(issue.assignees.map(\.displayName) == ["Bob Builder"])
        #expect(created.link?.relation?.semanticType == .defect)
        let calls = harness.redmine.requests.count
        let listed = try await harness.links().listLinks(ListLinksRequest(projectID: "P1"))
        #expect(listed.links == [created.link])
        #expect(harness.redmine.requests.count == calls, "a list asks no tracker")
    }

    @Test func theSameLinkAgainIsTheLinkThereIs() async throws {
        let harness = try ServiceHarness()
        try await harness.addRedmine()
        harness.redmine.set(1, .init())
        let first = try await harness.link()
        let second = try await harness.link()
        #expect(!first.existed && second.existed)
        #expect(first.link?.id == second.link?.id)
        let other = try await harness.link(relation: "Relates to")
        #expect(other.link?.id != first.link?.id)
    }

    @Test func aSlowTrackerLeavesAPendingLinkThatIsNotShownAsClosed() async throws {
        let harness = try ServiceHarness()
        try await harness.addRedmine()
        harness.redmine.answer(503)
        let created = try await harness.link()
        guard case .issue(let issue) = created.link?.target else {
            Testing.Issue.record("the link shows no issue")
            return
        }
        #expect(issue.reachability == .pending)
        #expect(issue.statusCategory == .unspecified)
        #expect(issue.errorReason == "TRACKER_UNAVAILABLE")
        harness.redmine.answer(nil)
        harness.redmine.set(1, .init(subject: "Now read"))
        let refreshed = try await harness.links().refreshIssues(
            RefreshIssuesRequest(projectID: "P1", ids: [issue.id]))
        #expect(refreshed.results.first?.issue?.title == "Now read")
        #expect(refreshed.results.first?.issue?.reachability == .ok)
        #expect(refreshed.results.first?.issue?.errorReason == "")
    }

    @Test func anIssueTheTrackerDoesNotKnowIsRefused() async throws {
        let harness = try ServiceHarness()
        try await harness.addRedmine()
        let error = await failure { try await harness.link(key: "404") }
        #expect(error?.code == .notFound)
        #expect(error?.reason == "TRACKER_ISSUE_NOT_FOUND")
    }

    @Test func anExternalProjectOutsideTheListIsRefused() async throws {
        let harness = try ServiceHarness()
        try await harness.addRedmine { $0.allowedExternalProjects = ["2"] }
        harness.redmine.set(1, .init())
        let error = await failure { try await harness.link() }
        #expect(error?.code == .failedPrecondition)
        #expect(error?.reason == "EXTERNAL_PROJECT_NOT_ALLOWED")
    }

    @Test func aRepeatWithTheSameRequestIDGetsTheFirstAnswer() async throws {
        let harness = try ServiceHarness()
        try await harness.addRedmine()
        harness.redmine.set(1, .init())
        let answers = try await withThrowingTaskGroup(of: CreateLinkResponse.self) { group in
            for _ in 0..<100 { group.addTask { try await harness.link(requestID: "6b1f") } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(answers).count == 1)
        #expect(try await harness.links().listLinks(ListLinksRequest(projectID: "P1")).links.count == 1)
        let error = await failure { try await harness.link(note: "other", requestID: "6b1f") }
        #expect(error?.code == .invalidArgument)
        #expect(error?.reason == "REQUEST_ID_REUSED")
        #expect(error?.fields == ["request_id"])
    }

    @Test func aRequestIDIsForgottenAfterADay() async throws {
        let harness = try ServiceHarness()
        try await harness.addRedmine()
        harness.redmine.set(1, .init())
        _ = try await harness.link(requestID: "6b1f")
        harness.advance(.seconds(23 * 3_600))
        let reused = await failure { try await harness.link(note: "x", requestID: "6b1f") }
        #expect(reused?.reason == "REQUEST_ID_REUSED")
        harness.advance(.seconds(2 * 3_600))
        _ = try await harness.link("TC-2", requestID: "7c2a")
        _ = try await harness.link("TC-3", note: "x", requestID: "6b1f")
    }

    @Test func aRehearsalChangesNothing() async throws {
        let harness = try ServiceHarness()
        try await harness.addRedmine()
        harness.redmine.set(1, .init())
        var request = CreateLinkRequest(projectID: "P1", link: ServiceHarness.draft())
        request.validateOnly = true
        let rehearsed = try await harness.links().createLink(request)
        #expect(rehearsed.link?.relation?.name == "Defect")
        #expect(try await harness.links().listLinks(ListLinksRequest(projectID: "P1")).links.isEmpty)
    }

    @Test func aBatchOfAThousandHasAVerdictForEach() async throws {
        let harness = try ServiceHarness()
        try await harness.addRedmine()
        for id in 1...50 { harness.redmine.set(id, .init(subject: "Issue \(id)")) }
        var drafts = (0..<1_000).map { ServiceHarness.draft("TC-\($0)", key: String($0 % 50 + 1)) }
        drafts[7].object?.kind = "BAD KIND"
        drafts[8].relationName = "No such relation"
        let request = BatchCreateLinksRequest(projectID: "P1", links: drafts)
        let response = try await harness.links().batchCreateLinks(request)
        #expect(response.results.count == 1_000)
        #expect(response.createdCount == 998)
        guard case .error(let kind) = response.results[7].outcome,
            case .error(let relation) = response.results[8].outcome
        else {
            Testing.Issue.record("items 7 and 8 must fail")
            return
        }
        #expect(kind.field == "links[7].object.kind")
        #expect(relation.reason == "RELATION_NOT_FOUND")
        #expect(harness.redmine.requests.count == 1, "50 issues are one batch")
    }

    @Test func anAtomicBatchIsAllOrNothing() async throws {
        let harness = try ServiceHarness()
        try await harness.addRedmine()
        harness.redmine.set(1, .init())
        var drafts = (0..<10).map { ServiceHarness.draft("TC-\($0)") }
        drafts[3].note = String(repeating: "x", count: 2_001)
        let error = await failure {
            try await harness.links().batchCreateLinks(
                BatchCreateLinksRequest(projectID: "P1", links: drafts, atomic: true))
        }
        #expect(error?.code == .invalidArgument)
        #expect(error?.fields == ["links[3].note"])
        #expect(try await harness.links().listLinks(ListLinksRequest(projectID: "P1")).links.isEmpty)
    }
}
