// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Synchronization
import TrackerConformance

@testable import ExtRefTrackers

/// Sources and answers that the tests of both kinds of Jira start from.
///
/// Answers are cut from the examples in Atlassian's description of the Cloud interface and from deliveries
/// recorded by mattermost-plugin-jira (both Apache-2.0), with people and hosts replaced.
enum JiraSamples {
    static let cloud = JiraCloudTracker()
    static let dataCenter = JiraDataCenterTracker()
    static let registry = TrackerRegistry([cloud, dataCenter])
    static let cloudID = "11223344-a1b2-3c33-c444-def123456789"
    static let marker = CreationMarker(
        text: "extref-01jd0000000000000000000000", uuid: "0190d000-0000-4000-8000-000000000000")
    static let startedAt = Timestamp(seconds: 1_795_340_867)

    static func cloudSource(
        _ name: String = "cloud", _ baseURL: String = "https://acme.atlassian.net",
        method: AuthenticationMethodID = .emailAndToken,
        settings: [String: String] = ["email": "bot@example.net"],
        secrets: [String: String] = ["api_token": "SECRET-TOKEN"], projects: [String] = [],
        project: String = "TES"
    ) -> TrackerSource {
        var source = Samples.source(name, .jiraCloud, baseURL)
        source.authenticationMethod = method
        source.authenticationSettings = settings
        source.allowedExternalProjects = projects
        source.defaultExternalProject = project
        return TrackerSource(source, credential: TrackerCredential(secrets))
    }

    static func dataCenterSource(
        _ name: String = "dc", _ baseURL: String = "https://jira.corp.example/jira",
        method: AuthenticationMethodID = .accessToken, settings: [String: String] = [:],
        secrets: [String: String] = ["token": "SECRET-PAT"], projects: [String] = [], project: String = "TES"
    ) -> TrackerSource {
        var source = Samples.source(name, .jiraDataCenter, baseURL)
        source.authenticationMethod = method
        source.authenticationSettings = settings
        source.allowedExternalProjects = projects
        source.defaultExternalProject = project
        return TrackerSource(source, credential: TrackerCredential(secrets))
    }

    static func tracker(of source: TrackerSource) -> any JiraTracker {
        source.source.providerID == .jiraCloud ? cloud : dataCenter
    }

    static let user = """
        {"accountId":"5b10a2844c20165700ede21g","accountType":"atlassian","active":true,\
        "displayName":"Mia Krystof","emailAddress":"mia@example.com","key":"","name":"",\
        "timeZone":"Australia/Sydney"}
        """
    static let serverUser = """
        {"self":"https://jira.corp.example/jira/rest/api/2/user?username=mia","name":"mia",\
        "key":"JIRAUSER10100",\
        "displayName":"Mia Krystof","active":true}
        """

    /// An issue; `fields` overrides or adds, each value as JSON.
    static func issue(
        _ id: String = "10040", _ key: String = "TES-41", _ fields: [String: String] = [:]
    ) -> String {
        let own = [
            "summary": "\"Unit test summary\"",
            "status": status("To Do", "new"), "assignee": user,
            "priority": "{\"name\":\"High\",\"id\":\"2\"}",
            "issuetype": "{\"id\":\"10001\",\"name\":\"Story\",\"subtask\":false}",
            "labels": "[\"test-label\"]",
            "created": "\"2019-02-15T19:01:52.971-0800\"", "updated": "\"2019-02-15T19:15:40.477-0800\"",
            "resolution": "null", "resolutiondate": "null",
        ]
        let all = own.merging(fields) { $1 }.sorted { $0.key < $1.key }
        return
            "{\"id\":\"\(id)\",\"self\":\"https://acme.atlassian.net/rest/api/3/issue/\(id)\","
            + "\"key\":\"\(key)\","
            + "\"fields\":{\(all.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ","))}}"
    }

    static func status(_ name: String, _ category: String) -> String {
        "{\"id\":\"10001\",\"name\":\"\(name)\",\"statusCategory\":{\"id\":2,\"key\":\"\(category)\",\"name\":\"x\"}}"
    }

