// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct GitLabBatchTests {
    private static func list(_ project: String, _ iids: String) -> String {
        let path = project.replacing("/", with: "%2F")
        let query = "iids=\(iids.replacing(",", with: "%2C"))&per_page=100&state=all"
        return "GET /api/v4/projects/\(path)/issues?\(query)"
    }

    private func references(_ keys: String...) -> [IssueReference] { keys.map { IssueReference(key: $0) } }

    @Test func `issues are asked for project by project`() async throws {
        let script = GitLabSamples.script([
            Self.list("team/app", "23,9,404"): .init(
                "[\(GitLabSamples.issue()),\(GitLabSamples.issue(id: 93, iid: 9))]"),
            Self.list("team/shop", "5"): .init(
                "[\(GitLabSamples.issue(id: 7, iid: 5, in: "team/shop")),{\"id\":\"broken\"}]"),
        ])
        let outcome = try await script.runner.fetchIssues(
            references("team/app#23", "team/shop#5", "team/app#9", "Team/App#404"),
            from: GitLabSamples.source(), budget: ForgeScript.budget)
        #expect(outcome.found.map(\.key) == ["team/app#23", "team/app#9", "team/shop#5"])
        #expect(outcome.notReturned == references("Team/App#404"))
        #expect(outcome.refused.isEmpty && outcome.failure == nil)
        #expect(script.lines == [Self.list("team/app", "23,9,404"), Self.list("team/shop", "5")])
    }

    @Test func `no call asks for more than GitLab's largest page`() {
        let many = (1...250).map { IssueReference(key: "team/app#\($0)") }
        let items = (1...25).map { IssueReference(key: "groups/team#\($0)") }
        #expect(GitLabTracker().batches(of: many + items).map(\.count) == [100, 100, 50, 10, 10, 5])
        #expect(GitLabTracker().batches(of: []).isEmpty)
    }

    @Test func `issues of a renamed project come back under their new keys`() async throws {
        let script = GitLabSamples.script([
            Self.list("team/old", "23,9"): .init(
                302, "", ["location": "https://gitlab.example.com/api/v4/projects/4/issues?iids=23"]),
            "GET /api/v4/projects/4/issues?iids=23": .init(
                "[\(GitLabSamples.issue()),\(GitLabSamples.issue(id: 93, iid: 9))]"),
        ])
        let outcome = try await script.runner.fetchIssues(
            [IssueReference(key: "team/old#23", nativeID: "92"), IssueReference(key: "team/old#9")],
            from: GitLabSamples.source(), budget: ForgeScript.budget)
        #expect(outcome.found.map(\.key) == ["team/app#23", "team/app#9"])
        #expect(outcome.found.map(\.previousKeys) == [["team/old#23"], ["team/old#9"]])
        #expect(outcome.notReturned.isEmpty)
    }

    @Test func `another issue under a known key gets no claim on it`() async throws {
        let script = GitLabSamples.script([
            Self.list("team/old", "23"): .init("[\(GitLabSamples.issue(id: 500))]")
        ])
        let known = IssueReference(key: "team/old#23", nativeID: "92")
        let outcome = try await script.runner.fetchIssues(
            [known], from: GitLabSamples.source(), budget: ForgeScript.budget)
        #expect(outcome.found.isEmpty && outcome.notReturned == [known])
    }

    @Test func `a moved issue is left to a single read, which follows it`() async throws {
        let body =
            "[\(GitLabSamples.issue(state: "closed", movedTo: 120)),\(GitLabSamples.issue(id: 93, iid: 9))]"
        let script = GitLabSamples.script([Self.list("team/app", "23,9"): .init(body)])
        let outcome = try await script.runner.fetchIssues(
            references("team/app#23", "team/app#9"), from: GitLabSamples.source(),
            budget: ForgeScript.budget)
        #expect(outcome.found.map(\.key) == ["team/app#9"])
        #expect(outcome.notReturned == references("team/app#23"))
    }

    @Test(arguments: [
        (404, "{\"message\":\"404 Project Not Found\"}", TrackerError.Code.notFound),
        (403, "{\"message\":\"403 Forbidden\"}", .permissionDenied),
    ])
    func `a hidden project does not end the reading of others`(
        status: Int, body: String, code: TrackerError.Code
    ) async throws {
        let script = GitLabSamples.script([
            Self.list("team/gone", "1"): .init(status, body),
            Self.list("team/app", "23"): .init("[\(GitLabSamples.issue())]"),
        ])
        let outcome = try await script.runner.fetchIssues(
            references("team/gone#1", "team/app#23"), from: GitLabSamples.source(),
            budget: ForgeScript.budget)
        #expect(outcome.found.map(\.key) == ["team/app#23"] && outcome.failure == nil)
        #expect(outcome.refused.mapValues(\.code) == [IssueReference(key: "team/gone#1"): code])
    }

    @Test(arguments: [
        (
            403, "{\"error\":\"insufficient_scope\",\"scope\":\"api read_api\"}", [:],
            TrackerError.Code.scopeMissing
        ),
        (403, "", ["retry-after": "30"], .rateLimited),
        (401, "{\"message\":\"401 Unauthorized\"}", [:], .credentialsRejected),
        (429, "Retry later", ["content-type": "text/plain"], .rateLimited),
    ])
    func `what concerns the whole source fails the call`(
        status: Int, body: String, headers: [String: String], code: TrackerError.Code
    ) async {
        let script = GitLabSamples.script([Self.list("team/app", "23"): .init(status, body, headers)])
        let error = await #expect(throws: TrackerError.self) {
            try await script.runner.fetchIssues(
                references("team/app#23"), from: GitLabSamples.source(), budget: ForgeScript.budget)
        }
        #expect(error?.code == code)
    }

    @Test func `what is no key is refused and disturbs nobody`() async throws {
        let script = GitLabSamples.script([
            Self.list("team/app", "23"): .init("[\(GitLabSamples.issue())]")
        ])
        let outcome = try await script.runner.fetchIssues(
            references("nonsense", "team/app#23"), from: GitLabSamples.source(),
            budget: ForgeScript.budget)
        #expect(outcome.refused.mapValues(\.code) == [IssueReference(key: "nonsense"): .invalidRequest])
        #expect(outcome.found.count == 1)
    }
}
