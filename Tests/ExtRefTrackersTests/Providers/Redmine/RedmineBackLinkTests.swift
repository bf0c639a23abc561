// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing
import TrackerConformance

@testable import ExtRefTrackers

@Suite struct RedmineBackLinkTests {
    private static let text =
        "Tested by: Test case TC-1\\nhttps://tests.example.com/"
        + "case/TC-1?a=b\\n\\n(lnk_01JD0000000000000000000000)"
    private static let read = "GET /issues/1.json?include=journals"
    private let tracker = RedmineTracker()
    private let source = Samples.recorded()

    private func run<Value: Sendable>(_ scenes: [Scene], _ call: TrackerCall<Value>) async throws -> Value {
        let transport = ScriptedTransport(scenes, baseURL: "https://redmine.example.com")
        defer { #expect(transport.complaints.isEmpty, "\(transport.complaints)") }
        return try await TrackerRunner(transport: transport, clock: ManualClock()).run(
            call, with: source, reading: tracker)
    }

    private func put(_ scenes: Scene...) async throws -> String {
        try await run(
            scenes, tracker.putBackLink(Samples.backLink, on: IssueReference(key: "1"), in: source))
    }

    private func remove(_ scenes: Scene...) async throws {
        try await run(
            scenes,
            tracker.removeBackLink(
                Samples.backLink, remoteID: "17", from: IssueReference(key: "9", nativeID: "1"), in: source))
    }

    private static func noted(_ notes: String...) -> Scene {
        let journals = notes.enumerated().map { "{\"id\":\($0 + 17),\"notes\":\"\($1)\"}" }.joined(
            separator: ",")
        let issue = RedmineWritingTests.issue(1).dropLast()
        return Scene(read, answer: "{\"issue\":\(issue),\"journals\":[\(journals)]}}")
    }

    private static let write = Scene(
        "PUT /issues/1.json", body: "{\"issue\":{\"notes\":\"\(text)\"}}",
        headers: ["Content-Type": "application/json", "X-Redmine-API-Key": "ADMIN-KEY"], status: 204,
        answerHeaders: [:])

    private static func edit(_ notes: String, status: Int = 204) -> Scene {
        Scene(
            "PUT /journals/17.json", body: "{\"journal\":{\"notes\":\"\(notes)\"}}", status: status,
            answerHeaders: [:])
    }

    @Test func `a note is written once and looked for again`() async throws {
        #expect(try await put(Self.noted("else"), Self.write, Self.noted("else", Self.text)) == "18")
        #expect(try await put(Self.noted(Self.text.replacing("\\n", with: "\\r\\n"))) == "17")
    }

    @Test func `a note that was dropped without a word is a missing right`() async throws {
        let error = await #expect(throws: TrackerError.self) {
            try await put(Self.noted(), Self.write, Self.noted())
        }
        #expect(error?.code == .permissionDenied)
    }

    @Test(arguments: [204, 403, 404])
    func `a note with an old text is changed where that is allowed`(status: Int) async throws {
        let old = "Old (lnk_01JD0000000000000000000000)"
        #expect(try await put(Self.noted(old), Self.edit(Self.text, status: status)) == "17")
    }

    @Test func `a note is taken away by emptying it`() async throws {
        try await remove(Self.noted(Self.text), Self.edit(""), Self.noted())
        try await remove(Self.noted("else"))
    }

    @Test(arguments: [403, 404])
    func `a note that stays is told`(status: Int) async throws {
        let error = await #expect(throws: TrackerError.self) {
            try await remove(Self.noted(Self.text), Self.edit("", status: status), Self.noted(Self.text))
        }
        #expect(error?.code == .permissionDenied)
    }

    // MARK: Rights

    private func report(project: String, _ user: String, role: String?) async -> ProbeReport {
        var draft = Samples.redmine()
        draft.defaultExternalProject = project
        let source = TrackerSource(draft, credential: TrackerCredential(["api_key": "ADMIN-KEY"]))
        let transport = FakeTransport { request in
            let body =
                request.url.contains("/roles/")
                ? role ?? "" : request.url.contains("/users/") ? user : "{\"issues\":[]}"
            return HTTPResponse(status: body.isEmpty ? 404 : 200, body: Array(body.utf8))
        }
        return await TrackerRunner(transport: transport, clock: ManualClock()).testConnection(source)
    }

    private static let member = """
        {"user":{"login":"bob","memberships":[{"project":{"id":1},"roles":[{"id":4}]},\
        {"project":{"id":2},"roles":[{"id":5}]}]}}
        """

    @Test(
        arguments: [
            ("", "{\"user\":{\"login\":\"a\",\"admin\":true}}", nil, ProbeVerdict.passed, []),
            ("1", member, "{\"role\":{\"permissions\":[\"add_issues\",\"add_issue_notes\"]}}", .passed, []),
            (
                "1", member, "{\"role\":{\"permissions\":[\"view_issues\"]}}", .warning,
                [Capability.create, .comment]
            ),
            ("3", member, nil, .warning, []), ("", "{\"user\":{\"login\":\"a\"}}", nil, .warning, []),
            ("1", member, nil, .warning, []),
        ] as [(String, String, String?, ProbeVerdict, Set<Capability>)])
    func `a connection test tells what the account's roles allow`(
        project: String, user: String, role: String?, verdict: ProbeVerdict, denied: Set<Capability>
    ) async {
        let report = await report(project: project, user, role: role)
        #expect(report.isOK && report.denied == denied)
        for name in [ProbeStep.Name.create, .comment] {
            let step = report.steps.first { $0.name == name }
            #expect(step?.verdict == verdict && step?.advice.isEmpty == false, "\(name)")
        }
    }

    // MARK: Exam

    @Test func `everything passes the exam of all adapters`() async throws {
        let source = Samples.secretive(
            .redmine, "https://redmine.example.com", method: .apiKey, project: "1",
            secrets: ["api_key": "SECRET-KEY"])
        let written = [
            Self.noted(Self.text), RedmineWritingTests.formScenes[0], RedmineWritingTests.formScenes[1],
            RedmineWritingTests.formScenes[2], RedmineWritingTests.formScenes[3],
            Scene("GET /users/current.json?include=memberships", answer: Self.member),
            Scene("GET /roles/4.json", answer: "{\"role\":{\"permissions\":[\"add_issues\"]}}"),
        ].map(\.recorded)
        let exam = TrackerExam(
            tracker, source: source, keys: ["1", "42"],
            answers: try ["issue", "batch", "identity"].map(Samples.recording) + written.compactMap(\.self))
        #expect(exam.description() == [])
        #expect(exam.recognition() == [])
        #expect(exam.requests() == [])
        let (wrong, count) = await exam.answersReading()
        #expect(wrong.isEmpty, "\(wrong)")
        #expect(count > 2_000)
    }
}
