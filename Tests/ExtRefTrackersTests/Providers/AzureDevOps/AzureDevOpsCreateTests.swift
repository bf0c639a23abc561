// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

/// Lists that a form is made of.
private enum Lists {
    static let types = AzureDevOpsSamples.list([
        #"{"name":"User Story","referenceName":"M.UserStory","isDisabled":false,"xmlForm":"<FORM/>"}"#,
        #"{"name":"Test Plan","isDisabled":false}"#, #"{"name":"Epic","isDisabled":true}"#,
        #"{"name":"Bug","isDisabled":false}"#, #"{"name":".."}"#,
    ])
    static let categories = AzureDevOpsSamples.list([
        category("Bug", #""defaultWorkItemType":{"name":"Bug"},"workItemTypes":[{"name":"Bug"}]"#),
        category("Hidden", #""workItemTypes":[{"name":"Test Plan"},{"name":"Test Suite"}]"#),
    ])
    static let bugFields = AzureDevOpsSamples.list([
        field("System.Title", "Title", isRequired: true), field("System.AreaId", "Area ID", isRequired: true),
        field("System.State", "State", isRequired: true, default: "\"New\"", values: "\"New\",\"Closed\""),
        field("System.AreaPath", "Area Path"),
        field("System.AssignedTo", "Assigned To", values: "{\"displayName\":\"Ada\"}"),
        field("System.Description", "Description"), field("System.Tags", "Tags"),
        field("Microsoft.VSTS.TCM.ReproSteps", "Repro Steps"),
        field("Microsoft.VSTS.Common.StateChangeDate", "State Change Date"),
        field("Microsoft.VSTS.Common.Priority", "Priority", default: "2", values: "1,2,3"),
        field(
            "Microsoft.VSTS.Common.ValueArea", "Value Area", isRequired: true, default: "\"Business\"",
            values: "\"Business\",\"Architectural\""),
        field("Custom.Environment", "Environment", isRequired: true, values: "\"Test\",\"Live\""),
        field("WEF_AB_Kanban.Column", "Column"), field("no reference", "x"),
    ])
    static let storyFields = AzureDevOpsSamples.list([
        field("System.Title", "Titel", isRequired: true), field("System.Description", "Beschreibung"),
    ])

    private static func category(_ name: String, _ rest: String) -> String {
        "{\"referenceName\":\"Microsoft.\(name)Category\",\(rest)}"
    }

    private static func field(
        _ reference: String, _ name: String, isRequired: Bool = false, default: String = "null",
        values: String = ""
    ) -> String {
        """
        {"referenceName":"\(reference)","name":"\(name)","alwaysRequired":\(isRequired),\
        "defaultValue":\(`default`),"allowedValues":[\(values)]}
        """
    }
}

@Suite struct AzureDevOpsFormTests {
    private typealias Samples = AzureDevOpsSamples

    private func form(
        _ project: String, _ type: String, _ answers: HTTPResponse...
    ) async throws -> (IssueForm, [HTTPRequest]) {
        let transport = Samples.script(answers)
        let call = try Samples.tracker.form(project: project, type: type, in: Samples.ready())
        let form = try await Samples.runner(transport).run(
            call, with: Samples.ready(), reading: Samples.tracker)
        return (form, transport.sent)
    }

    @Test func `the form of a bug comes first and asks for what people know`() async throws {
        let (form, sent) = try await form("Web Shop", "", Lists.types, Lists.categories, Lists.bugFields)
        #expect(form.types.map(\.id) == ["Bug", "User Story"])
        #expect(
            form.fields.map(\.name) == [
                "title", "description", "System.AreaPath", "System.AssignedTo", "System.Tags",
                "Microsoft.VSTS.Common.Priority", "Microsoft.VSTS.Common.ValueArea", "Custom.Environment",
            ])
        #expect(
            form.fields.map(\.kind) == [.text, .multiline, .text, .person, .text, .choice, .choice, .choice])
        #expect(form.fields.filter(\.isRequired).map(\.name) == ["title", "Custom.Environment"])
        #expect(form.fields.map(\.label).prefix(3) == ["Title", "Repro Steps", "Area Path"])
        #expect(form.fields[5].choices.map(\.id) == ["1", "2", "3"] && form.fields[5].defaultValue == "2")
        #expect(form.createURL == "https://dev.azure.com/acme/Web%20Shop/_workitems/create/Bug")
        #expect(
            sent.map(\.line) == [
                "GET /Web%20Shop/_apis/wit/workitemtypes?api-version=7.1",
                "GET /Web%20Shop/_apis/wit/workitemtypecategories?api-version=7.1",
                "GET /Web%20Shop/_apis/wit/workitemtypes/Bug/fields?%24expand=allowedValues&api-version=7.1",
            ])
    }

    @Test func `another type has its own fields and its own page`() async throws {
        let (form, sent) = try await form(
            "Web Shop", "User Story", Lists.types, Lists.categories, Lists.storyFields)
        #expect(form.fields.map(\.label) == ["Titel", "Beschreibung"])
        #expect(form.createURL == "https://dev.azure.com/acme/Web%20Shop/_workitems/create/User%20Story")
        #expect(sent[2].url.contains("/workitemtypes/User%20Story/fields?"))
    }

    @Test func `without categories every type is offered`() async throws {
        let (form, _) = try await form(
            "Web Shop", "", Lists.types, HTTPResponse(status: 404), Lists.storyFields)
        #expect(form.types.map(\.id) == ["User Story", "Test Plan", "Bug"])
    }

    @Test(arguments: ["Test Plan", "Epic", "No such"])
    func `a type that people do not create has no form`(type: String) async {
        let error = await #expect(throws: TrackerError.self) {
            try await form("Web Shop", type, Lists.types, Lists.categories)
        }
        #expect(error?.code == .invalidRequest)
    }

    @Test(arguments: ["", "..", "a/b"])
    func `a form needs a project`(project: String) {
        let error = #expect(throws: TrackerError.self) {
            try Samples.tracker.form(project: project, type: "", in: Samples.ready())
        }
        #expect(error?.code == .invalidRequest)
    }

    @Test func `an account that may not read values is told so`() async {
        let error = await #expect(throws: TrackerError.self) {
            try await form(
                "Web Shop", "", Lists.types, Lists.categories,
                Samples.refusal(401, "ReadAllowedValuesNotAuthorizedException", "VS402375: no"))
        }
        #expect(error?.code == .permissionDenied)
    }
}

