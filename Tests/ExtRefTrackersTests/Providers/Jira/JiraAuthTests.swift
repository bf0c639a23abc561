// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct JiraAuthTests {
    private static let budget = Duration.seconds(5)
    private static let accept = HTTPField("Accept", "application/json")
    private static let gateway = "https://api.atlassian.com/ex/jira/" + JiraSamples.cloudID
    private static let site = "https://acme.atlassian.net"
    private static let client = ["client_id": "c-1", "cloud_id": JiraSamples.cloudID]
    private static let token = "{\"access_token\":\"AT\",\"refresh_token\":\"RT2\",\"expires_in\":3600}"

    /// What a method sends with a read: its headers but `Accept`, and where to.
    private func sent(_ source: TrackerSource) async -> (headers: [HTTPField], url: String)? {
        let play = JiraPlay(.init(404, [:], "{}"))
        _ = try? await play.runner.fetchIssue(
            IssueReference(key: "TES-1"), from: source, budget: Self.budget)
        return play.transport.sent.first.map { ($0.headers.filter { $0 != Self.accept }, $0.url) }
    }

    @Test(
        arguments: [
            // base64 of bot@example.net:SECRET-TOKEN
            (JiraSamples.cloudSource(), "Basic Ym90QGV4YW1wbGUubmV0OlNFQ1JFVC1UT0tFTg==", site),
            (
                JiraSamples.cloudSource(settings: [
                    "email": "bot@example.net", "cloud_id": JiraSamples.cloudID,
                ]),
                "Basic Ym90QGV4YW1wbGUubmV0OlNFQ1JFVC1UT0tFTg==", gateway
            ),
            (
                JiraSamples.cloudSource(settings: ["email": "bot@example.net", "cloud_id": "../x"]),
                "Basic Ym90QGV4YW1wbGUubmV0OlNFQ1JFVC1UT0tFTg==", site
            ),
            (
                JiraSamples.cloudSource(
                    method: .none, settings: ["cloud_id": JiraSamples.cloudID], secrets: [:]), nil, site
            ),
            (JiraSamples.dataCenterSource(), "Bearer SECRET-PAT", "https://jira.corp.example/jira"),
            (
                // base64 of böb:pa:ss
                JiraSamples.dataCenterSource(
                    method: .basic, settings: ["username": "böb"], secrets: ["password": "pa:ss"]),
                "Basic YsO2YjpwYTpzcw==", "https://jira.corp.example/jira"
            ),
            (
                JiraSamples.dataCenterSource(method: .none, secrets: [:]), nil,
                "https://jira.corp.example/jira"
            ),
        ] as [(TrackerSource, String?, String)])
    func `each way to authenticate sends its header and nothing else`(
        source: TrackerSource, value: String?, api: String
    ) async {
        let sent = await sent(source)
        #expect(sent?.headers == value.map { [HTTPField("Authorization", $0)] } ?? [])
        #expect(sent?.url.hasPrefix(api + "/rest/api/") == true)
    }

    @Test func `an address the admin chose wins over the gateway`() async {
        var source = JiraSamples.cloudSource(
            settings: ["email": "b@x.example", "cloud_id": JiraSamples.cloudID]
        ).source
        source.apiBaseURL = "https://proxy.example/jira/"
        let sent = await sent(TrackerSource(source, credential: TrackerCredential(["api_token": "t"])))
        #expect(sent?.url.hasPrefix("https://proxy.example/jira/rest/api/3/issue/TES-1?") == true)
    }

    @Test func `OAuth exchanges the refresh token as JSON and uses the gateway`() async throws {
        let play = JiraPlay(bodies: Self.token, JiraSamples.issue())
        let source = JiraSamples.cloudSource(
            method: .oauthRefresh, settings: Self.client,
            secrets: ["client_secret": "CS", "refresh_token": "RT1"])
        _ = try await play.runner.fetchIssue(
            IssueReference(key: "TES-41"), from: source, budget: Self.budget)
        #expect(
            play.asked[0]
                == "POST https://auth.atlassian.com/oauth/token {\"client_id\":\"c-1\","
                + "\"client_secret\":\"CS\","
                + "\"grant_type\":\"refresh_token\",\"refresh_token\":\"RT1\"}")
        #expect(play.asked[1].hasPrefix("GET \(Self.gateway)/rest/api/3/issue/TES-41?"))
        #expect(
            play.transport.sent[1].headers == [Self.accept, HTTPField("Authorization", "Bearer AT")])
        #expect(JiraSamples.cloud.rotatesRefreshToken(source.source))
    }

    @Test func `a service account asks for a token of its own`() async throws {
        let play = JiraPlay(bodies: Self.token, JiraSamples.issue())
        var settings = Self.client
        settings["token_url"] = "https://tokens.example/t"
        let source = JiraSamples.cloudSource(
            method: .clientCredentials, settings: settings, secrets: ["client_secret": "CS"])
        _ = try await play.runner.fetchIssue(
            IssueReference(key: "TES-41"), from: source, budget: Self.budget)
        #expect(
            play.asked[0]
                == "POST https://tokens.example/t {\"client_id\":\"c-1\",\"client_secret\":\"CS\","
                + "\"grant_type\":\"client_credentials\"}")
        #expect(play.asked[1].hasPrefix("GET \(Self.gateway)/rest/api/3/issue/TES-41?"))
        #expect(!JiraSamples.cloud.rotatesRefreshToken(source.source))
    }

    @Test func `people agree at Atlassian's page`() {
        let endpoints = JiraSamples.cloud.oauth(of: JiraSamples.cloudSource().source)
        #expect(endpoints.authorizeAddress == "https://auth.atlassian.com/authorize")
        #expect(endpoints.scopes.contains("offline_access") && endpoints.encoding == .json)
        #expect(
            endpoints.extraItems == [
                QueryItem("audience", "api.atlassian.com"), QueryItem("prompt", "consent"),
            ])
    }

    @Test(
        arguments: [
            JiraSamples.cloudSource(secrets: [:]), JiraSamples.dataCenterSource(secrets: [:]),
            JiraSamples.cloudSource(
                method: .oauthRefresh, settings: client, secrets: ["client_secret": "CS"]),
            JiraSamples.cloudSource(method: .clientCredentials, settings: client, secrets: [:]),
            JiraSamples.dataCenterSource(method: .basic, secrets: [:]),
        ])
    func `without its secret nothing is sent`(source: TrackerSource) async {
        let play = JiraPlay()
        let error = await #expect(throws: TrackerError.self) {
            try await play.runner.fetchIssue(
                IssueReference(key: "TES-1"), from: source, budget: Self.budget)
        }
        #expect(error?.code == .credentialsRejected && play.asked.isEmpty)
    }

    @Test(arguments: [
        ("11223344-a1b2-3c33-c444-def123456789", true), ("", true), ("a/b", false), ("..", false),
        ("a b", false),
        (String(repeating: "a", count: 65), false),
    ])
    func `a cloud id comes into an address, so it has to be sound`(id: String, isSound: Bool) {
        let source = JiraSamples.cloudSource(settings: ["email": "b@x.example", "cloud_id": id]).source
        let violations = JiraSamples.cloud.violations(of: source)
        #expect(violations.isEmpty == isSound)
        #expect(isSound || violations[0].field == "authentication.settings[cloud_id]")
    }

    @Test func `projects are named by their keys`() {
        var source = JiraSamples.dataCenterSource(projects: ["TES", "my project", "ops", "1X", ""]).source
        source.defaultExternalProject = "Test Project"
        #expect(
            JiraSamples.dataCenter.violations(of: source).map(\.field) == [
                "allowed_external_projects[1]", "allowed_external_projects[3]",
                "allowed_external_projects[4]",
                "default_external_project",
            ])
        #expect(JiraSamples.cloud.violations(of: JiraSamples.cloudSource(project: "").source).isEmpty)
    }

    @Test func `every field of every method can be explained to an admin`() {
        for tracker in [JiraSamples.cloud, JiraSamples.dataCenter] as [any JiraTracker] {
            for method in tracker.description.authenticationMethods {
                #expect(method.fields.allSatisfy { !$0.help.isEmpty && !$0.label.isEmpty })
                #expect(Set(method.fields.map(\.name)).count == method.fields.count)
                #expect(method.id == .none || method.helpURL.hasPrefix("https://"))
            }
        }
        let methods = JiraSamples.cloud.description.authenticationMethods
        let needsCloudID = { (id: AuthenticationMethodID) in
            methods.first { $0.id == id }?.fields.first { $0.name == "cloud_id" }?.isRequired
        }
        #expect(needsCloudID(.oauthRefresh) == true && needsCloudID(.clientCredentials) == true)
        #expect(needsCloudID(.emailAndToken) == false)
    }
}
