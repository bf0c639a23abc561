// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing
import TrackerConformance

@testable import ExtRefTrackers

@Suite struct YouTrackWritingTests {
    private typealias Reading = YouTrackTrackerTests
    private static let writing = Reading.token.merging(["Content-Type": "application/json"]) { $1 }
    private let tracker = YouTrackTracker()
    private let source = YouTrackTrackerTests.source

    // MARK: Form

    private static let project = Scene(
        "GET /admin/projects/SP?fields=id%2CshortName", headers: Reading.token,
        answer: "{\"id\":\"0-0\",\"shortName\":\"SP\",\"$type\":\"Project\"}")
    private static let fields = Scene(
        "GET /admin/projects/0-0/customFields?fields=field%28name%2CfieldType%28id%29%29%2CcanBeEmpty%2C"
            + "bundle%28values%28name%2Carchived%29%29%2CdefaultValues%28name%29&%24top=100",
        headers: Reading.token,
        answer: """
            [{"field":{"name":"Priority","fieldType":{"id":"enum[1]"}},"canBeEmpty":false,"bundle":{"values":[\
            {"name":"Critical","archived":false},{"name":"Normal"},{"name":"Old","archived":true}]},\
            "defaultValues":[{"name":"Normal"}]},\
            {"field":{"name":"Areas","fieldType":{"id":"enum[*]"}},"canBeEmpty":true,\
            "bundle":{"values":[{"name":"UI"},{"name":"a,b"}]}},\
            {"field":{"name":"Assignee","fieldType":{"id":"user[1]"}},"canBeEmpty":true},\
            {"field":{"name":"Notes","fieldType":{"id":"text"}},"canBeEmpty":false},\
            {"field":{"name":"Estimation","fieldType":{"id":"period"}}},{"field":{"name":"Odd"}},{"field":1}]
            """)

