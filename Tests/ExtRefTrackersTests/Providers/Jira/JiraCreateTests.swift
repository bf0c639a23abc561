// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct JiraFormTests {
    private func form(
        _ play: JiraPlay, _ source: TrackerSource, type: String = ""
    ) async throws(TrackerError) -> IssueForm {
        try await play.run(source) { (tracker, source) throws(TrackerError) in
            try tracker.form(project: "tes", type: type, in: source)
        }
    }

    @Test func `a form names types and fields, title and description first`() async throws {
        let play = JiraPlay(bodies: JiraSamples.types, JiraSamples.fields)
        let form = try await form(play, JiraSamples.cloudSource())
        #expect(form.types.map(\.label) == ["Bug", "Task", "Sub-task"])
        #expect(form.createURL == "https://acme.atlassian.net/secure/CreateIssue!default.jspa")
        let lines = form.fields.map { "\($0.name) \($0.kind.rawValue)\($0.isRequired ? " required" : "")" }
        #expect(
            lines == [
                "title text required", "description multiline", "components multi_choice", "priority choice",
                "customfield_10031 choice required", "customfield_10040 choice",
                "customfield_10050 multiline",
                "customfield_10060 number", "customfield_10070 date", "customfield_10080 multi_choice",
                "customfield_10091 text required", "labels multi_choice", "duedate date", "assignee person",
                "parent text",
            ])
        let priority = form.fields.first { $0.name == "priority" }
        #expect(priority?.defaultValue == "3" && priority?.choices.map(\.label) == ["High", "Medium"])
        let place = form.fields.first { $0.name == "customfield_10040" }
        #expect(place?.choices.map(\.id) == ["10", "10:11"])
        #expect(place?.choices.map(\.label) == ["Europe", "Europe / Bern"])
        let base = "GET https://acme.atlassian.net/rest/api/3/issue/createmeta/TES/issuetypes"
        #expect(
            play.asked == ["?startAt=0&maxResults=200", "/1?startAt=0&maxResults=200"].map { base + $0 })
    }

    @Test func `Data Center calls its lists otherwise, and pages are put together`() async throws {
        let play = JiraPlay(
            bodies:
                "{\"total\":3,\"values\":[{\"id\":\"1\",\"name\":\"Bug\"},{\"id\":\"x\",\"name\":\"Broken\"}]}",
            "{\"total\":3,\"values\":[{\"id\":\"2\",\"name\":\"Task\"}]}",
            JiraSamples.fields.replacing("\"fields\":[", with: "\"values\":["))
        let form = try await form(play, JiraSamples.dataCenterSource(), type: "2")
        #expect(form.types.map(\.id) == ["1", "2"] && form.fields.count == 15)
        let base = "GET https://jira.corp.example/jira/rest/api/2/issue/createmeta/TES/issuetypes"
        #expect(
            play.asked
                == ["?startAt=0&maxResults=200", "?startAt=2&maxResults=200", "/2?startAt=0&maxResults=200"]
                .map {
                    base + $0
                })
    }

    @Test func `an unknown type is refused by name`() async {
        let play = JiraPlay(bodies: JiraSamples.types)
        let error = await #expect(throws: TrackerError.self) {
            try await form(play, JiraSamples.cloudSource(), type: "9")
        }
        #expect(error?.code == .invalidRequest && error?.fieldFaults.map(\.field) == ["type"])
    }

    @Test func `a project without types is one where nothing may be created`() async {
        let play = JiraPlay(bodies: "{\"issueTypes\":[],\"total\":0}")
        let error = await #expect(throws: TrackerError.self) {
            try await form(play, JiraSamples.cloudSource())
        }
        #expect(error?.code == .permissionDenied)
    }

    @Test func `pages end somewhere`() async throws {
        let page = "{\"total\":99999,\"issueTypes\":[{\"id\":\"1\",\"name\":\"Bug\"}]}"
        let play = JiraPlay(bodies: page, page, page, page, page, JiraSamples.fields)
        _ = try await form(play, JiraSamples.cloudSource())
        #expect(play.asked.count == JiraLimits.formPagesMax + 1)
    }
}

@Suite struct JiraCreateTests {
    private func create(
        _ play: JiraPlay, _ source: TrackerSource, _ issue: NewIssue
    ) async throws(TrackerError) -> IssueSnapshot {
        try await play.run(source) { (tracker, source) throws(TrackerError) in
            try tracker.create(issue, in: source)
        }
    }

    private static let everything = [
        "title": "Checkout\nfails", "description": "one\ntwo\n\n \nthree", "components": "10000,10001",
        "priority": "2", "customfield_10031": "10201", "customfield_10040": "10:11", "customfield_10050": "a",
        "customfield_10060": "1.5", "customfield_10070": "2026-11-22", "customfield_10080": "devs",
        "customfield_10091": "t-1", "labels": "shop, checkout", "duedate": "2026-12-01", "assignee": "5b10a",
        "parent": "tes-1",
    ]

