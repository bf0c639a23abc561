// SPDX-License-Identifier: Apache-2.0

import ExtRefMessages
import RPC
import Testing

/// Who may do what, on the rows that the permission table alone cannot decide.
@Suite struct AccessTests {
    @Test(arguments: [TestCaller.tester, .reader, .projectAdmin, .otherProjectAdmin])
    func onlyTenantAdminsCreateForTheTenant(_ who: TestCaller) async throws {
        let harness = try ServiceHarness()
        let error = await failure {
            try await harness.admin(who).createSource(
                CreateSourceRequest(
                    source: Source(provider: "custom", displayName: "X", baseURL: "https://x.example")))
        }
        #expect(error?.code == .permissionDenied)
    }

    @Test func aProjectAdminCreatesForTheirOwnProjectOnly() async throws {
        let harness = try ServiceHarness()
        var source = Source(provider: "custom", displayName: "Mine", baseURL: "https://x.example")
        source.keyPattern = "[A-Z]+-[0-9]+"
        source.issueURLTemplate = "{baseUrl}/{key}"
        source.owner = Owner(owner: .projectID("P1"))
        let made = try await harness.admin(.projectAdmin).createSource(CreateSourceRequest(source: source))
        source.owner = Owner(owner: .projectID("P2"))
        let error = await failure {
            try await harness.admin(.projectAdmin).createSource(CreateSourceRequest(source: source))
        }
        #expect(error?.code == .permissionDenied)
        let foreign = await failure {
            try await harness.admin(.otherProjectAdmin).getSource(GetSourceRequest(id: made.source?.id ?? ""))
        }
        #expect(foreign?.code == .notFound)
    }

    @Test func anotherTenantSeesNothingAndCannotTell() async throws {
        let harness = try ServiceHarness()
        let source = try await harness.addRedmine()
        harness.redmine.set(1, .init())
        let link = try await harness.link().link
        let real = await failure {
            try await harness.links(.otherTenantAdmin).getLink(GetLinkRequest(id: link?.id ?? ""))
        }
        let random = await failure {
            try await harness.links(.otherTenantAdmin).getLink(
                GetLinkRequest(id: "lnk_00000000000000000000000000"))
        }
        #expect(real?.code == .notFound && random?.code == .notFound)
        #expect(real?.reason == random?.reason)
        let foreign = await failure {
            try await harness.admin(.otherTenantAdmin).deleteSource(DeleteSourceRequest(id: source.id))
        }
        #expect(foreign?.code == .notFound)
        #expect(
            try await harness.links(.otherTenantAdmin).listLinks(ListLinksRequest(projectID: "P1")).links
                .isEmpty)
    }

    @Test(arguments: [TestCaller.reader, .otherProjectAdmin])
    func linkingNeedsTheLinkRoleInThatProject(_ who: TestCaller) async throws {
        let harness = try ServiceHarness()
        try await harness.addRedmine()
        #expect(await failure { try await harness.link(as: who) }?.code == .permissionDenied)
    }

    @Test func othersLinksAreChangedByAdminsOnly() async throws {
        let harness = try ServiceHarness()
        try await harness.addRedmine()
        harness.redmine.set(1, .init())
        let id = try await harness.link().link?.id ?? ""
        let request = DeleteLinkRequest(id: id)
        #expect(
            await failure { try await harness.links(.otherTester).deleteLink(request) }?.code
                == .permissionDenied)
        #expect(
            await failure { try await harness.links(.reader).deleteLink(request) }?.code == .permissionDenied)
        _ = try await harness.links(.projectAdmin).deleteLink(request)
        #expect(
            await failure { try await harness.links().getLink(GetLinkRequest(id: id)) }?.code == .notFound)
    }

    @Test func aPageTokenOfAnotherCallerIsRefused() async throws {
        let harness = try ServiceHarness()
        try await harness.addRedmine()
        harness.redmine.set(1, .init())
        for object in ["A", "B", "C"] { _ = try await harness.link(object) }
        var request = ListLinksRequest(projectID: "P1", pageSize: 2)
        let first = try await harness.links().listLinks(request)
        request.pageToken = first.nextPageToken
        let second = try await harness.links().listLinks(request)
        #expect(first.links.count == 2 && second.links.count == 1 && second.nextPageToken.isEmpty)
        let error = await failure { try await harness.links(.otherTester).listLinks(request) }
        #expect(error?.code == .invalidArgument && error?.reason == "PAGE_TOKEN_INVALID")
        request.sourceID = "src_00000000000000000000000000"
        #expect(
            await failure { try await harness.links().listLinks(request) }?.reason == "PAGE_TOKEN_INVALID")
    }

    @Test func anIssueIsVisibleOnlyThroughALinkInAProjectOfTheCaller() async throws {
        let harness = try ServiceHarness()
        try await harness.addRedmine()
        harness.redmine.set(1, .init())
        guard case .issue(let issue) = try await harness.link().link?.target else {
            Testing.Issue.record("no issue")
            return
        }
        let request = GetIssueRequest(id: issue.id)
        #expect(try await harness.links(.reader).getIssue(request).issue?.key == "1")
        #expect(
            await failure { try await harness.links(.otherProjectAdmin).getIssue(request) }?.code == .notFound
        )
    }
}
