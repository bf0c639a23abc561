// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct ForgejoIssueTests {
    private static let line = "GET /api/v1/repos/team/app/issues/23"

    @Test func `an issue is read whole`() async throws {
        let script = ForgejoSamples.script([
            "GET /api/v1/repos/example/example/issues/1": .init(ForgejoSamples.issue)
        ])
        let issue = try await script.fetch("example/example#1", ForgejoSamples.source())
        #expect(issue?.nativeID == "1" && issue?.key == "example/example#1")
        #expect(issue?.projectKey == "example/example" && issue?.previousKeys == [])
        #expect(issue?.webURL == "https://git.example.com/example/example/issues/1")
        #expect(issue?.title == "example" && issue?.statusName == "open" && issue?.type == nil)
        #expect(issue?.providerCategory == .todo && issue?.closedAt == nil && issue?.labels == ["bug"])
        #expect(
            issue?.assignees == [
                ExternalPerson(id: "1", displayName: "example"),
                ExternalPerson(id: "2", displayName: "Bob B."),
            ])
        // The server writes its own zone.
        #expect(issue?.updatedAt == TrackerDate.parse("2022-03-09T07:21:23Z"))
        #expect(
            script.transport.sent.map(\.headers) == [
                [HTTPField("Accept", "application/json"), HTTPField("Authorization", "token TOKEN")]
            ])
        #expect(script.transport.sent[0].method == .get && script.transport.sent[0].body == nil)
    }

    @Test(arguments: [
        ("https://codeberg.org", "", "https://codeberg.org/api/v1"),
        ("https://git.corp.example/forge", "", "https://git.corp.example/forge/api/v1"),
        ("https://codeberg.org", "https://gate.example/v1/", "https://gate.example/v1"),
    ])
    func `requests go below the API address`(base: String, api: String, expected: String) async {
        let transport = FakeTransport(404)
        var source = ForgejoSamples.source(base, method: .none).source
        source.apiBaseURL = api
        let runner = ForgeScript.runner(of: ForgejoTracker(), transport)
        _ = try? await runner.fetchIssue(
            IssueReference(key: "a/b#7"), from: TrackerSource(source), budget: ForgeScript.budget)
        #expect(transport.sent.map(\.url) == [expected + "/repos/a/b/issues/7"])
        #expect(transport.sent.map(\.headers) == [[HTTPField("Accept", "application/json")]])
    }

    @Test(
        arguments: [
            ("open", "null", "open", .todo), ("closed", "null", "closed", .done),
            ("open", "{\"merged\":false}", "open", .inProgress),
            ("open", "{\"merged\":false,\"draft\":true}", "draft", .inProgress),
            ("closed", "{\"merged\":true,\"draft\":false}", "merged", .done),
            ("closed", "{\"merged\":false,\"draft\":true}", "closed", .canceled),
            ("closed", "{}", "closed", .canceled), ("strange", "null", "strange", .unknown),
            ("", "{\"merged\":false}", "", .unknown),
        ] as [(String, String, String, StatusCategory)])
    func `a state has its category`(
        state: String, pull: String, name: String, category: StatusCategory
    ) async throws {
        let script = ForgejoSamples.script([
            Self.line: .init(ForgejoSamples.issue(state: state, pull: pull))
        ])
        let issue = try await script.fetch("team/app#23", ForgejoSamples.source())
        #expect(issue?.statusName == name && issue?.providerCategory == category)
        #expect((issue?.closedAt != nil) == (state == "closed") && issue?.assignees == [])
        #expect(issue?.type == (pull == "null" ? nil : "Pull request"))
    }

    @Test func `a renamed repository leads to the issue's new key`() async throws {
        let script = ForgejoSamples.script([
            Self.line: .init(307, "", ["location": "/api/v1/repos/team/shop/issues/23"]),
            "GET /api/v1/repos/team/shop/issues/23": .init(ForgejoSamples.issue(in: "team/shop")),
        ])
        let issue = try await script.fetch("team/app#23", nativeID: "92", ForgejoSamples.source())
        #expect(issue?.key == "team/shop#23" && issue?.previousKeys == ["team/app#23"])
        #expect(issue?.nativeID == "92" && issue?.formerNativeID == nil)
    }

    @Test(arguments: [
        ("\"html_url\":\"http://inner.example/team/shop/pulls/23\"", "team/shop#23"),
        ("\"html_url\":\"http://inner.example/team/shop/pulls/24\"", "team/app#23"),
        ("\"repository\":{\"full_name\":\"team/../x\"}", "team/app#23"),
        ("\"repository\":null", "team/app#23"),
        ("\"repository\":{\"full_name\":\"team/shop\"}", "team/shop#23"),
    ])
    func `the key is what the answer can prove`(field: String, key: String) async throws {
        let body = "{\"id\":92,\"number\":23,\"title\":\" \",\"state\":\"open\",\(field)}"
        let script = ForgejoSamples.script([Self.line: .init(body)])
        let issue = try await script.fetch("team/app#23", ForgejoSamples.source())
        #expect(issue?.key == key && issue?.title == key)
    }

    @Test(arguments: [ForgejoSamples.issue(number: 24), ForgejoSamples.issue(id: 0), "[]", "{}"])
    func `an answer about something else is refused`(body: String) async {
        let script = ForgejoSamples.script([Self.line: .init(body)])
        let error = await #expect(throws: TrackerError.self) {
            try await script.fetch("team/app#23", ForgejoSamples.source())
        }
        #expect(error?.code == .badResponse)
    }

    @Test func `many issues are read one by one, and a missing one is told apart`() async throws {
        let script = ForgejoSamples.script([
            Self.line: .init(ForgejoSamples.issue()),
            "GET /api/v1/repos/team/app/issues/404": .init(404, "{\"message\":\"not found\"}"),
        ])
        let missing = IssueReference(key: "team/app#404")
        let outcome = try await script.runner.fetchIssues(
            [IssueReference(key: "team/app#23"), missing], from: ForgejoSamples.source(),
            budget: ForgeScript.budget)
        #expect(outcome.found.map(\.key) == ["team/app#23"])
        #expect(outcome.refused.mapValues(\.code) == [missing: .notFound])
    }

    @Test(
        arguments: [
            (401, "{\"message\":\"token is required\"}", [:], .credentialsRejected),
            (
                403, "{\"message\":\"token does not have at least one of required scope(s): [read:issue]\"}",
                [:],
                .scopeMissing
            ),
            (403, "{\"message\":\"user should have access\"}", [:], .permissionDenied),
            (403, "", [:], .permissionDenied),
            (404, "{\"message\":\"not found\",\"errors\":[\"does not exist\"]}", [:], .notFound),
            (423, "{\"message\":\"repo is archived\"}", [:], .permissionDenied),
            (422, "{\"message\":\"[]: odd\"}", [:], .invalidRequest), (412, "", [:], .invalidRequest),
            (429, "", ["retry-after": "9"], .rateLimited), (500, "", [:], .unavailable),
            (303, "", ["location": "/user/login"], .credentialsRejected),
            (200, "<html>", ["content-type": "text/html"], .credentialsRejected),
        ] as [(Int, String, [String: String], TrackerError.Code)])
    func `each dialect of failure has its class`(
        status: Int, body: String, headers: [String: String], code: TrackerError.Code
    ) async {
        let script = ForgejoSamples.script([Self.line: .init(status, body, headers)])
        let error = await #expect(throws: TrackerError.self) {
            try await script.fetch("team/app#23", ForgejoSamples.source())
        }
        #expect(error?.code == code && error?.message.hasSuffix(".") == true)
    }

    @Test func `without a token nothing is sent`() async {
        let script = ForgejoSamples.script([:])
        let error = await #expect(throws: TrackerError.self) {
            try await script.fetch("team/app#23", ForgejoSamples.source(token: ""))
        }
        #expect(error?.code == .credentialsRejected && script.lines.isEmpty)
    }

    @Test func `settings name repositories`() {
        var source = ForgejoSamples.source(project: "app").source
        source.allowedExternalProjects = ["team/app", "team", "team/app/x"]
        #expect(
            ForgejoTracker().violations(of: source).map(\.field) == [
                "allowed_external_projects[1]", "allowed_external_projects[2]", "default_external_project",
            ])
    }
}
