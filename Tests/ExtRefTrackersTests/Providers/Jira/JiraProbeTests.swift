// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct JiraProbeTests {
    private static let cloudInfo =
        "{\"baseUrl\":\"https://acme.atlassian.net\",\"deploymentType\":\"Cloud\","
        + "\"version\":\"1001.0.0-SNAPSHOT\"}"
    private static let serverInfo =
        "{\"baseUrl\":\"https://jira.corp.example/jira\",\"deploymentType\":\"DataCenter\","
        + "\"version\":\"10.3.4\"}"

    private static func permission(_ name: String, _ hasIt: Bool = true) -> JiraPlay.Answer {
        .init(200, [:], "{\"permissions\":{\"\(name)\":{\"key\":\"\(name)\",\"havePermission\":\(hasIt)}}}")
    }

    private static func ok(_ body: String) -> JiraPlay.Answer { .init(200, [:], body) }
    private static let found = ok(JiraSamples.issues(JiraSamples.issue()))
    private static let create = permission("CREATE_ISSUES")
    private static let links = permission("LINK_ISSUES")

    private func step(_ name: ProbeStep.Name, _ report: ProbeReport) -> ProbeStep? {
        report.steps.first { $0.name == name }
    }

    @Test func `a good source passes all steps`() async {
        let play = JiraPlay(
            Self.ok(Self.cloudInfo), Self.ok(JiraSamples.user), Self.permission("BROWSE_PROJECTS"),
            Self.found,
            Self.create, Self.links)
        let report = await play.runner.testConnection(JiraSamples.cloudSource())
        #expect(report.isOK && report.identity == "Mia Krystof (mia@example.com)" && report.denied.isEmpty)
        for name in [ProbeStep.Name.auth, .identity, .read, .search, .create, .backLink] {
            #expect(step(name, report)?.verdict == .passed, "\(name)")
        }
        let api = "GET https://acme.atlassian.net/rest/api/3/"
        #expect(
            play.asked.filter { $0.hasPrefix("GET") } == [
                api + "serverInfo", api + "myself",
                api + "mypermissions?permissions=BROWSE_PROJECTS&projectKey=TES",
                api + "mypermissions?permissions=CREATE_ISSUES&projectKey=TES",
                api + "mypermissions?permissions=LINK_ISSUES&projectKey=TES",
            ])
        #expect(!"\(report)".contains("SECRET"))
        let haveCredentials = play.transport.sent.map { $0.headers.contains { $0.name == "Authorization" } }
        #expect(haveCredentials == [false, true, true, true, true, true])
    }

    @Test func `without a default project rights in any project count`() async {
        let play = JiraPlay(
            Self.ok(Self.serverInfo), Self.ok(JiraSamples.serverUser), Self.permission("BROWSE_PROJECTS"),
            Self.found, Self.create, Self.links)
        let report = await play.runner.testConnection(JiraSamples.dataCenterSource(project: ""))
        #expect(report.isOK && report.identity == "Mia Krystof (mia)")
        #expect(
            play.asked[2]
                == "GET https://jira.corp.example/jira/rest/api/2/mypermissions?permissions=BROWSE_PROJECTS")
    }

    @Test func `rights that are missing are named and taken from the capabilities`() async {
        let play = JiraPlay(
            Self.ok(Self.cloudInfo), Self.ok(JiraSamples.user), Self.permission("BROWSE_PROJECTS"),
            Self.ok(JiraSamples.issues()), Self.permission("CREATE_ISSUES", false),
            Self.ok("{\"permissions\":{}}"))
        let report = await play.runner.testConnection(JiraSamples.cloudSource())
        #expect(report.isOK && report.denied == [.create, .backLink])
        #expect(step(.search, report)?.verdict == .warning && step(.create, report)?.verdict == .warning)
        #expect(step(.backLink, report)?.advice.contains("Link Issues") == true)
    }

    @Test func `who may browse nothing cannot use the source`() async {
        let play = JiraPlay(
            Self.ok(Self.cloudInfo), Self.ok(JiraSamples.user), Self.permission("BROWSE_PROJECTS", false))
        let report = await play.runner.testConnection(JiraSamples.cloudSource())
        #expect(
            !report.isOK && report.failureClass == "permission" && step(.read, report)?.verdict == .failed)
    }

    @Test func `a default project that is not seen is said so`() async {
        let play = JiraPlay(
            Self.ok(Self.cloudInfo), Self.ok(JiraSamples.user),
            .init(404, [:], "{\"errorMessages\":[\"no\"]}"))
        let report = await play.runner.testConnection(JiraSamples.cloudSource())
        #expect(report.failureClass == "permission")
        #expect(step(.read, report)?.advice.contains("default project") == true)
    }

    @Test(arguments: [
        (JiraSamples.cloudSource(), 200, serverInfo, "choose the provider Jira Data Center"),
        (
            JiraSamples.cloudSource(), 200, "{\"deploymentType\":\"Server\",\"version\":\"9.12.0\"}",
            "choose the provider Jira Data Center"
        ),
        (JiraSamples.dataCenterSource(), 200, cloudInfo, "choose the provider Jira Cloud"),
        (JiraSamples.cloudSource(), 404, "{}", "choose the provider Jira Data Center"),
        (JiraSamples.dataCenterSource(), 404, "{}", "context path"),
    ])
    func `the wrong one of the two is told from the right one`(
        source: TrackerSource, status: Int, info: String, advice: String
    ) async {
        let play = JiraPlay(.init(status, [:], info))
        let report = await play.runner.testConnection(source)
        #expect(!report.isOK && report.failureClass == "format")
        #expect(step(.identity, report)?.advice.contains(advice) == true, "\(report)")
    }

    @Test(
        arguments: [
            .init(200, [:], "[]"), .init(200, [:], "{\"deploymentType\":7}"), .init(401), .init(403),
            .init(302, ["location": "https://login.example/"]),
            .init(200, ["content-type": "text/html"], "<html>"),
        ] as [JiraPlay.Answer])
    func `a server that does not say what it is is not judged by that`(info: JiraPlay.Answer) async {
        let play = JiraPlay(
            info, Self.ok(JiraSamples.serverUser), Self.permission("BROWSE_PROJECTS"), Self.found,
            Self.create, Self.links)
        #expect(await play.runner.testConnection(JiraSamples.dataCenterSource()).isOK)
    }

    @Test(
        arguments: [
            (JiraPlay.Answer(401, [:], ""), "auth"),
            (.init(200, ["x-ausername": "anonymous"], JiraSamples.serverUser), "auth"),
            (
                .init(403, ["x-authentication-denied-reason": "CAPTCHA_CHALLENGE; login-url=x"], "<html>"),
                "auth"
            ), (.init(200, [:], "{}"), "format"),
        ])
    func `a bad log-in fails the step it belongs to`(answer: JiraPlay.Answer, failureClass: String) async {
        let play = JiraPlay(Self.ok(Self.serverInfo), answer)
        let report = await play.runner.testConnection(JiraSamples.dataCenterSource())
        #expect(!report.isOK && report.failureClass == failureClass, "\(report)")
    }

    @Test func `an account that is not active is a warning`() async {
        let play = JiraPlay(
            Self.ok(Self.serverInfo), Self.ok(JiraSamples.serverUser.replacing("true", with: "false")),
            Self.permission("BROWSE_PROJECTS"), Self.found, Self.create, Self.links)
        let report = await play.runner.testConnection(JiraSamples.dataCenterSource())
        #expect(report.isOK && step(.identity, report)?.verdict == .warning)
    }

    @Test func `a public source has no identity`() async {
        let play = JiraPlay(
            Self.ok(Self.cloudInfo), Self.permission("BROWSE_PROJECTS"), Self.found,
            Self.permission("CREATE_ISSUES", false), Self.permission("LINK_ISSUES", false))
        let report = await play.runner.testConnection(
            JiraSamples.cloudSource(method: .none, settings: [:], secrets: [:]))
        #expect(report.isOK && report.identity.isEmpty && report.denied == [.create, .backLink])
        #expect(step(.auth, report)?.verdict == .skipped && step(.read, report)?.verdict == .passed)
    }

    @Test func `an API address of another site is found out`() async {
        let settings = ["email": "b@x.example", "cloud_id": JiraSamples.cloudID]
        let play = JiraPlay(
            Self.ok(Self.cloudInfo.replacing("acme", with: "other")), Self.ok(JiraSamples.user),
            Self.permission("BROWSE_PROJECTS"), Self.found, Self.create, Self.links)
        let report = await play.runner.testConnection(JiraSamples.cloudSource(settings: settings))
        #expect(report.isOK && step(.identity, report)?.verdict == .warning)
        #expect(step(.identity, report)?.advice.contains("https://other.atlassian.net,") == true)
    }

    @Test func `an OAuth grant tells its scopes`() async {
        let settings = ["client_id": "c-1", "cloud_id": JiraSamples.cloudID]
        let play = JiraPlay(
            Self.ok("{\"access_token\":\"AT\",\"expires_in\":3600}"), Self.ok(Self.cloudInfo),
            Self.ok(JiraSamples.user),
            Self.ok(
                "[{\"id\":\"other\"},{\"id\":\"\(JiraSamples.cloudID)\",\"scopes\":[\"read:jira-work\"]}]"),
            Self.permission("BROWSE_PROJECTS"), Self.found, Self.create, Self.links)
        let report = await play.runner.testConnection(
            JiraSamples.cloudSource(
                method: .oauthRefresh, settings: settings,
                secrets: ["client_secret": "SECRET", "refresh_token": "SECRET"]))
        #expect(report.isOK && report.scopes == ["read:jira-work"] && report.denied == [.create, .backLink])
        #expect(step(.identity, report)?.advice.contains("write:jira-work") == true)
        #expect(play.asked[3] == "GET https://api.atlassian.com/oauth/token/accessible-resources")
    }
}
