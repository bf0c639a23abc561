// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import RPC
import Testing

@Suite(.timeLimit(.minutes(1))) struct IssueFormTests {
    private func form(
        _ harness: ServiceHarness, _ source: ExtRefMessages.Source,
        edit: (inout GetIssueFormRequest) -> Void = { _ in }
    ) async throws -> GetIssueFormResponse {
        var request = GetIssueFormRequest(
            projectID: "P1", sourceID: source.id, object: ObjectRef(kind: "case", id: "TC-1"))
        edit(&request)
        return try await harness.links().getIssueForm(request)
    }

    @Test func `a form shows types, fields and what they may take`() async throws {
        let harness = try ServiceHarness.writing()
        let source = try await harness.addFake()
        harness.sites.edit { state in
            for (index, kind) in IssueFormField.Kind.allCases.enumerated() {
                state.form.fields.append(.init(name: "f\(index)", label: "F", kind: kind.rawValue))
            }
        }
        let answer = try await form(harness, source) { $0.issueType = "Task" }
        #expect(answer.issueTypes.map(\.id) == ["Bug", "Task"])
        #expect(answer.fields.prefix(3).map(\.name) == ["title", "description", "severity"])
        #expect(answer.fields[0].required && answer.fields[0].label == "Title" && !answer.fields[1].required)
        #expect(
            answer.fields[2].type == .choice && answer.fields[2].allowedValues.map(\.id) == ["low", "high"])
        #expect(answer.fields[2].defaultValue == "low")
        #expect(
            answer.fields.dropFirst(3).map(\.type) == [
                .text, .multiline, .choice, .multiChoice, .number, .date, .person, .boolean,
            ])
        #expect(answer.createURL == "https://fake.example/new?type=Task" && answer.error == nil)
        let asked = try #require(harness.sites.calls.first?.url)
        #expect(asked.contains("project=FK") && asked.contains("type=Task"))
    }

    @Test func `templates are the defaults of what they fill in`() async throws {
        let harness = try ServiceHarness.writing()
        let source = try await harness.addFake {
            $0.testObjectURLTemplate = ServiceHarness.objectURL
            $0.issueTitleTemplate = "{title} in {env}"
            $0.issueDescriptionTemplate = "{error}\n{url}"
        }
        let answer = try await form(harness, source) {
            $0.objectFields = ["title": "Pay", "error": "boom"]
        }
        #expect(answer.fields[0].defaultValue == "Pay in ")
        #expect(answer.fields[1].defaultValue == "boom\nhttps://tests.example.com/P1/case/TC-1")
        let bare = try await form(harness, source) { $0.object = nil }
        #expect(bare.fields[1].defaultValue == "\n", "without an object there is no address of it")
    }

    @Test(arguments: [
        ("", "", "FK"), ("", "OVERLAY", "OVERLAY"), ("ASKED", "OVERLAY", "ASKED"), (" ASKED ", "", "ASKED"),
    ])
    func `the external project is the caller's, else the project's own, else the source's`(
        asked: String, overlay: String, meant: String
    ) async throws {
        let harness = try ServiceHarness.writing()
        let source = try await harness.addFake()
        if !overlay.isEmpty {
            _ = try await harness.admin(.projectAdmin).setProjectOverlay(
                SetProjectOverlayRequest(
                    projectID: "P1", target: .sourceID(source.id),
                    overlay: ExtRefMessages.ProjectOverlay(defaultExternalProject: overlay)))
        }
        _ = try await form(harness, source) { $0.externalProject = asked }
        #expect(harness.sites.calls.first?.url.contains("project=\(meant)&") == true)
    }

    @Test func `open issues that fit already come along, the object's own first`() async throws {
        let harness = try ServiceHarness.writing()
        let source = try await harness.addFake()
        let spare = try await harness.addFake("Spare", base: "https://spare.example")
        func make(
            _ source: ExtRefMessages.Source, _ title: String, _ object: String, _ print: String = ""
        ) async throws {
            _ = try await harness.links().createIssue(
                ServiceHarness.wish(source, title, object: object) { $0.link?.fingerprint = print })
        }
        try await make(source, "mine", "TC-1")
        try await make(spare, "same failure", "TC-2", "f00")
        try await make(source, "other failure", "TC-3", "ba5")
        let answer = try await form(harness, source) { $0.fingerprint = "f00" }
        #expect(answer.reusableIssues.map(\.title) == ["mine", "same failure"])
        #expect(try await form(harness, source).reusableIssues.map(\.title) == ["mine"])
        let none = try await form(harness, source) { $0.object = nil }
        #expect(none.reusableIssues.isEmpty)
        for index in 0..<12 { try await make(source, "no. \(index)", "R-\(index)", "many") }
        let many = try await form(harness, source) { $0.fingerprint = "many" }
        #expect(many.reusableIssues.count == DomainLimits.reusableIssuesMax)
        #expect(many.reusableIssues.map(\.title).prefix(2) == ["mine", "no. 11"])
    }

    @Test(arguments: [
        (503, "TRACKER_UNAVAILABLE"), (401, "TRACKER_CREDENTIALS_REJECTED"), (404, "TRACKER_ISSUE_NOT_FOUND"),
    ])
    func `a tracker that fails leaves the page where a person can do it, and says why`(
        status: Int, reason: String
    ) async throws {
        let harness = try ServiceHarness.writing()
        let source = try await harness.addFake()
        harness.sites.breaking { _ in .answer(status, "{}") }
        let answer = try await form(harness, source)
        #expect(answer.error?.reason == reason && answer.createURL == "https://fake.example/new")
        #expect(answer.fields.isEmpty && answer.issueTypes.isEmpty)
    }

    @Test func `a capability that is off leaves the page too, without asking the tracker`() async throws {
        let harness = try ServiceHarness.writing()
        let source = try await harness.addFake {
            $0.disabledCapabilities = [.create]
            $0.createURLTemplate = "{baseUrl}/projects/x/new"
        }
        let answer = try await form(harness, source)
        #expect(answer.error?.reason == "CAPABILITY_UNAVAILABLE")
        #expect(answer.createURL == "https://fake.example/projects/x/new" && harness.sites.calls.isEmpty)
        _ = try await harness.admin().disableSource(DisableSourceRequest(id: source.id))
        #expect(try await form(harness, source).error?.reason == "CAPABILITY_UNAVAILABLE")
    }

    @Test func `without such a page the failure is the answer`() async throws {
        let harness = try ServiceHarness.writing()
        var custom = ExtRefMessages.Source(
            provider: "custom", displayName: "Custom", baseURL: "https://x.example")
        custom.keyPattern = "[A-Z]+-[0-9]+"
        custom.issueURLTemplate = "{baseUrl}/{key}"
        let source = try #require(
            try await harness.admin().createSource(CreateSourceRequest(source: custom)).source)
        #expect(await failure { try await form(harness, source) }?.reason == "CAPABILITY_UNAVAILABLE")
    }

    @Test func `an external project outside the list is refused before the tracker is asked`() async throws {
        let harness = try ServiceHarness.writing()
        let source = try await harness.addFake { $0.allowedExternalProjects = ["FK"] }
        let error = await failure { try await form(harness, source) { $0.externalProject = "OTHER" } }
        #expect(error?.reason == "EXTERNAL_PROJECT_NOT_ALLOWED" && harness.sites.calls.isEmpty)
    }

    @Test func `what is wrong with a request is named`() async throws {
        let harness = try ServiceHarness.writing()
        let source = try await harness.addFake()
        let error = await failure {
            try await form(harness, source) {
                $0.objectFields = ["b": String(repeating: "x", count: 16_385), "a": ""]
                $0.fingerprint = String(repeating: "f", count: 129)
            }
        }
        #expect(error?.fields == ["object_fields[b]", "fingerprint"])
        let many = await failure {
            try await form(harness, source) { request in
                for index in 0..<33 { request.objectFields["f\(index)"] = "" }
            }
        }
        #expect(many?.fields == ["object_fields"] && harness.sites.calls.isEmpty)
        #expect(
            await failure { try await form(harness, source) { $0.object?.kind = "NO" } }?.fields
                == ["object.kind"])
    }
}