    static func issues(_ issues: String..., rest: String = "") -> String {
        "{\"issues\":[\(issues.joined(separator: ","))]\(rest)}"
    }

    /// A document whose only paragraph holds a text, as version 3 shows descriptions.
    static func document(_ text: String) -> String {
        "{\"type\":\"doc\",\"version\":1,\"content\":[{\"type\":\"paragraph\",\"content\":[{\"type\":\"text\","
            + "\"text\":\"\(text)\"}]}]}"
    }

    static let types = """
        {"issueTypes":[{"id":"5","name":"Sub-task","subtask":true},{"id":"1","name":"Bug","subtask":false},\
        {"id":"2","name":"Task","subtask":false}],"maxResults":200,"startAt":0,"total":3}
        """
    static let fields = """
        {"fields":[\
        {"fieldId":"project","key":"project","name":"Project","required":true,"hasDefaultValue":false,\
        "operations":["set"],\
        "schema":{"type":"project","system":"project"}},\
        {"fieldId":"components","key":"components","name":"Components","required":false,\
        "hasDefaultValue":false,\
        "operations":["add"],"schema":{"type":"array","items":"component","system":"components"},\
        "allowedValues":[{"id":"10000","name":"Shop"},{"id":"10001","name":"Search"}]},\
        {"fieldId":"summary","key":"summary","name":"Summary","required":true,"hasDefaultValue":false,\
        "operations":["set"],"schema":{"type":"string","system":"summary"}},\
        {"fieldId":"priority","key":"priority","name":"Priority","required":true,"hasDefaultValue":true,\
        "operations":["set"],"schema":{"type":"priority","system":"priority"},"defaultValue":{"id":"3",\
        "name":"Medium"},\
        "allowedValues":[{"id":"2","name":"High"},{"id":"3","name":"Medium"}]},\
        {"fieldId":"description","key":"description","name":"Description","required":false,\
        "hasDefaultValue":false,\
        "operations":["set"],"schema":{"type":"string","system":"description"}},\
        {"fieldId":"customfield_10031","key":"customfield_10031","name":"Severity","required":true,\
        "hasDefaultValue":false,"operations":["set"],"schema":{"type":"option","custom":"com.x:select",\
        "customId":10031},\
        "allowedValues":[{"id":"10201","value":"Critical"},{"id":"10202","value":"Minor"}]},\
        {"fieldId":"customfield_10040","key":"customfield_10040","name":"Place","required":false,\
        "hasDefaultValue":false,\
        "operations":["set"],"schema":{"type":"option-with-child","custom":"com.x:cascadingselect",\
        "customId":10040},\
        "allowedValues":[{"id":"10","value":"Europe","children":[{"id":"11","value":"Bern"}]}]},\
        {"fieldId":"customfield_10050","key":"customfield_10050","name":"Steps","required":false,\
        "hasDefaultValue":false,\
        "operations":["set"],"schema":{"type":"string","custom":"com.x:textarea","customId":10050}},\
        {"fieldId":"customfield_10060","key":"customfield_10060","name":"Points","required":false,\
        "hasDefaultValue":false,"operations":["set"],"schema":{"type":"number","custom":"com.x:float"}},\
        {"fieldId":"customfield_10070","key":"customfield_10070","name":"Seen at","required":false,\
        "hasDefaultValue":false,"operations":["set"],"schema":{"type":"datetime","custom":"com.x:datetime"}},\
        {"fieldId":"customfield_10080","key":"customfield_10080","name":"Teams","required":false,\
        "hasDefaultValue":false,"operations":["set"],"schema":{"type":"array","items":"group",\
        "custom":"com.x:multi"}},\
        {"fieldId":"customfield_10090","key":"customfield_10090","name":"Sprint","required":false,\
        "hasDefaultValue":false,"operations":["set"],"schema":{"type":"array","items":"json",\
        "custom":"com.x:sprint"}},\
        {"fieldId":"customfield_10091","key":"customfield_10091","name":"Squad","required":true,\
        "hasDefaultValue":false,"operations":["set"],"schema":{"type":"team","custom":"com.x:team"}},\
        {"fieldId":"labels","key":"labels","name":"Labels","required":false,"hasDefaultValue":false,\
        "operations":["add"],"schema":{"type":"array","items":"string","system":"labels"}},\
        {"fieldId":"duedate","key":"duedate","name":"Due date","required":false,"hasDefaultValue":false,\
        "operations":["set"],"schema":{"type":"date","system":"duedate"}},\
        {"fieldId":"assignee","key":"assignee","name":"Assignee","required":false,"hasDefaultValue":false,\
        "operations":["set"],"schema":{"type":"user","system":"assignee"}},\
        {"fieldId":"parent","key":"parent","name":"Parent","required":false,"hasDefaultValue":false,\
        "operations":["set"],"schema":{"type":"issuelink","system":"parent"}},\
        {"fieldId":"attachment","key":"attachment","name":"Attachment","required":false,\
        "hasDefaultValue":false,\
        "operations":[],"schema":{"type":"array","items":"attachment","system":"attachment"}}\
        ],"maxResults":200,"startAt":0,"total":17}
        """
    static let created =
        "{\"id\":\"10040\",\"key\":\"TES-41\",\"self\":\"https://acme.atlassian.net/rest/api/3/issue/10040\"}"
    static let remoteLink =
        "{\"id\":10000,\"self\":\"https://acme.atlassian.net/rest/api/issue/MKY-1/remotelink/10000\"}"

