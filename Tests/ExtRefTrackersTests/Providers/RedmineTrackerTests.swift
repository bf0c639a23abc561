// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing
import TrackerConformance

@testable import ExtRefTrackers

@Suite struct RedmineTrackerTests {
    private static let budget = Duration.seconds(5)

    private func replay(_ names: String...) throws -> (TrackerRunner, RecordedTransport) {
        let transport = RecordedTransport(
            try names.map(Samples.recording), baseURL: "https://redmine.example.com")
        return (TrackerRunner(transport: transport, clock: ManualClock()), transport)
    }

    @Test func `an issue is read whole`() async throws {
        let (runner, transport) = try replay("issue")
        let outcome = try await runner.fetchIssue(
            IssueReference(key: "1"), from: Samples.recorded(), budget: Self.budget)
        guard case .fetched(let issue, let validator) = outcome else { return #expect(Bool(false)) }
        #expect(issue.nativeID == "1" && issue.key == "1" && issue.projectKey == "1")
        #expect(issue.webURL == "https://redmine.example.com/issues/1" && issue.title == "Checkout fails")
        #expect(issue.statusName == "New" && issue.providerCategory == .todo && issue.resolution == nil)
        #expect(issue.assignees == [ExternalPerson(id: "5", displayName: "Bob Builder")])
        #expect(issue.priority == "Normal" && issue.type == "Bug" && issue.labels.isEmpty)
        #expect(issue.createdAt != nil && issue.updatedAt == issue.createdAt && issue.closedAt == nil)
        #expect(validator.hasPrefix("W/\""))
        #expect(transport.complaints.isEmpty, "\(transport.complaints)")
    }

    @Test(arguments: [("issue", "1"), ("closed", "2"), ("rejected", "4"), ("missing", "999")])
    func `what a real one answers is no change of its interface`(name: String, key: String) async throws {
        let watch = DriftRecorder()
        let transport = RecordedTransport(
            [try Samples.recording(name)], baseURL: "https://redmine.example.com")
        let runner = TrackerRunner(transport: transport, drift: watch, clock: ManualClock())
        _ = await failure {
            try await runner.fetchIssue(
                IssueReference(key: key), from: Samples.recorded(), budget: Self.budget)
        }
        #expect(transport.sent.count == 1 && watch.summary == [])
    }

    @Test(arguments: [("closed", "2", StatusCategory.done), ("rejected", "4", .canceled)])
    func `a closed issue has its category and its time`(
        name: String, key: String, category: StatusCategory
    ) async throws {
        let (runner, _) = try replay(name)
        let outcome = try await runner.fetchIssue(
            IssueReference(key: key), from: Samples.recorded(), budget: Self.budget)
        guard case .fetched(let issue, _) = outcome else { return #expect(Bool(false)) }
        #expect(issue.providerCategory == category && issue.closedAt != nil && issue.assignees.isEmpty)
    }

    @Test func `a batch tells what was not returned`() async throws {
        let (runner, transport) = try replay("batch")
        let references = ["1", "2", "3", "999", "1"].map { IssueReference(key: $0) }
        let outcome = try await runner.fetchIssues(references, from: Samples.recorded(), budget: Self.budget)
        #expect(Set(outcome.found.map(\.key)) == ["1", "2", "3"])
        #expect(outcome.notReturned == [IssueReference(key: "999")] && outcome.failure == nil)
        #expect(transport.complaints.isEmpty, "\(transport.complaints)")
    }

    @Test(arguments: [
        ("missing", "999", "ADMIN-KEY", TrackerError.Code.notFound, Reachability.notFound),
        ("forbidden", "3", "USER-KEY", .permissionDenied, .forbidden),
    ])
    func `forbidden and missing are told apart`(
        name: String, key: String, credential: String, code: TrackerError.Code, reachability: Reachability
    ) async throws {
        let (runner, transport) = try replay(name)
        let error = await #expect(throws: TrackerError.self) {
            try await runner.fetchIssue(
                IssueReference(key: key), from: Samples.recorded(key: credential), budget: Self.budget)
        }
        #expect(error?.code == code && error?.reachability == reachability)
        #expect(transport.complaints.isEmpty, "\(transport.complaints)")
    }

    @Test func `a search finds by words`() async throws {
        let (runner, transport) = try replay("search")
        let found = try await runner.searchIssues(
            " Check\u{0} ", limit: 5, in: Samples.recorded(), budget: Self.budget)
        #expect(found.map(\.title) == ["Checkout fails"])
        #expect(transport.complaints.isEmpty, "\(transport.complaints)")
    }

    @Test func `a connection test names the account and never its key`() async throws {
        let (runner, transport) = try replay("identity", "read", "rights", "rights")
        let report = await runner.testConnection(Samples.recorded())
        #expect(report.isOK && report.identity == "Redmine Admin (admin)")
        #expect(report.steps.map(\.name) == ProbeStep.Name.allCases)
        let unasked: Set<ProbeStep.Name> = [
            .dns, .search, .backLink, .webhook, .clock, .rate,
        ]
        #expect(
            report.steps.allSatisfy {
                $0.verdict == .passed || unasked.contains($0.name) && $0.verdict == .skipped
            })
        #expect(!"\(report)".contains("ADMIN-KEY"))
        #expect(transport.complaints.isEmpty, "\(transport.complaints)")
        #expect(transport.sent.allSatisfy { $0.needsFreshConnection && $0.partition == "src_redmine" })
    }