    @Test func `the form offers the project's fields by name and type`() async throws {
        let form = try await Reading.run(
            [Self.project, Self.fields], tracker.form(project: "SP", type: "", in: source))
        #expect(form.createURL == "https://acme.youtrack.cloud/newIssue?project=SP")
        #expect(
            form.fields.map(\.name) == [
                "title", "description", "enum[1]:Priority", "enum[*]:Areas", "user[1]:Assignee", "text:Notes",
            ])
        #expect(form.fields.map(\.label).suffix(4) == ["Priority", "Areas", "Assignee", "Notes"])
        #expect(
            form.fields[2].choices.map(\.id) == ["Critical", "Normal"]
                && form.fields[2].defaultValue == "Normal")
        #expect(form.fields[3].choices.map(\.id) == ["UI"] && form.fields[5].isRequired)
        #expect(
            form.violations(of: ["title": "t", "text:Notes": "n", "enum[1]:Priority": "Critical"]).isEmpty)
    }

    @Test(arguments: [403, 404])
    func `the form does without fields that are not told`(status: Int) async throws {
        let form = try await Reading.run(
            [Self.project, Scene(Self.fields.request, status: status)],
            tracker.form(project: "SP", type: "", in: source))
        #expect(form.fields.map(\.name) == ["title", "description"])
    }

    @Test(arguments: ["", "a b", "2", "../x", "SP} sort by: x"])
    func `what is no project is not asked for`(project: String) {
        let draft = Samples.newIssue(project, ["title": "t"])
        #expect(throws: TrackerError.self) { try tracker.form(project: project, type: "", in: source) }
        #expect(throws: TrackerError.self) { try tracker.create(draft, in: source) }
        #expect(throws: TrackerError.self) { try tracker.findCreated(draft, in: source) }
    }

    // MARK: Create

    @Test func `a new issue is sent with the type of each field`() async throws {
        let draft = Samples.newIssue(
            "SP",
            [
                "title": "Fails \"here\"", "description": "line 1", "enum[1]:Priority": "Critical",
                "enum[*]:Areas": "UI,DB",
                "user[1]:Assignee": "bob", "text:Notes": "a: b", "integer:Count": "5", "float:Ratio": "0.5",
                "string:Ref": "x", "state[1]:State": "Open", "integer:Bad": "x", "period:Estimation": "1h",
                "odd": "y",
                "version[*]:Fix versions": "",
            ])
        let issue = try await Reading.run(
            [
                Self.project,
                Scene(
                    "POST /issues?" + Reading.fields,
                    body: """
                        {"customFields":[{"$type":"MultiEnumIssueCustomField","name":"Areas","value":[{"name":"UI"},\
                        {"name":"DB"}]},{"$type":"SingleEnumIssueCustomField","name":"Priority","value":\
                        {"name":"Critical"}},{"$type":"SimpleIssueCustomField","name":"Ratio","value":0.5},\
                        {"$type":"SimpleIssueCustomField","name":"Count","value":5},{"$type":"StateIssueCustomField",\
                        "name":"State","value":{"name":"Open"}},{"$type":"SimpleIssueCustomField","name":"Ref",\
                        "value":"x"},{"$type":"TextIssueCustomField","name":"Notes","value":{"text":"a: b"}},\
                        {"$type":"SingleUserIssueCustomField","name":"Assignee","value":{"login":"bob"}}],\
                        "description":"line 1\\n\\nextref-01jd0000000000000000000000","project":{"id":"0-0"},\
                        "summary":"Fails \\"here\\""}
                        """, headers: Self.writing, answer: Reading.whole),
            ], tracker.create(draft, in: source))
        #expect(issue.key == "SP-8" && issue.nativeID == "2-7")
    }

    @Test func `a refusal says which rule, cleaned`() async throws {
        let error = await #expect(throws: TrackerError.self) {
            try await Reading.run(
                [
                    Self.project,
                    Scene(
                        "POST /issues?" + Reading.fields,
                        body: """
                            {"description":"extref-01jd0000000000000000000000","project":{"id":"0-0"},"summary":"t"}
                            """, status: 400,
                        answer:
                            "{\"error\":\"invalid_properties\",\"error_description\":\"Notes \\u001b[31mis required\"}"
                    ),
                ], tracker.create(Samples.newIssue("SP", ["title": "t"]), in: source))
        }
        #expect(error?.code == .invalidRequest)
        #expect(error?.fieldFaults == [FieldViolation("issue", "Notes is required")])
    }

    private static func newest(skip: Int, _ issues: [String]) -> Scene {
        Scene(
            "GET /issues?query=project%3A%20SP%20sort%20by%3A%20created%20desc&"
                + Reading.fields.replacing("fields=id", with: "fields=description%2Cid")
                + "&%24top=50&%24skip=\(skip)", headers: Reading.token,
            answer: "[\(issues.joined(separator: ","))]")
    }

    @Test func `a created issue is found by its marker, newest first, page by page`() async throws {
        let draft = Samples.newIssue("SP", [:])
        let marked = Reading.issue(200, description: "text\\n\\nextref-01jd0000000000000000000000")
        let found = try await Reading.run(
            [
                Self.newest(skip: 0, (1...50).map { Reading.issue($0) }), Self.newest(skip: 50, [marked]),
            ], tracker.findCreated(draft, in: source))
        #expect(found?.key == "SP-200")
    }

    @Test func `the search for a marker ends with the first older issue`() async throws {
        let old = (1...50).map { Reading.issue($0, created: 1_795_341_299_999) }
        let found = try await Reading.run(
            [Self.newest(skip: 0, old)], tracker.findCreated(Samples.newIssue("SP", [:]), in: source))
        #expect(found == nil)
    }

    // MARK: Back-link

    private static let text = """
        Tested by: Test case TC-1\\nhttps://tests.example.com/case/TC-1?a=b\\n\\n\
        (lnk_01JD0000000000000000000000)
        """

    private static func comments(skip: Int = 0, _ comments: [String]) -> Scene {
        Scene(
            "GET /issues/2-7/comments?fields=id%2Ctext%2Cdeleted&%24top=100&%24skip=\(skip)",
            headers: Reading.token,
            answer: "[\(comments.joined(separator: ","))]")
    }

    private static func comment(_ id: String, _ text: String, deleted: Bool = false) -> String {
        "{\"id\":\"\(id)\",\"text\":\"\(text)\",\"deleted\":\(deleted)}"
    }

    private static func write(_ path: String, status: Int = 200, answer: String) -> Scene {
        Scene(
            "POST /issues/2-7/comments\(path)?fields=id%2Ctext%2Cdeleted", body: "{\"text\":\"\(text)\"}",
            headers: writing, status: status, answer: answer)
    }

    private func put(_ scenes: Scene...) async throws -> String {
        try await Reading.run(
            scenes,
            tracker.putBackLink(
                Samples.backLink, on: IssueReference(key: "OLD-1", nativeID: "2-7"), in: source))
    }

    @Test func `a comment is written once`() async throws {
        let new = try await put(
            Self.comments([Self.comment("4-1", "else"), Self.comment("4-2", Self.text, deleted: true)]),
            Self.write("", answer: Self.comment("4-17", Self.text)))
        #expect(new == "4-17")
        let full = (1...100).map { Self.comment("4-\($0)", "else") }
        #expect(
            try await put(Self.comments(full), Self.comments(skip: 100, [Self.comment("4-500", Self.text)]))
                == "4-500")
    }

    @Test(arguments: [200, 403])
    func `a comment with another text gets the new one where that is allowed`(status: Int) async throws {
        let old = Self.comment("4-17", "Old (lnk_01JD0000000000000000000000)")
        #expect(
            try await put(Self.comments([old]), Self.write("/4-17", status: status, answer: old)) == "4-17")
    }

    @Test func `a comment is taken away, and one that is not there is no failure`() async throws {
        let call = try tracker.removeBackLink(
            Samples.backLink, remoteID: "4-17", from: IssueReference(key: "SP-8", nativeID: "2-7"), in: source
        )
        for status in [200, 404] {
            try await Reading.run(
                [
                    Self.comments([Self.comment("4-17", Self.text)]),
                    Scene("DELETE /issues/2-7/comments/4-17", headers: Reading.token, status: status),
                ], call)
        }
        try await Reading.run([Self.comments([])], call)
    }

    // MARK: Exam

    /// One entity that fits every question, so that each conversation goes on to its end.
    private static let everything = """
        {"id":"2-7","idReadable":"SP-8","shortName":"SP","summary":"t",\
        "description":"extref-01jd0000000000000000000000","updated":1795341609250,"resolved":1,\
        "project":{"shortName":"SP"},"tags":[{"name":"a"}],"customFields":[\
        {"name":"State","value":{"name":"Open"}},{"name":"Assignee","value":[{"id":"1-3","login":"b",\
        "fullName":"B"}]}],"login":"bob","fullName":"Bob","text":"(lnk_01JD0000000000000000000000)",\
        "field":{"name":"F","fieldType":\
        {"id":"enum[1]"}},"bundle":{"values":[{"name":"V"}]}}
        """

    @Test func `it passes the exam of all adapters`() async {
        let scenes = [Self.everything, "[\(Self.everything)]"].map { Scene("GET /a", answer: $0) }
        let exam = TrackerExam(
            tracker, source: source, keys: ["SP-8", "JB_TEST2-999999999999999999"],
            answers: scenes.compactMap(\.recorded))
        #expect(exam.description() == [])
        #expect(exam.recognition() == [])
        #expect(exam.requests() == [])
        let (wrong, count) = await exam.answersReading()
        #expect(wrong.isEmpty, "\(wrong)")
        #expect(count > 500)
    }
}
