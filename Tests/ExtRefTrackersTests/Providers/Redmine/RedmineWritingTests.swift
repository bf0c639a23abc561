// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing
import TrackerConformance

@testable import ExtRefTrackers

@Suite struct RedmineWritingTests {
    private static let base = "https://redmine.example.com"
    private let tracker = RedmineTracker()
    private let source = Samples.recorded()

    private func run<Value: Sendable>(
        _ scenes: [Scene], _ call: TrackerCall<Value>
    ) async throws -> Value {
        let transport = ScriptedTransport(scenes, baseURL: Self.base)
        defer { #expect(transport.complaints.isEmpty, "\(transport.complaints)") }
        return try await TrackerRunner(transport: transport, clock: ManualClock()).run(
            call, with: source, reading: tracker)
    }

    private static let json = ["Content-Type": "application/json", "X-Redmine-API-Key": "ADMIN-KEY"]

    static func issue(_ id: Int, description: String = "", updated: String = "2026-11-22T10:00:00Z") -> String
    {
        """
        {"id":\(id),"project":{"id":1,"name":"Demo"},"subject":"Issue \(id)","description":"\(description)",\
        "status":{"id":1,"name":"New","is_closed":false},"updated_on":"\(updated)"}
        """
    }

    // MARK: Form

    static let formScenes = [
        Scene(
            "GET /projects/1.json?include=trackers%2Cissue_categories%2Cissue_custom_fields",
            answer: """
                {"project":{"id":1,"trackers":[{"id":1,"name":"Bug"},{"id":2,"name":"Feature"}],\
                "issue_categories":[{"id":3,"name":"Checkout"}],"issue_custom_fields":[{"id":7,"name":"Found in"},\
                {"id":8,"name":"Severe"},{"id":9,"name":"Areas"}]}}
                """),
        Scene(
            "GET /enumerations/issue_priorities.json",
            answer: """
                {"issue_priorities":[{"id":1,"name":"Low","is_default":false,"active":true},\
                {"id":2,"name":"Normal","is_default":true,"active":true},\
                {"id":9,"name":"Old","is_default":false,"active":false}]}
                """),
        Scene(
            "GET /issue_statuses.json",
            answer: """
                {"issue_statuses":[{"id":1,"name":"New","is_closed":false},{"id":5,"name":"Closed","is_closed":true}]}
                """),
        Scene(
            "GET /projects/1/memberships.json?limit=100",
            answer: """
                {"memberships":[{"id":1,"user":{"id":5,"name":"Bob Builder"},"roles":[{"id":4,"name":"Developer"}]},\
                {"id":2,"group":{"id":9,"name":"All"},"roles":[]}]}
                """),
    ]

    @Test func `the form of a type has what the project and an administrator's fields tell`() async throws {
        let fields = """
            {"custom_fields":[\
            {"id":7,"name":"Found in","customized_type":"issue","field_format":"string","is_required":true,\
            "trackers":[{"id":1,"name":"Bug"}]},\
            {"id":8,"name":"Severe","customized_type":"issue","field_format":"bool","default_value":"1",\
            "trackers":[{"id":1,"name":"Bug"},{"id":2,"name":"Feature"}]},\
            {"id":9,"name":"Areas","customized_type":"issue","field_format":"list","multiple":true,\
            "possible_values":[{"value":"ui"},{"value":"db","label":"Database"}],"trackers":[{"id":2}]},\
            {"id":10,"name":"Elsewhere","customized_type":"issue","field_format":"string","trackers":[{"id":2}]},\
            {"id":11,"name":"Of people","customized_type":"user","field_format":"string","trackers":[{"id":2}]}]}
            """
        let form = try await run(
            Self.formScenes + [Scene("GET /custom_fields.json", answer: fields)],
            tracker.form(project: "1", type: "2", in: source))
        #expect(form.types.map(\.label) == ["Bug", "Feature"])
        #expect(form.createURL == "https://redmine.example.com/projects/1/issues/new")
        #expect(
            form.fields.map(\.name) == [
                "title", "description", "priority_id", "status_id", "assigned_to_id", "category_id",
                "cf_8_flag",
                "cf_9_list",
            ])
        #expect(form.fields[2].choices.map(\.id) == ["1", "2"] && form.fields[2].defaultValue == "2")
        #expect(form.fields[3].choices.map(\.label) == ["New"])
        #expect(form.fields[4].choices == [IssueFormChoice(id: "5", label: "Bob Builder")])
        #expect(form.fields[6].kind == .boolean && form.fields[6].defaultValue == "true")
        #expect(
            form.fields[7].kind == .multiChoice && form.fields[7].choices.map(\.label) == ["ui", "Database"])
        #expect(form.violations(of: ["title": "t", "cf_9_list": "ui,db", "assigned_to_id": "5"]).isEmpty)
    }

    @Test func `what an account may not see is left out of its form`() async throws {
        let refused = Self.formScenes.dropFirst().map { Scene($0.request, status: 403) }
        let form = try await run(
            Self.formScenes.prefix(1) + refused + [Scene("GET /custom_fields.json", status: 403)],
            tracker.form(project: "1", type: "", in: source))
        #expect(form.fields.map(\.name) == ["title", "description", "category_id"])
        #expect(form.fields[0].isRequired)
    }

    @Test(arguments: ["", "../users", "Demo", "a b", "1/2", String(repeating: "1", count: 101)])
    func `what is no project is not asked for`(project: String) {
        #expect(throws: TrackerError.self) { try tracker.form(project: project, type: "", in: source) }
        #expect(throws: TrackerError.self) {
            try tracker.create(Samples.newIssue(project, ["title": "t"]), in: source)
        }
        #expect(throws: TrackerError.self) {
            try tracker.findCreated(Samples.newIssue(project, ["title": "t"]), in: source)
        }
    }

    // MARK: Create

    @Test func `a new issue is sent whole and comes back as a snapshot`() async throws {
        let draft = Samples.newIssue(
            "1", type: "2",
            [
                "title": "Checkout \"fails\"", "description": "line 1\nline 2", "priority_id": "2",
                "assigned_to_id": "5", "category_id": "", "cf_7": "1.2", "cf_8_flag": "true",
                "cf_9_list": "ui,db",
            ])
        let issue = try await run(
            [
                Scene(
                    "POST /issues.json",
                    body: """
                        {"issue":{"assigned_to_id":"5","custom_fields":[{"id":"7","value":"1.2"},\
                        {"id":"8","value":"1"},{"id":"9","value":["ui","db"]}],"description":\
                        "line 1\\nline 2\\n\\nextref-01jd0000000000000000000000","priority_id":"2","project_id":"1",\
                        "subject":"Checkout \\"fails\\"","tracker_id":"2"}}
                        """,
                    headers: Self.json, status: 201, answer: "{\"issue\":\(Self.issue(12))}")
            ], tracker.create(draft, in: source))
        #expect(issue.key == "12" && issue.projectKey == "1")
        #expect(issue.webURL == "https://redmine.example.com/issues/12")
    }

    @Test func `a refused issue names its faults by field`() async throws {
        let scene = Scene(
            "POST /issues.json", body: Self.minimalBody, status: 422,
            answer: """
                {"errors":["Subject cannot be blank","Priority is not included in the list",\
                "Found in\\u001b[31m is odd",\
                5,""]}
                """)
        let error = await #expect(throws: TrackerError.self) {
            try await run([scene], tracker.create(Samples.newIssue("1", ["title": "t"]), in: source))
        }
        #expect(error?.code == .invalidRequest)
        #expect(
            error?.fieldFaults == [
                FieldViolation("title", "Subject cannot be blank"),
                FieldViolation("priority_id", "Priority is not included in the list"),
                FieldViolation("issue", "Found in is odd"),
            ])
        #expect(error?.message.contains("Found") == false)
    }

    @Test(arguments: ["{\"errors\":[\"Project cannot be blank\",\"Tracker cannot be blank\"]}"])
    func `a project that one may not use is a missing right`(answer: String) async throws {
        let scene = Scene("POST /issues.json", body: Self.minimalBody, status: 422, answer: answer)
        let error = await #expect(throws: TrackerError.self) {
            try await run([scene], tracker.create(Samples.newIssue("1", ["title": "t"]), in: source))
        }
        #expect(error?.code == .permissionDenied)
    }

    private static let minimalBody = """
        {"issue":{"description":"extref-01jd0000000000000000000000","project_id":"1","subject":"t"}}
        """

    // MARK: Finding what was created

    private static func newest(offset: String = "") -> String {
        "GET /issues.json?project_id=1&created_on=%3E%3D2026-11-22T09%3A55%3A00Z\(offset)&status_id=%2A&limit=100"
            + "&sort=created_on%3Adesc"
    }

    @Test func `a created issue is found by its marker, newest first, page by page`() async throws {
        let many = (1...100).map { Self.issue($0) }.joined(separator: ",")
        let marked = Self.issue(200, description: "text\\r\\n\\r\\nextref-01jd0000000000000000000000")
        let found = try await run(
            [
                Scene(Self.newest(), answer: "{\"issues\":[\(many)],\"total_count\":101}"),
                Scene(
                    Self.newest(offset: "&offset=100"), answer: "{\"issues\":[\(marked)],\"total_count\":101}"
                ),
            ], tracker.findCreated(Samples.newIssue("1", [:]), in: source))
        #expect(found?.key == "200")
    }

    @Test func `an issue that was not created is not found`() async throws {
        let found = try await run(
            [Scene(Self.newest(), answer: "{\"issues\":[\(Self.issue(1))],\"total_count\":1}")],
            tracker.findCreated(Samples.newIssue("1", [:]), in: source))
        #expect(found == nil)
    }

    // MARK: Changes

    @Test func `changes are read from the oldest on, and go on by time`() async throws {
        let path = "&status_id=%2A&limit=100&sort=updated_on%3Aasc%2Cid%3Aasc"
        let first = try await run(
            [
                Scene(
                    "GET /issues.json?updated_on=%3E%3D2026-11-22T10%3A00%3A00Z&project_id=1" + path,
                    answer: """
                        {"issues":[\(Self.issue(1)),{"id":2},\(Self.issue(3, updated: "2026-11-22T10:00:09Z"))],\
                        "total_count":250}
                        """)
            ], tracker.changes(since: Samples.startedAt, project: "1", page: "", in: source))
        #expect(first.issues.map(\.key) == ["1", "3"])
        let last = try await run(
            [
                Scene(
                    "GET /issues.json?updated_on=%3E%3D2026-11-22T10%3A00%3A09Z" + path,
                    answer:
                        "{\"issues\":[\(Self.issue(3, updated: "2026-11-22T10:00:09Z"))],\"total_count\":1}")
            ], tracker.changes(since: Samples.startedAt, project: "", page: first.next, in: source))
        #expect(last.issues.map(\.key) == ["3"] && last.next.isEmpty)
    }

    @Test func `many changes of one moment go on by position`() async throws {
        let path = "&status_id=%2A&limit=100&sort=updated_on%3Aasc%2Cid%3Aasc"
        let page = try await run(
            [
                Scene(
                    "GET /issues.json?updated_on=%3E%3D2026-11-22T10%3A00%3A00Z&offset=100" + path,
                    answer: "{\"issues\":[\(Self.issue(1))],\"total_count\":300}")
            ],
            tracker.changes(
                since: Timestamp(seconds: 0), project: "", page: "\(Samples.startedAt.milliseconds)+100",
                in: source))
        #expect(page.next == "\(Samples.startedAt.milliseconds)+101")
    }

    @Test(arguments: ["x", "1", "1+", "+1", "1+-1", "1+2+3", "1+1000001"])
    func `what is no page is refused`(page: String) {
        #expect(throws: TrackerError.self) {
            try tracker.changes(since: Samples.startedAt, project: "", page: page, in: source)
        }
    }
}
