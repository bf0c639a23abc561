// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct ForgejoCreateTests {
    private static let create = "POST /api/v1/repos/team/app/issues"
    private static let people = "GET /api/v1/repos/team/app/assignees"
    private static let marker = CreationMarker(
        text: "extref-01jd0000000000000000000000", uuid: "0190d000-0000-4000-8000-000000000000")

    private static func labels(page: Int) -> String {
        "GET /api/v1/repos/team/app/labels?limit=50&page=\(page)"
    }

    private func draft(_ fields: [String: String]) -> NewIssue {
        NewIssue(project: "team/app", fields: fields, marker: Self.marker, startedAt: ForgeScript.now)
    }

    private func form(_ script: ForgeScript) async throws -> IssueForm {
        let source = ForgejoSamples.source()
        return try await script.run(
            try ForgejoTracker().form(project: "team/app", type: "", in: source), source)
    }

    private func field(_ name: String, _ form: IssueForm) -> IssueFormField? {
        form.fields.first { $0.name == name }
    }

    @Test func `the form offers the repository's labels and people`() async throws {
        let script = ForgejoSamples.script([
            Self.labels(page: 1): .init(
                200, "[{\"id\":3,\"name\":\"bug\"},{\"id\":0,\"name\":\"x\"},{\"name\":\"y\"}]",
                ["link": "<https://x>; rel=\"next\""]),
            Self.labels(page: 2): .init("[{\"id\":5,\"name\":\"docs\\u202e\"}]"),
            Self.people: .init(
                "[{\"login\":\"bob\",\"full_name\":\"Bob B.\"},{\"login\":\"ann\"},{\"login\":\"a,b\"}]"
            ),
        ])
        let form = try await form(script)
        #expect(
            field("labels", form)?.choices == [
                IssueFormChoice(id: "3", label: "bug"), IssueFormChoice(id: "5", label: "docs"),
            ])
        #expect(
            field("assignees", form)?.choices == [
                IssueFormChoice(id: "bob", label: "Bob B. (bob)"), IssueFormChoice(id: "ann", label: "ann"),
            ])
        #expect(
            form.fields.map(\.name) == [
                "title", "description", "labels", "assignees", "milestone", "due_date",
            ])
        #expect(form.fields.filter(\.isRequired).map(\.name) == ["title"] && form.types.isEmpty)
        #expect(form.createURL == "https://git.example.com/team/app/issues/new")
        #expect(script.lines == [Self.labels(page: 1), Self.labels(page: 2), Self.people])
    }

    @Test func `what is too much or unknown is typed instead of chosen`() async throws {
        let script = ForgejoSamples.script(
            Dictionary(
                uniqueKeysWithValues: (1...4).map {
                    (
                        Self.labels(page: $0),
                        .init(200, "[{\"id\":3,\"name\":\"bug\"}]", ["link": "<https://x>; rel=\"next\""])
                    )
                } + [(Self.people, .init(403))]))
        let form = try await form(script)
        #expect(field("labels", form)?.kind == .text && field("assignees", form)?.kind == .text)
        #expect(script.lines.count == ForgejoTracker.labelPagesMax + 1)
    }

    @Test func `a repository without labels asks for none`() async throws {
        let script = ForgejoSamples.script([Self.labels(page: 1): .init("[]"), Self.people: .init("[]")])
        #expect(
            try await form(script).fields.map(\.name) == ["title", "description", "milestone", "due_date"])
    }

    @Test func `a hidden repository has no form`() async {
        let script = ForgejoSamples.script([Self.labels(page: 1): .init(404)])
        let error = await #expect(throws: TrackerError.self) { try await form(script) }
        #expect(error?.code == .notFound)
    }

    private func create(_ fields: [String: String], _ script: ForgeScript) async throws -> IssueSnapshot {
        let source = ForgejoSamples.source()
        return try await script.run(try ForgejoTracker().create(draft(fields), in: source), source)
    }

    @Test func `a new issue is sent in Forgejo's types and read from the answer`() async throws {
        let script = ForgejoSamples.script([Self.create: .init(201, ForgejoSamples.issue())])
        let issue = try await create(
            [
                "title": "t", "description": "d", "labels": "3,5", "assignees": "bob, ann", "milestone": "2",
                "due_date": "2026-12-01",
            ], script)
        #expect(issue.key == "team/app#23" && issue.nativeID == "92")
        #expect(
            script.bodies == [
                "{\"assignees\":[\"bob\",\"ann\"],\"body\":\"d\\n\\nextref-01jd0000000000000000000000\","
                    + "\"due_date\":\"2026-12-01T00:00:00Z\",\"labels\":[3,5],\"milestone\":2,"
                    + "\"title\":\"t\"}"
            ])
        #expect(
            script.transport.sent[0].headers == [
                HTTPField("Accept", "application/json"), HTTPField("Authorization", "token TOKEN"),
                HTTPField("Content-Type", "application/json"),
            ])
    }

    @Test func `what is not filled in is not sent`() async throws {
        let script = ForgejoSamples.script([Self.create: .init(201, ForgejoSamples.issue())])
        _ = try await create(["title": "t", "labels": "", "due_date": " "], script)
        #expect(script.bodies == ["{\"body\":\"extref-01jd0000000000000000000000\",\"title\":\"t\"}"])
    }

    @Test(arguments: [
        ([:], ["title"]), (["title": "t", "labels": "bug"], ["labels"]),
        (["title": "t", "milestone": "-1", "due_date": "soon"], ["milestone", "due_date"]),
    ])
    func `what cannot be sent is refused before it is`(fields: [String: String], faults: [String]) async {
        let script = ForgejoSamples.script([:])
        let error = await #expect(throws: TrackerError.self) { try await create(fields, script) }
        #expect(error?.code == .invalidRequest && error?.fieldFaults.map(\.field) == faults)
        #expect(script.lines.isEmpty)
    }

    @Test(arguments: [
        ("[Title]: Required", ["title: Required"]), ("[Deadline]: is \u{7}bad", ["due_date: is bad"]),
        ("[Other]: x", []), ("[Title]", []), ("nonsense", []),
    ])
    func `what Forgejo refuses is named by field`(message: String, faults: [String]) async {
        let body = String(decoding: TrackerJSON.encode(["message": message]), as: UTF8.self)
        let script = ForgejoSamples.script([Self.create: .init(422, body)])
        let error = await #expect(throws: TrackerError.self) { try await create(["title": "t"], script) }
        #expect(error?.code == .invalidRequest)
        #expect(error?.fieldFaults.map { "\($0.field): \($0.description)" } == faults)
    }

    private static func list(page: Int) -> String {
        "GET /api/v1/repos/team/app/issues?state=all&type=issues&since=2026-11-22T09%3A42%3A47.000Z"
            + "&sort=latest&limit=50&page=\(page)"
    }

    private func findCreated(_ script: ForgeScript) async throws -> IssueSnapshot? {
        let source = ForgejoSamples.source()
        return try await script.run(
            try ForgejoTracker().findCreated(draft(["title": "t"]), in: source), source)
    }

    @Test func `a created issue is found by its marker among the new ones`() async throws {
        let own = ForgejoSamples.issue(body: "d\\n\\n\(Self.marker.text)")
        let script = ForgejoSamples.script([
            Self.list(page: 1): .init(
                200, "[\(ForgejoSamples.issue(id: 1, number: 1))]", ["link": "<https://x>; rel=\"next\""]),
            Self.list(page: 2): .init("[\(own)]"),
        ])
        #expect(try await findCreated(script)?.key == "team/app#23")
    }

    @Test func `one that was never created is not`() async throws {
        let script = ForgejoSamples.script([Self.list(page: 1): .init("[]")])
        #expect(try await findCreated(script) == nil && script.lines.count == 1)
    }

    @Test func `the search for it ends`() async throws {
        let transport = FakeTransport(
            200, ["link": "<https://x>; rel=\"next\""], body: "[\(ForgejoSamples.issue())]")
        let runner = ForgeScript.runner(of: ForgejoTracker(), transport)
        let source = ForgejoSamples.source()
        let found = try await runner.run(
            try ForgejoTracker().findCreated(draft(["title": "t"]), in: source), with: source,
            reading: ForgejoTracker())
        #expect(found == nil && transport.sent.count == ForgejoTracker.creationPagesMax)
    }
}
