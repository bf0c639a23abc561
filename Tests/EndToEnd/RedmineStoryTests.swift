// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefMessages
import ExtRefSecurity
import ExtRefServer
import FoundationEssentials
import RPC
import RPCMessages
import Testing

/// The host application's own example, against a real Redmine (scripts/redmine), whose issues 1 to 5 it
/// expects.
@Suite(
    .enabled(if: RealRedmine.isExpected, "TEST_REDMINE_URL is not set; scripts/redmine starts a Redmine"))
struct RedmineStoryTests {
    @Test func `an admin configures our tracker and a tester links a test case by key with relation Defect`()
        async throws
    {
        try await Self.withServer { server in
            let (admin, tester) = (try server.admin(), try server.tester())
            let error = try await Refusal(.failedPrecondition, "NO_SOURCE_CONFIGURED").check {
                _ = try await tester.link(.key("1"))
            }
            #expect(error.message.contains("no integration source"))
            #expect(error.detail(GoogleRPCPreconditionFailure.self)?.violations.map(\.subject) == ["P1"])

            let source = try await admin.createCustomSource(try RealRedmine.source())
            let tested = try await admin.admin.testSourceConnection(
                TestSourceConnectionRequest(target: .id(source)))
            #expect(tested.report?.ok == true, "\(String(describing: tested.report))")

            let link = try await tester.link(.key("1", of: source))
            try Self.check(try link.issue())
            #expect(link.relation?.name == "Defect")
            #expect(link.relation?.semanticType == .defect)
            #expect(link.source?.displayName == "Our tracker")

            // From the cache: with the source disabled nobody can ask the tracker.
            _ = try await admin.admin.disableSource(DisableSourceRequest(id: source))
            let listed = try await tester.allLinks()
            #expect(listed.count == 1)
            try Self.check(try #require(listed.first).issue())
        }
    }

    @Test func `a pasted URL names the same issue as its key`() async throws {
        try await Self.withServer { server in
            let tester = try server.tester()
            let source = try await server.admin().createCustomSource(try RealRedmine.source())
            let byKey = try await tester.link(.key("#5", of: source))
            let url = try RealRedmine.value("TEST_REDMINE_URL") + "/issues/5?tab=history#note-1"
            let byURL = try await tester.link(.url(url, from: "TC-2"))
            #expect(try byURL.issue().id == byKey.issue().id)
            #expect(try byURL.issue().statusCategory == .inProgress)
        }
    }

    @Test func `what the tracker changed shows after a refresh`() async throws {
        try await Self.withServer { server in
            let tester = try server.tester()
            let source = try await server.admin().createCustomSource(try RealRedmine.source())
            let number = try await RealRedmine.createIssue(subject: "Refresh me")
            let link = try await tester.link(.key("\(number)", of: source))
            let before = try link.issue()
            #expect(before.statusCategory == .todo)
            #expect(before.assignees == [])
            try await RealRedmine.update(
                issue: number, #"{"issue": {"status_id": 5, "assigned_to_id": "me"}}"#)

            let cached = try await tester.links.getLink(GetLinkRequest(id: link.id))
            #expect(try cached.link?.issue().statusCategory == .todo)
            let refreshed = try await tester.links.refreshIssues(
                RefreshIssuesRequest(projectID: "P1", ids: [before.id]))
            let after = try #require(refreshed.results.first?.issue)
            #expect(after.status == "Closed")
            #expect(after.statusCategory == .done)
            #expect(after.assignees.count == 1)
            let listed = try #require(try await tester.allLinks().first)
            #expect(try listed.issue().statusCategory == .done)
        }
    }

    @Test func `an issue the tracker does not know is refused by name`() async throws {
        try await Self.withServer { server in
            let tester = try server.tester()
            let source = try await server.admin().createCustomSource(try RealRedmine.source())
            let error = try await #require(throws: RPCError.self) {
                try await tester.link(.key("999999", of: source))
            }
            #expect(error.reason == "TRACKER_ISSUE_NOT_FOUND")
            #expect(try await tester.allLinks().isEmpty)
        }
    }

    @Test func `a wrong API key fails the connection test at authentication`() async throws {
        try await Self.withServer { server in
            let admin = try server.admin()
            var wrong = try RealRedmine.source()
            wrong.authentication?.secrets = ["api_key": String(repeating: "0", count: 40)]
            let source = try await admin.createCustomSource(wrong)
            let tested = try await admin.admin.testSourceConnection(
                TestSourceConnectionRequest(target: .id(source)))
            #expect(tested.report?.ok == false)
            #expect(tested.report?.failureClass == "auth")
        }
    }

    /// Issue 1 as scripts/redmine seeds it.
    private static func check(_ issue: ExtRefMessages.Issue) throws {
        #expect(issue.key == "1")
        #expect(issue.title == "Checkout fails")
        #expect(issue.status == "New")
        #expect(issue.statusCategory == .todo)
        #expect(issue.assignees.map(\.displayName) == ["Bob Builder"])
        #expect(issue.reachability == .ok)
        #expect(issue.fetchTime != nil)
    }

    private static func withServer(_ body: (TestServer) async throws -> Void) async throws {
        let url = try #require(URL(string: RealRedmine.value("TEST_REDMINE_URL")))
        let host = "\(url.host() ?? ""):\(url.port ?? 80)"
        try await TestServer.with { settings in
            settings.egress.httpsOnly = false
            settings.egress.allow = [try EgressEntry(host)]
        } _: { server in
            try await body(server)
        }
    }
}

/// The Redmine of this run.
enum RealRedmine {
    private struct NotStarted: Error, CustomStringConvertible {
        let name: String
        var description: String { "\(name) is not set: start a Redmine with scripts/redmine" }
    }