@Suite struct AzureDevOpsCreateTests {
    private typealias Samples = AzureDevOpsSamples

    private static let marker = "extref-01jd0000000000000000000000"

    private static func draft(_ type: String = "Bug", _ fields: [String: String] = [:]) -> NewIssue {
        NewIssue(
            project: "Web Shop", type: type,
            fields: ["title": "It's \"broken\"", "description": "a < b &\r\nc\td"].merging(fields) { $1 },
            marker: CreationMarker(text: marker, uuid: "0190d000-0000-4000-8000-000000000000"),
            startedAt: Timestamp(seconds: 1_795_340_867))
    }

    private func create(
        _ issue: NewIssue, _ answers: HTTPResponse..., method: AuthenticationMethodID = .accessToken
    ) async throws -> (IssueSnapshot, [HTTPRequest]) {
        let transport = Samples.script(answers)
        let source = TrackerSource(
            Samples.source(method: method),
            credential: TrackerCredential(["token": "pat", "password": "p"]))
        let call = try Samples.tracker.create(issue, in: source)
        let created = try await Samples.runner(transport).run(call, with: source, reading: Samples.tracker)
        return (created, transport.sent)
    }

    @Test func `a bug is created in one request, after all that could fail`() async throws {
        let (created, sent) = try await create(
            Self.draft(
                "Bug",
                ["Custom.Environment": "Live", "System.Tags": "", "Microsoft.VSTS.Common.Priority": "1"]),
            Lists.bugFields, Samples.states, Samples.json(Samples.item(131_489, title: "It's", state: "New")))
        #expect(
            created.key == "131489" && created.providerCategory == .todo && created.projectKey == "Web Shop")
        #expect(
            sent.map(\.line) == [
                "GET /Web%20Shop/_apis/wit/workitemtypes/Bug/fields?%24expand=allowedValues&api-version=7.1",
                "GET /Web%20Shop/_apis/wit/workitemtypes/Bug/states?api-version=7.1",
                "POST /Web%20Shop/_apis/wit/workitems/%24Bug?api-version=7.1",
            ])
        #expect(sent[2].headers == Samples.patchHeaders)
        #expect(
            sent[2].text == """
                [{"op":"add","path":"/fields/System.Title","value":"It's \\"broken\\""},\
                {"op":"add","path":"/fields/Microsoft.VSTS.TCM.ReproSteps",\
                "value":"<div>a &lt; b &amp;<br>c d<br><br>\(Self.marker)</div>"},\
                {"op":"add","path":"/fields/Custom.Environment","value":"Live"},\
                {"op":"add","path":"/fields/Microsoft.VSTS.Common.Priority","value":"1"}]
                """)
    }

    @Test func `a story has a description, and its type a blank`() async throws {
        let (_, sent) = try await create(
            Self.draft("User Story"), Lists.storyFields, Samples.states,
            Samples.json(Samples.item(1, type: "User Story")))
        #expect(sent[2].line == "POST /Web%20Shop/_apis/wit/workitems/%24User%20Story?api-version=7.1")
        #expect(sent[2].text.contains("\"/fields/System.Description\""))
    }

    @Test func `names in another spelling mean the same project and type`() async throws {
        var draft = Self.draft("BUG")
        draft.project = "web shop"
        let (created, _) = try await create(
            draft, Lists.bugFields, Samples.states, Samples.json(Samples.item(1, state: "Active")))
        #expect(created.providerCategory == .inProgress && created.projectKey == "Web Shop")
    }

    @Test func `without a type it is the form's first`() async throws {
        let (_, sent) = try await create(
            Self.draft(""), Lists.types, Lists.categories, Lists.bugFields, Samples.states,
            Samples.json(Samples.item(1)))
        #expect(
            sent.count == 5 && sent[4].line == "POST /Web%20Shop/_apis/wit/workitems/%24Bug?api-version=7.1")
    }

    @Test(arguments: ["summary", "System", "System.Title/x", "Custom.~1", "Custom..x", "Custom.x y"])
    func `a name that is no field is refused before anything is sent`(name: String) {
        let error = #expect(throws: TrackerError.self) {
            try Samples.tracker.create(Self.draft("Bug", [name: "x"]), in: Samples.ready())
        }
        #expect(error?.code == .invalidRequest && error?.fieldFaults.map(\.field) == [name])
    }

    @Test func `what rules refuse is said field by field, by the form's names`() async throws {
        let rules = [
            ("System.Title", "required, invalidEmpty"), ("Custom.Environment", "hasValues,invalidListValue"),
            ("Microsoft.VSTS.TCM.ReproSteps", "strange"), ("System.AreaPath", "invalidPath"),
        ].map {
            """
            {"fieldReferenceName":"\($0.0)","fieldStatusFlags":"\($0.1)","errorMessage":"TF401320: no\\u0007"}
            """
        }
        let answer = Samples.json(
            """
            {"$id":"1","customProperties":{"FieldReferenceName":null,\
            "RuleValidationErrors":[\(rules.joined(separator: ","))]},\
            "message":"TF401320: Rule Error for field Title.","typeKey":"RuleValidationException"}
            """, status: 400)
        let error = await #expect(throws: TrackerError.self) {
            try await create(Self.draft(), Lists.bugFields, Samples.states, answer)
        }
        #expect(error?.code == .invalidRequest)
        #expect(
            error?.fieldFaults == [
                FieldViolation("title", "is required"),
                FieldViolation("Custom.Environment", "must be one of the values that Azure DevOps offers"),
                FieldViolation("description", "TF401320: no"),
                FieldViolation("System.AreaPath", "must be a path that exists in the project"),
            ])
    }

    @Test(arguments: [
        // What was read before may have been remembered; whether the token still counts is asked.
        (AuthenticationMethodID.accessToken, 200, TrackerError.Code.scopeMissing),
        (.accessToken, 401, .credentialsRejected), (.basic, 200, .credentialsRejected),
    ])
    func `a token that may only read lacks a scope`(
        method: AuthenticationMethodID, identity: Int, code: TrackerError.Code
    ) async throws {
        let error = await #expect(throws: TrackerError.self) {
            try await create(
                Self.draft(), Lists.bugFields, Samples.states, HTTPResponse(status: 401),
                Samples.json("{}", status: identity), method: method)
        }
        #expect(error?.code == code)
    }

    @Test func `an item whose answer was lost is found by its marker among the newest`() async throws {
        let texts = (1...60).map { id in
            "{\"id\":\(id),\"fields\":{\"System.Id\":\(id),\"Microsoft.VSTS.TCM.ReproSteps\":\"<div>x "
                + (id == 55 ? Self.marker : "y") + "</div>\"}}"
        }
        let transport = Samples.script([
            Lists.bugFields, Samples.found(Array(1...60)), Samples.list(Array(texts[..<50])),
            Samples.list(Array(texts[50...])), Samples.list([Samples.item(55)]), Samples.states,
        ])
        let call = try Samples.tracker.findCreated(Self.draft(), in: Samples.ready())
        let found = try await Samples.runner(transport).run(
            call, with: Samples.ready(), reading: Samples.tracker)
        #expect(found?.key == "55" && found?.providerCategory == .inProgress)
        #expect(
            transport.sent[1].line == "POST /_apis/wit/wiql?%24top=400&timePrecision=true&api-version=7.1")
        #expect(
            transport.sent[1].text == """
                {"query":"SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject] = 'Web Shop' AND \
                [System.CreatedDate] >= '2026-11-22T09:42:47.000Z' ORDER BY [System.CreatedDate] ASC"}
                """)
        let ids = (1...50).map { String($0) }.joined(separator: ",")
        #expect(
            transport.sent[2].text == """
                {"errorPolicy":"omit","fields":["System.Id","Microsoft.VSTS.TCM.ReproSteps"],"ids":[\(ids)]}
                """)
    }

    @Test func `an item that was never created is not found`() async throws {
        let transport = Samples.script([
            Lists.storyFields, Samples.found([1]), Samples.list(["{\"id\":1,\"fields\":{\"System.Id\":1}}"]),
        ])
        let call = try Samples.tracker.findCreated(Self.draft("User Story"), in: Samples.ready())
        #expect(
            try await Samples.runner(transport).run(call, with: Samples.ready(), reading: Samples.tracker)
                == nil)
        #expect(transport.sent.count == 3)
    }

    @Test func `a search for what was created ends`() async throws {
        let endless = HTTPResponse(
            status: 200, headers: [], body: Samples.found(Array(1...400)).body)
        let transport = Samples.script(
            [Lists.storyFields, endless] + Array(repeating: Samples.list([]), count: 30))
        let call = try Samples.tracker.findCreated(Self.draft("User Story"), in: Samples.ready())
        #expect(
            try await Samples.runner(transport).run(call, with: Samples.ready(), reading: Samples.tracker)
                == nil)
        #expect(transport.sent.count == 10)
    }
}