    static func newIssue(_ fields: [String: String], type: String = "1", project: String = "TES") -> NewIssue
    {
        NewIssue(project: project, type: type, fields: fields, marker: marker, startedAt: startedAt)
    }
}

/// A Jira whose answers are written down: plays them one after the other and keeps what it was asked.
struct JiraPlay {
    struct Answer: Sendable {
        var status = 200
        var headers: [String: String] = [:]
        var body = ""

        init(_ status: Int = 200, _ headers: [String: String] = [:], _ body: String = "") {
            self.status = status
            self.headers = headers
            self.body = body
        }
    }

    let transport: FakeTransport
    let runner: TrackerRunner

    init(_ answers: Answer...) { self.init(answers) }

    /// Answers of status 200.
    init(bodies first: String, _ rest: String...) {
        self.init(([first] + rest).map { Answer(200, [:], $0) })
    }

    private init(_ answers: [Answer]) {
        let count = Counter()
        transport = FakeTransport { _ throws(HTTPError) in
            let index = count.increment() - 1
            guard answers.indices.contains(index) else {
                throw HTTPError(.connect, at: .connect, "nothing more was written down")
            }
            let answer = answers[index]
            return HTTPResponse(
                status: answer.status, headers: answer.headers.map { HTTPField($0.key, $0.value) },
                body: Array(answer.body.utf8))
        }
        runner = TrackerRunner(
            registry: JiraSamples.registry, transport: transport, clock: ManualClock(),
            wallClock: { JiraSamples.startedAt })
    }

    /// Runs an operation as a source's own.
    func run<Value>(
        _ source: TrackerSource,
        _ begin: (any JiraTracker, TrackerSource) throws(TrackerError) -> TrackerCall<Value>
    ) async throws(TrackerError) -> Value {
        let tracker = JiraSamples.tracker(of: source)
        return try await runner.run(try begin(tracker, source), with: source, reading: tracker)
    }

    /// Every request: method, address and body.
    var asked: [String] {
        transport.sent.map { request in
            let body = request.body.map { " " + String(decoding: $0, as: UTF8.self) } ?? ""
            return "\(request.method.rawValue) \(request.url)\(body)"
        }
    }
}

extension TrackerError {
    /// The faults as lines.
    var faultLines: [String] { fieldFaults.map { "\($0.field): \($0.description)" } }
}