    @Test func `a wrong key fails the step it belongs to`() async throws {
        let (runner, _) = try replay("bad-key")
        let report = await runner.testConnection(Samples.recorded(key: "WRONG-KEY"))
        #expect(!report.isOK && report.failureClass == "auth" && report.reason == .trackerCredentialsRejected)
        #expect(report.steps.first { $0.name == .http }?.verdict == .passed)
        #expect(report.steps.first { $0.name == .auth }?.verdict == .failed)
        #expect(report.steps.first { $0.name == .read }?.verdict == .skipped)
    }

    @Test func `each way to authenticate sends its header and nothing else`() async throws {
        let transport = FakeTransport(404)
        let runner = TrackerRunner(transport: transport, clock: ManualClock())
        var source = Samples.redmine()
        source.authenticationMethod = .basic
        source.authenticationSettings = ["username": "böb"]
        let basic = TrackerSource(source, credential: TrackerCredential(["password": "pa:ss"]))
        _ = try? await runner.fetchIssue(IssueReference(key: "1"), from: basic, budget: Self.budget)
        source.authenticationMethod = .none
        _ = try? await runner.fetchIssue(
            IssueReference(key: "1"), from: TrackerSource(source), budget: Self.budget)
        #expect(transport.sent.count == 2)
        #expect(
            transport.sent[0].headers == [
                HTTPField("Accept", "application/json"), HTTPField("Authorization", "Basic YsO2YjpwYTpzcw=="),
            ])
        #expect(transport.sent[1].headers == [HTTPField("Accept", "application/json")])
    }

    @Test func `without a key nothing is sent`() async {
        let transport = FakeTransport(200)
        let runner = TrackerRunner(transport: transport, clock: ManualClock())
        let error = await #expect(throws: TrackerError.self) {
            try await runner.fetchIssue(
                IssueReference(key: "1"), from: TrackerSource(Samples.redmine()), budget: Self.budget)
        }
        #expect(error?.code == .credentialsRejected)
        let report = await runner.testConnection(TrackerSource(Samples.redmine()))
        #expect(report.failureClass == "auth" && report.reason == .credentialRequired)
        #expect(transport.sent.isEmpty)
    }

    @Test(arguments: [
        ("https://h.example", "", "https://h.example/issues/7.json"),
        ("https://h.example/red/mine", "", "https://h.example/red/mine/issues/7.json"),
        ("https://h.example", "https://api.example/v1/", "https://api.example/v1/issues/7.json"),
    ])
    func `requests go below the API address`(base: String, api: String, expected: String) async {
        let transport = FakeTransport(404)
        var source = Samples.redmine("r", base)
        source.apiBaseURL = api
        source.authenticationMethod = .none
        _ = try? await TrackerRunner(transport: transport, clock: ManualClock())
            .fetchIssue(IssueReference(key: "7"), from: TrackerSource(source), budget: Self.budget)
        #expect(transport.sent.map(\.url) == [expected])
    }

    @Test(arguments: [
        ("{\"id\":1,\"name\":\"New\",\"is_closed\":false}", StatusCategory.todo),
        ("{\"id\":7,\"name\":\"new\",\"is_closed\":false}", .todo),
        ("{\"id\":2,\"name\":\"In Progress\",\"is_closed\":false}", .inProgress),
        ("{\"id\":3,\"name\":\"Resolved\",\"is_closed\":false}", .inProgress),
        ("{\"id\":5,\"name\":\"Closed\",\"is_closed\":true}", .done),
        ("{\"id\":9,\"name\":\"Geschlossen\",\"is_closed\":true}", .done),
        ("{\"id\":6,\"name\":\"Rejected\",\"is_closed\":true}", .canceled),
        ("{\"id\":8,\"name\":\"DUPLICATE\",\"is_closed\":true}", .canceled),
        // Before 5.0 nothing says whether a status is closed.
        ("{\"id\":1,\"name\":\"New\"}", .todo), ("{\"id\":5,\"name\":\"Closed\"}", .done),
        ("{\"id\":3,\"name\":\"Resolved\"}", .inProgress),
        ("{\"id\":9,\"name\":\"Erledigt\"}", .unknown), ("{\"id\":1,\"name\":\"Neu\"}", .unknown),
        ("{\"name\":\"Rejected\",\"is_closed\":\"yes\"}", .canceled),
    ])
    func `a status has its category`(status: String, category: StatusCategory) throws {
        let body = "{\"issue\":{\"id\":1,\"subject\":\"s\",\"status\":\(status)}}"
        let response = TrackerResponse(status: 200, body: Array(body.utf8))
        #expect(
            try RedmineTracker().readIssue(response, from: Samples.recorded()).providerCategory == category)
    }

    @Test func `it passes the exam of all adapters`() async throws {
        let source = Samples.recorded(key: "SECRET-KEY")
        let exam = TrackerExam(
            RedmineTracker(), source: source, keys: ["1", "42", "999999999999999999"],
            answers: try ["issue", "read", "identity"].map(Samples.recording))
        #expect(exam.description() == [])
        #expect(exam.recognition() == [])
        #expect(exam.requests() == [])
        let (wrong, count) = await exam.answersReading()
        #expect(wrong.isEmpty, "\(wrong)")
        #expect(count > 1_000)
    }

    @Test func `so does the link-only provider`() {
        let source = TrackerSource(
            Samples.source("c", .custom, "https://bugs.example/x", template: "{baseUrl}/t/{key}"))
        let exam = TrackerExam(CustomTracker(), source: source, keys: ["PROJ-12", "a/b#3", "9"])
        #expect(exam.description() == [])
        #expect(exam.recognition() == [])
        #expect(exam.requests() == [])
    }
}
