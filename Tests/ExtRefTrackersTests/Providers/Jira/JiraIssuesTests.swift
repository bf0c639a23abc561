// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct JiraIssuesTests {
    private static let budget = Duration.seconds(5)
    private static let fields =
        "summary%2Cstatus%2Cassignee%2Cpriority%2Cissuetype%2Clabels%2Ccreated%2Cupdated%2Cresolution%2Cresolutiondate"
    private static let fieldList =
        "\"fields\":[\"summary\",\"status\",\"assignee\",\"priority\",\"issuetype\",\"labels\",\"created\","
        + "\"updated\",\"resolution\",\"resolutiondate\"]"

    @Test func `an issue is read whole`() async throws {
        let play = JiraPlay(bodies: JiraSamples.issue())
        let outcome = try await play.runner.fetchIssue(
            IssueReference(key: "TES-41"), from: JiraSamples.cloudSource(), budget: Self.budget)
        guard case .fetched(let issue, _) = outcome else { return #expect(Bool(false)) }
        #expect(issue.nativeID == "10040" && issue.key == "TES-41" && issue.projectKey == "TES")
        #expect(issue.webURL == "https://acme.atlassian.net/browse/TES-41")
        #expect(issue.title == "Unit test summary" && issue.previousKeys.isEmpty)
        #expect(issue.statusName == "To Do" && issue.providerCategory == .todo && issue.resolution == nil)
        #expect(
            issue.assignees == [ExternalPerson(id: "5b10a2844c20165700ede21g", displayName: "Mia Krystof")])
        #expect(issue.priority == "High" && issue.type == "Story" && issue.labels == ["test-label"])
        #expect(issue.createdAt == Timestamp(milliseconds: 1_550_286_112_971))
        #expect(issue.updatedAt == Timestamp(milliseconds: 1_550_286_940_477) && issue.closedAt == nil)
        #expect(
            play.asked == [
                "GET https://acme.atlassian.net/rest/"
                    + "api/3/issue/TES-41?fields=\(Self.fields)&updateHistory=false"
            ])
    }

    @Test func `on Data Center people have a key, and version 2 is asked`() async throws {
        let play = JiraPlay(
            bodies: JiraSamples.issue("10300", "TES-4", ["assignee": JiraSamples.serverUser]))
        let outcome = try await play.runner.fetchIssue(
            IssueReference(key: "TES-4"), from: JiraSamples.dataCenterSource(), budget: Self.budget)
        guard case .fetched(let issue, _) = outcome else { return #expect(Bool(false)) }
        #expect(issue.assignees == [ExternalPerson(id: "JIRAUSER10100", displayName: "Mia Krystof")])
        #expect(issue.webURL == "https://jira.corp.example/jira/browse/TES-4")
        #expect(
            play.asked == [
                "GET https://jira.corp.example/jira/rest/"
                    + "api/2/issue/TES-4?fields=\(Self.fields)&updateHistory=false"
            ])
    }

    @Test(arguments: [JiraSamples.cloudSource(), JiraSamples.dataCenterSource()])
    func `a moved issue is asked for by its id and keeps the key it had`(source: TrackerSource) async throws {
        let play = JiraPlay(bodies: JiraSamples.issue("10040", "OPS-7"), JiraSamples.issue("10040", "OPS-7"))
        for reference in [IssueReference(key: "TES-41", nativeID: "10040"), IssueReference(key: "TES-41")] {
            let outcome = try await play.runner.fetchIssue(reference, from: source, budget: Self.budget)
            guard case .fetched(let issue, _) = outcome else { return #expect(Bool(false)) }
            #expect(issue.key == "OPS-7" && issue.projectKey == "OPS" && issue.previousKeys == ["TES-41"])
        }
        let names = play.transport.sent.map { $0.url.split(separator: "/").last?.prefix { $0 != "?" } }
        #expect(names == ["10040", "TES-41"])
    }

    @Test(arguments: [
        ("new", "null", StatusCategory.todo), ("indeterminate", "null", .inProgress), ("done", "null", .done),
        ("done", "{\"name\":\"Done\"}", .done), ("done", "{\"name\":\"Fixed\"}", .done),
        ("done", "{\"name\":\"Won't Do\"}", .canceled), ("done", "{\"name\":\"DUPLICATE\"}", .canceled),
        ("done", "{\"name\":\"Cannot Reproduce\"}", .canceled), ("done", "{\"name\":\"Erledigt\"}", .done),
        // A resolution left behind does not close what is open again.
        ("indeterminate", "{\"name\":\"Won't Do\"}", .inProgress), ("undefined", "null", .unknown),
        ("", "null", .unknown), ("Done", "null", .unknown),
    ])
    func `a status has its category`(key: String, resolution: String, category: StatusCategory) async throws {
        let body = JiraSamples.issue(
            "1", "TES-1",
            [
                "status": JiraSamples.status("Erledigt", key), "resolution": resolution,
                "resolutiondate": "\"2019-08-13T07:23:01.890+0800\"",
            ])
        let response = TrackerResponse(status: 200, body: Array(body.utf8))
        let issue = try JiraSamples.cloud.readIssue(response, of: JiraSamples.cloudSource())
        #expect(issue.providerCategory == category && issue.statusName == "Erledigt")
        #expect(issue.closedAt == (category.isClosed ? Timestamp(milliseconds: 1_565_652_181_890) : nil))
    }

    @Test func `a status without a category is not guessed`() throws {
        let body = JiraSamples.issue("1", "TES-1", ["status": "{\"name\":\"Closed\"}"])
        let response = TrackerResponse(status: 200, body: Array(body.utf8))
        let issue = try JiraSamples.cloud.readIssue(response, of: JiraSamples.cloudSource())
        #expect(issue.providerCategory == .unknown)
    }

    @Test func `Cloud reads a batch in its own call, by id where it is known`() async throws {
        let play = JiraPlay(
            bodies: JiraSamples.issues(
                JiraSamples.issue("10040", "OPS-7"), JiraSamples.issue("10041", "TES-42"),
                rest: ",\"issueErrors\":[{\"id\":\"10050\",\"errorMessage\":\"try again\"}]"))
        let references = [
            IssueReference(key: "TES-42"), IssueReference(key: "TES-41", nativeID: "10040"),
            IssueReference(key: "TES-99"), IssueReference(key: "no key"),
            IssueReference(key: "TES-50", nativeID: "x"),
        ]
        let outcome = try await play.runner.fetchIssues(
            references, from: JiraSamples.cloudSource(), budget: Self.budget)
        #expect(outcome.found.map(\.key) == ["OPS-7", "TES-42"])
        #expect(outcome.found[0].previousKeys == ["TES-41"] && outcome.found[1].previousKeys.isEmpty)
        #expect(outcome.notReturned.map(\.key) == ["TES-99", "no key", "TES-50"])
        #expect(
            play.asked == [
                "POST https://acme.atlassian.net/rest/api/3/issue/bulkfetch {\(Self.fieldList),"
                    + "\"fieldsByKeys\":false,\"issueIdsOrKeys\":[\"TES-42\",\"10040\",\"TES-99\",\"TES-50\"]}"
            ])
        #expect(play.transport.sent[0].headers.contains(HTTPField("Content-Type", "application/json")))
    }

    @Test func `Data Center searches for a batch, without a check that one bad key would fail`() async throws
    {
        let first = JiraSamples.issues(
            JiraSamples.issue("10040", "OPS-7"), rest: ",\"total\":2,\"startAt\":0")
        let second = JiraSamples.issues(
            JiraSamples.issue("10041", "TES-42"), rest: ",\"total\":2,\"startAt\":1")
        let play = JiraPlay(bodies: first, second)
        let references = [
            IssueReference(key: "TES-41", nativeID: "10040"), IssueReference(key: "TES-42"),
            IssueReference(key: "TES-99"), IssueReference(key: "no key"),
        ]
        let outcome = try await play.runner.fetchIssues(
            references, from: JiraSamples.dataCenterSource(), budget: Self.budget)
        #expect(
            outcome.found.map(\.key) == ["OPS-7", "TES-42"] && outcome.found[0].previousKeys == ["TES-41"])
        #expect(outcome.notReturned.map(\.key) == ["TES-99", "no key"])
        let jql = "id in (10040) OR key in (\\\"TES-42\\\", \\\"TES-99\\\") ORDER BY key ASC"
        #expect(
            play.asked
                == [0, 1].map {
                    "POST https://jira.corp.example/jira/rest/api/2/search {\(Self.fieldList),"
                        + "\"jql\":\"\(jql)\","
                        + "\"maxResults\":100,\"startAt\":\($0),\"validateQuery\":false}"
                })
        #expect(play.transport.sent[0].headers.contains(HTTPField("X-Atlassian-Token", "no-check")))
    }

    @Test(arguments: [JiraSamples.cloudSource(), JiraSamples.dataCenterSource()])
    func `a batch without any usable key asks nothing`(source: TrackerSource) async throws {
        let play = JiraPlay()
        let outcome = try await play.runner.fetchIssues(
            [IssueReference(key: "x"), IssueReference(key: "")], from: source, budget: Self.budget)
        #expect(outcome.notReturned.count == 2 && play.asked.isEmpty)
    }

    @Test(arguments: [
        // One left over on each side: they belong together.
        (["TES-41", "TES-42"], ["OPS-7": "10040", "TES-42": "10041"], "OPS-7", ["TES-41"]),
        // Two asked for and one answered: either may have moved.
        (["TES-41", "TES-43"], ["OPS-7": "10040"], "OPS-7", []),
        (["TES-41"], ["TES-41": "10040"], "TES-41", []),
    ])
    func `a batch by keys tells a moved issue where that is certain`(
        asked: [String], answered: [String: String], key: String, previous: [String]
    ) throws {
        let body =
            "{\"issues\":[\(answered.map { JiraSamples.issue($0.value, $0.key) }.joined(separator: ","))]}"
        let response = TrackerResponse(status: 200, body: Array(body.utf8))
        let call = try JiraSamples.cloud.fetchBatch(
            asked.map { IssueReference(key: $0) }, from: JiraSamples.cloudSource())
        guard case .send(_, let step) = call, case .done(let answer) = try step(response) else {
            return #expect(Bool(false))
        }
        #expect(answer.found.first { $0.key == key }?.previousKeys == previous)
    }

    @Test func `batches hold at most what Cloud accepts`() {
        let references = (1...201).map { IssueReference(key: "TES-\($0)") }
        #expect(JiraSamples.cloud.batches(of: references).map(\.count) == [100, 100, 1])
    }

    @Test(
        arguments: [
            (401, [:], "", TrackerError.Code.credentialsRejected),
            (401, ["x-seraph-loginreason": "AUTHENTICATED_FAILED"], "<html>", .credentialsRejected),
            // Gateway: a good token without the scope.
            (401, [:], "{\"code\":401,\"message\":\"Unauthorized; scope does not match\"}", .scopeMissing),
            (403, [:], "{}", .permissionDenied),
            (
                403, ["x-authentication-denied-reason": "CAPTCHA_CHALLENGE; login-url=https://x/login.jsp"],
                "",
                .credentialsRejected
            ),
            (403, ["x-seraph-loginreason": "AUTHENTICATION_DENIED"], "", .credentialsRejected),
            (403, [:], "Basic Authentication has been disabled on this instance.", .credentialsRejected),
            (403, [:], "Basic auth works, but this is not for you.", .permissionDenied),
            (404, [:], "{\"errorMessages\":[\"Issue does not exist\"]}", .notFound),
            // A token that ended: Cloud goes on as if nobody were logged in.
            (404, ["x-seraph-loginreason": "AUTHENTICATED_FAILED"], "{}", .credentialsRejected),
            (
                200, ["x-seraph-loginreason": "AUTHENTICATED_FAILED"], JiraSamples.issue(),
                .credentialsRejected
            ),
            (404, ["x-ausername": "anonymous"], "{}", .credentialsRejected),
            (200, ["x-ausername": "anonymous"], JiraSamples.issue(), .credentialsRejected),
            (400, [:], "{\"errorMessages\":[\"no\"],\"errors\":{}}", .invalidRequest),
            (410, [:], "{\"errorMessages\":[\"The requested API has been removed.\"]}", .apiGone),
            (429, ["retry-after": "7"], "", .rateLimited), (503, ["retry-after": "7"], "", .unavailable),
            (
                429, ["x-ratelimit-remaining": "0", "x-ratelimit-reset": "2026-11-22T09:47:54Z"], "",
                .rateLimited
            ),
            (200, ["content-type": "text/html"], "<html>", .credentialsRejected),
            (200, [:], "[]", .badResponse), (200, [:], JiraSamples.issue("0", "TES-1"), .badResponse),
            (200, [:], JiraSamples.issue("1", "../x"), .badResponse),
        ] as [(Int, [String: String], String, TrackerError.Code)])
    func `every refusal has one meaning`(
        status: Int, headers: [String: String], body: String, code: TrackerError.Code
    ) async {
        for source in [JiraSamples.cloudSource(), JiraSamples.dataCenterSource()] {
            let play = JiraPlay(.init(status, headers, body))
            let error = await #expect(throws: TrackerError.self) {
                try await play.runner.fetchIssue(
                    IssueReference(key: "TES-41"), from: source, budget: Self.budget)
            }
            #expect(error?.code == code)
            #expect(error?.retryAfter == (status == 429 || status == 503 ? .seconds(7) : nil))
        }
    }

    @Test func `who reads public issues is anonymous and may be`() async throws {
        let play = JiraPlay(
            .init(200, ["x-ausername": "anonymous"], JiraSamples.issue()),
            .init(404, ["x-ausername": "anonymous"], "{}"))
        let source = JiraSamples.dataCenterSource(method: .none, secrets: [:])
        let outcome = try await play.runner.fetchIssue(
            IssueReference(key: "TES-41"), from: source, budget: Self.budget)
        guard case .fetched(let issue, _) = outcome else { return #expect(Bool(false)) }
        #expect(issue.key == "TES-41")
        let error = await #expect(throws: TrackerError.self) {
            try await play.runner.fetchIssue(IssueReference(key: "TES-9"), from: source, budget: Self.budget)
        }
        #expect(error?.code == .notFound)
    }

    @Test func `what is no key is not asked for`() async {
        let play = JiraPlay()
        let error = await #expect(throws: TrackerError.self) {
            try await play.runner.fetchIssue(
                IssueReference(key: "TES/../1"), from: JiraSamples.cloudSource(), budget: Self.budget)
        }
        #expect(error?.code == .invalidRequest && play.asked.isEmpty)
    }
}