    @Test func `Cloud takes documents, and every field in its shape`() async throws {
        let play = JiraPlay(
            .init(200, [:], JiraSamples.fields), .init(201, [:], JiraSamples.created),
            .init(200, [:], JiraSamples.issue()))
        let issue = try await create(play, JiraSamples.cloudSource(), JiraSamples.newIssue(Self.everything))
        #expect(issue.key == "TES-41" && issue.statusName == "To Do" && issue.previousKeys.isEmpty)
        let paragraph = { (text: String) in
            "{\"content\":[{\"text\":\"\(text)\",\"type\":\"text\"}],\"type\":\"paragraph\"}"
        }
        let description =
            "{\"content\":[{\"content\":[{\"text\":\"one\",\"type\":\"text\"},{\"type\":\"hardBreak\"},"
            + "{\"text\":\"two\",\"type\":\"text\"}],\"type\":\"paragraph\"},\(paragraph("three")),"
            + "\(paragraph(JiraSamples.marker.text))],\"type\":\"doc\",\"version\":1}"
        let fields = [
            "\"assignee\":{\"id\":\"5b10a\"}", "\"components\":[{\"id\":\"10000\"},{\"id\":\"10001\"}]",
            "\"customfield_10031\":{\"id\":\"10201\"}",
            "\"customfield_10040\":{\"child\":{\"id\":\"11\"},\"id\":\"10\"}",
            "\"customfield_10050\":{\"content\":[\(paragraph("a"))],\"type\":\"doc\",\"version\":1}",
            "\"customfield_10060\":1.5", "\"customfield_10070\":\"2026-11-22T00:00:00.000+0000\"",
            "\"customfield_10080\":[\"devs\"]", "\"customfield_10091\":\"t-1\"",
            "\"description\":\(description)",
            "\"duedate\":\"2026-12-01\"", "\"issuetype\":{\"id\":\"1\"}",
            "\"labels\":[\"shop\",\"checkout\"]",
            "\"parent\":{\"key\":\"TES-1\"}", "\"priority\":{\"id\":\"2\"}", "\"project\":{\"key\":\"TES\"}",
            "\"summary\":\"Checkout fails\"",
        ]
        #expect(play.asked.count == 3)
        #expect(
            play.asked[1]
                == "POST https://acme.atlassian.net/rest/"
                + "api/3/issue {\"fields\":{\(fields.joined(separator: ","))}}"
        )
        #expect(play.asked[2].hasPrefix("GET https://acme.atlassian.net/rest/api/3/issue/10040?"))
    }

    @Test func `Data Center takes plain texts and names`() async throws {
        let play = JiraPlay(
            .init(200, [:], JiraSamples.fields), .init(201, [:], JiraSamples.created),
            .init(200, [:], JiraSamples.issue()))
        let fields = [
            "title": "t", "description": "one\ntwo", "assignee": "mia", "customfield_10080": "devs",
            "customfield_10050": "a",
        ]
        _ = try await create(play, JiraSamples.dataCenterSource(), JiraSamples.newIssue(fields))
        #expect(
            play.asked[1]
                == "POST https://jira.corp.example/jira/rest/"
                + "api/2/issue {\"fields\":{\"assignee\":{\"name\":\"mia\"},"
                + "\"customfield_10050\":\"a\",\"customfield_10080\":[{\"name\":\"devs\"}],"
                + "\"description\":\"one\\ntwo\\n\\n\(JiraSamples.marker.text)\",\"issuetype\":{\"id\":\"1\"},"
                + "\"project\":{\"key\":\"TES\"},\"summary\":\"t\"}}")
    }

    @Test func `without a type the project's first is taken`() async throws {
        let play = JiraPlay(
            bodies: JiraSamples.types, JiraSamples.fields, JiraSamples.created, JiraSamples.issue())
        _ = try await create(
            play, JiraSamples.cloudSource(), JiraSamples.newIssue(["title": "t"], type: "", project: ""))
        #expect(play.asked[2].contains("\"issuetype\":{\"id\":\"1\"},\"project\":{\"key\":\"TES\"}"))
    }

    @Test func `what cannot be sent is refused before anything is sent`() async {
        let play = JiraPlay(bodies: JiraSamples.fields)
        let fields = ["title": "t", "nonsense": "1", "customfield_10060": "many", "parent": "x"]
        let error = await #expect(throws: TrackerError.self) {
            try await create(play, JiraSamples.cloudSource(), JiraSamples.newIssue(fields))
        }
        #expect(error?.code == .invalidRequest && play.asked.count == 1)
        #expect(error?.fieldFaults.map(\.field) == ["customfield_10060", "nonsense", "parent"])
    }

    @Test func `Jira's complaints come with the names of the form`() async {
        let refusal = """
            {"errorMessages":["Please\\u001b[31m give a root cause"],\
            "errors":{"summary":"You must specify a summary.",\
            "customfield_10031":"Severity is required.","../x":"odd"},"httpStatusCode":{"empty":false}}
            """
        let play = JiraPlay(.init(200, [:], JiraSamples.fields), .init(400, [:], refusal))
        let error = await #expect(throws: TrackerError.self) {
            try await create(play, JiraSamples.cloudSource(), JiraSamples.newIssue(["title": "t"]))
        }
        #expect(error?.code == .invalidRequest && error?.message == "Jira refuses the request (HTTP 400).")
        #expect(
            error?.faultLines == [
                "fields: odd", "customfield_10031: Severity is required.",
                "title: You must specify a summary.",
                "fields: Please give a root cause",
            ])
    }

    private static func fields(_ ids: String...) -> String {
        let fields = ids.map {
            "{\"fieldId\":\"\($0)\",\"name\":\"\($0)\",\"required\":false,\"schema\":{\"type\":"
                + ($0 == "labels" ? "\"array\",\"items\":\"string\"}}" : "\"string\",\"system\":\"\($0)\"}}")
        }
        return "{\"fields\":[\(fields.joined(separator: ","))],\"total\":\(ids.count)}"
    }

    @Test func `without a description the marker becomes a label`() async throws {
        let play = JiraPlay(
            bodies: Self.fields("summary", "labels"), JiraSamples.created, JiraSamples.issue())
        _ = try await create(
            play, JiraSamples.cloudSource(), JiraSamples.newIssue(["title": "t", "labels": "a"]))
        #expect(play.asked[1].contains("\"labels\":[\"a\",\"\(JiraSamples.marker.text)\"]"))
        #expect(!play.asked[1].contains("description"))
    }

    @Test func `an issue that could not be found again is not created`() async {
        let play = JiraPlay(bodies: Self.fields("summary"))
        let error = await #expect(throws: TrackerError.self) {
            try await create(play, JiraSamples.cloudSource(), JiraSamples.newIssue(["title": "t"]))
        }
        #expect(error?.code == .invalidRequest && play.asked.count == 1)
    }

    @Test func `who may create but not see gets what is known`() async throws {
        let play = JiraPlay(
            .init(200, [:], JiraSamples.fields), .init(201, [:], JiraSamples.created), .init(404, [:], "{}"))
        let issue = try await create(
            play, JiraSamples.cloudSource(), JiraSamples.newIssue(["title": "Fails"]))
        #expect(issue.key == "TES-41" && issue.nativeID == "10040" && issue.title == "Fails")
        #expect(issue.providerCategory == .unknown && issue.projectKey == "TES")
    }

    @Test(arguments: [["x-ausername": "anonymous"], ["x-seraph-loginreason": "AUTHENTICATED_FAILED"]])
    func `what was created is created, whoever Jira took us for`(headers: [String: String]) async throws {
        let play = JiraPlay(
            .init(200, [:], JiraSamples.fields), .init(201, headers, JiraSamples.created),
            .init(200, [:], JiraSamples.issue()))
        let issue = JiraSamples.newIssue(["title": "t"])
        #expect(try await create(play, JiraSamples.dataCenterSource(), issue).key == "TES-41")
    }

    @Test func `types and fields are asked for once for a form and a creation`() async throws {
        let play = JiraPlay(
            bodies: JiraSamples.types, JiraSamples.fields, JiraSamples.created, JiraSamples.issue())
        let source = JiraSamples.cloudSource()
        _ = try await play.run(source) { (tracker, source) throws(TrackerError) in
            try tracker.form(project: "TES", type: "", in: source)
        }
        _ = try await create(play, source, JiraSamples.newIssue(["title": "t"], type: ""))
        #expect(play.asked.count == 4)
    }
}