    private struct Created: Decodable {
        struct Issue: Decodable { let id: Int }
        let issue: Issue
    }

    private static var environment: [String: String] { ProcessInfo.processInfo.environment }

    /// In CI the tests must run, so that a Redmine that did not start is a failure and not a silence.
    static var isExpected: Bool { environment["TEST_REDMINE_URL"] != nil || environment["CI"] == "true" }

    static func value(_ name: String) throws -> String {
        guard let value = environment[name], !value.isEmpty else { throw NotStarted(name: name) }
        return value
    }

    /// "Our tracker", as an admin would describe it.
    static func source() throws -> Source {
        var source = Source(
            owner: Owner(owner: .tenant(true)), provider: "redmine", displayName: "Our tracker",
            baseURL: try value("TEST_REDMINE_URL"),
            authentication: Authentication(
                method: "api_key", secrets: ["api_key": try value("TEST_REDMINE_KEY")]))
        source.availability = Availability(allProjects: true)
        return source
    }

    /// Creates an issue in the project "demo" and answers its number.
    static func createIssue(subject: String) async throws -> Int {
        let body = #"{"issue": {"project_id": "demo", "subject": "\#(subject)"}}"#
        let response = try await send(.post, "/issues.json", body)
        return try JSONDecoder().decode(Created.self, from: Data(response.body)).issue.id
    }

    /// Changes an issue.
    static func update(issue number: Int, _ body: String) async throws {
        _ = try await send(.put, "/issues/\(number).json", body)
    }

    private static func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: String
    ) async throws -> HTTPResponse {
        var egress = EgressConfiguration()
        egress.httpsOnly = false
        let url = try value("TEST_REDMINE_URL")
        egress.allow = [try EgressEntry(String(url.dropFirst("http://".count)))]
        let client = HTTPClient(egress: OperatorEgressPolicy(egress))
        defer { client.shutDown() }
        let headers = [
            HTTPField("X-Redmine-API-Key", try value("TEST_REDMINE_KEY")),
            HTTPField("Content-Type", "application/json"),
        ]
        let request = HTTPRequest(method, url + path, headers: headers, body: Array(body.utf8))
        let response = try await client.send(request)
        try #require((200..<300).contains(response.status), "\(method) \(path): \(response.status)")
        return response
    }
}