@Suite struct JiraFindCreatedTests {
    private static let new = ["created": "\"2026-11-22T09:48:00.000+0000\""]
    private static let old = ["created": "\"2026-11-01T00:00:00.000+0000\""]

    private func find(_ play: JiraPlay, _ source: TrackerSource) async throws(TrackerError) -> IssueSnapshot?
    {
        try await play.run(source) { (tracker, source) throws(TrackerError) in
            try tracker.findCreated(JiraSamples.newIssue(["title": "t"]), in: source)
        }
    }

    private static func marked(_ id: String, _ key: String) -> String {
        JiraSamples.issue(
            id, key, new.merging(["description": JiraSamples.document(JiraSamples.marker.text)]) { $1 })
    }

    @Test func `it is found among the newest issues by its description`() async throws {
        let play = JiraPlay(
            bodies: JiraSamples.issues(
                JiraSamples.issue("3", "TES-3", ["description": JiraSamples.document("extref-other")]),
                Self.marked("2", "TES-2")))
        #expect(try await find(play, JiraSamples.cloudSource())?.key == "TES-2")
        #expect(play.asked.count == 1)
        #expect(play.asked[0].contains("\"resolutiondate\",\"description\"]"))
        #expect(
            play.asked[0].contains(
                "\"jql\":\"project = \\\"TES\\\" ORDER BY created DESC\",\"maxResults\":100}"))
    }

    @Test func `one that exists never passes for missing`() async {
        let play = JiraPlay(bodies: JiraSamples.issues(Self.marked("0", "TES-2")))
        let error = await #expect(throws: TrackerError.self) {
            try await find(play, JiraSamples.cloudSource())
        }
        #expect(error?.code == .badResponse)
    }

    @Test func `it is found by the label that stands for the description`() async throws {
        let play = JiraPlay(
            bodies: JiraSamples.issues(
                JiraSamples.issue("2", "TES-2", ["labels": "[\"a\",\"\(JiraSamples.marker.text)\"]"])))
        #expect(try await find(play, JiraSamples.cloudSource())?.key == "TES-2")
    }

    @Test func `Cloud's index may lag, so the next numbers are read by key`() async throws {
        let play = JiraPlay(
            bodies: JiraSamples.issues(
                JiraSamples.issue("9", "TES-9", Self.old), JiraSamples.issue("6", "TES-6", Self.old),
                rest: ",\"nextPageToken\":\"T\""),
            JiraSamples.issues(JiraSamples.issue("10", "TES-10"), Self.marked("11", "TES-11")))
        #expect(try await find(play, JiraSamples.cloudSource())?.key == "TES-11")
        #expect(play.asked.count == 2 && play.asked[1].contains("/rest/api/3/issue/bulkfetch "))
        let keys = play.asked[1].split(separator: "\"issueIdsOrKeys\":[").last ?? ""
        // The gaps before the newest, then the numbers beyond it.
        #expect(keys.hasPrefix("\"TES-8\",\"TES-7\",\"TES-10\",\"TES-11\",") && keys.contains("\"TES-89\"]"))
        #expect(keys.split(separator: ",").count <= JiraLimits.batchIssuesMax)
    }

    @Test func `in a project without issues the first numbers are read`() async throws {
        let play = JiraPlay(bodies: JiraSamples.issues(), JiraSamples.issues())
        #expect(try await find(play, JiraSamples.cloudSource()) == nil)
        #expect(play.asked[1].contains("\"issueIdsOrKeys\":[\"TES-1\",\"TES-2\","))
    }

    @Test func `Data Center is read one number after the other, over gaps`() async throws {
        let plain = JiraSamples.issue(
            "12", "TES-12", Self.new.merging(["description": "\"x \(JiraSamples.marker.text)\""]) { $1 })
        let play = JiraPlay(
            .init(
                200, [:], JiraSamples.issues(JiraSamples.issue("9", "TES-9", Self.old), rest: ",\"total\":50")
            ),
            .init(404, [:], "{}"), .init(200, [:], JiraSamples.issue("11", "TES-11")), .init(200, [:], plain))
        #expect(try await find(play, JiraSamples.dataCenterSource())?.key == "TES-12")
        let keys = play.asked.dropFirst().compactMap { $0.split(separator: "/").last?.prefix { $0 != "?" } }
        #expect(keys == ["TES-10", "TES-11", "TES-12"])
    }

    @Test(arguments: [JiraSamples.cloudSource(), JiraSamples.dataCenterSource()])
    func `it is looked for on further pages only while they are new, and not for ever`(
        source: TrackerSource
    ) async throws {
        let page = { (number: Int) in
            JiraPlay.Answer(
                200, [:],
                JiraSamples.issues(
                    JiraSamples.issue("\(number)", "TES-\(number)", Self.new),
                    rest: ",\"nextPageToken\":\"T\(number)\",\"total\":99999"))
        }
        let none = JiraPlay.Answer(404, [:], "{}")
        let empty = JiraPlay.Answer(200, [:], JiraSamples.issues())
        let isCloud = source.source.providerID == .jiraCloud
        let play = JiraPlay(
            page(9), page(8), page(7), page(6), isCloud ? empty : none, none, none, none, none)
        #expect(try await find(play, source) == nil)
        let rest = isCloud ? 1 : JiraLimits.unindexedSinglesMax
        #expect(play.asked.count == JiraLimits.newestPagesMax + rest)
        #expect(play.asked[1].contains(isCloud ? "\"nextPageToken\":\"T9\"" : "\"startAt\":1"))
    }
}
