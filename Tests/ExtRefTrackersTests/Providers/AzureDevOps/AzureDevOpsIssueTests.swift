// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct AzureDevOpsIssueTests {
    private typealias Samples = AzureDevOpsSamples

    static let fields =
        "System.Id%2CSystem.Title%2CSystem.State%2CSystem.Reason%2CSystem.AssignedTo%2CSystem.WorkItemType%2C"
        + "System.TeamProject%2CSystem.Tags%2CSystem.CreatedDate%2CSystem.ChangedDate%2C"
        + "Microsoft.VSTS.Common.Priority%2CMicrosoft.VSTS.Common.ClosedDate"
    static let fieldsJSON = "[\"" + fields.replacing("%2C", with: "\",\"") + "\"]"

    private func fetched(_ answers: HTTPResponse..., key: String = "12") async throws -> IssueSnapshot {
        let outcome = try await Samples.runner(Samples.script(answers))
            .fetchIssue(IssueReference(key: key), from: Samples.ready(), budget: Samples.budget)
        guard case .fetched(let issue, _) = outcome else {
            throw TrackerError(.badResponse, "The test got no issue.")
        }
        return issue
    }

    @Test func `a work item is read whole`() async throws {
        let more =
            ",\"System.AssignedTo\":\(Samples.person),\"System.Tags\":\"api; checkout ;; b\","
            + "\"Microsoft.VSTS.Common.Priority\":2,"
            + "\"Microsoft.VSTS.Common.ClosedDate\":\"2026-11-22T09:00:00Z\""
        let issue = try await fetched(
            Samples.json(Samples.item(12, state: "Closed", more: more)), Samples.states)
        #expect(issue.nativeID == "12" && issue.key == "12" && issue.projectKey == "Web Shop")
        #expect(
            issue.webURL == "https://dev.azure.com/acme/_workitems/edit/12" && issue.title == "Checkout fails"
        )
        #expect(issue.statusName == "Closed" && issue.providerCategory == .done)
        #expect(issue.resolution == "Fixed and verified" && issue.priority == "2" && issue.type == "Bug")
        #expect(
            issue.assignees == [
                ExternalPerson(id: "11111111-2222-3333-4444-555555555555", displayName: "Ada Example")
            ])
        #expect(issue.labels == ["api", "checkout", "b"])
        #expect(issue.createdAt == Timestamp(seconds: 1_795_161_600))
        #expect(issue.updatedAt == Timestamp(milliseconds: 1_795_341_730_250))
        #expect(issue.closedAt == Timestamp(seconds: 1_795_338_000))
    }

    @Test func `the requests are those of the description`() async throws {
        let transport = Samples.script([Samples.json(Samples.item(12)), Samples.states])
        _ = try await Samples.runner(transport)
            .fetchIssue(IssueReference(key: "12"), from: Samples.ready(), budget: Samples.budget)
        #expect(
            transport.sent.map(\.line) == [
                "GET /_apis/wit/workitems/12?fields=\(Self.fields)&api-version=7.1",
                "GET /Web%20Shop/_apis/wit/workitemtypes/Bug/states?api-version=7.1",
            ])
        #expect(transport.sent.allSatisfy { $0.headers == Samples.headers && $0.body == nil })
    }

    @Test func `what states mean is asked once for all reads of an hour`() async throws {
        let transport = Samples.script([
            Samples.json(Samples.item(12)), Samples.states, Samples.json(Samples.item(12, state: "Closed")),
        ])
        let runner = Samples.runner(transport)
        for category in [StatusCategory.inProgress, .done] {
            let outcome = try await runner.fetchIssue(
                IssueReference(key: "12"), from: Samples.ready(), budget: Samples.budget)
            guard case .fetched(let issue, _) = outcome else { return #expect(Bool(false)) }
            #expect(issue.providerCategory == category)
        }
        #expect(transport.sent.count == 3)
    }

    @Test(arguments: [
        ("New", StatusCategory.todo), ("Active", .inProgress), ("Resolved", .inProgress), ("Closed", .done),
        ("Removed", .canceled), ("closed", .done), ("Erledigt", .unknown), ("", .unknown),
    ])
    func `a state has the category that its type gives it`(
        state: String, category: StatusCategory
    ) async throws {
        let issue = try await fetched(Samples.json(Samples.item(12, state: state)), Samples.states)
        #expect(issue.providerCategory == category)
        #expect(category.isClosed || issue.resolution == nil && issue.closedAt == nil)
    }

    @Test(arguments: [
        Samples.refusal(404, "WorkItemTypeNotFoundException", "VS402323: no such type"),
        Samples.refusal(403, "AccessCheckException", "TF50309: no right"), Samples.json("{}", status: 400),
        Samples.json("[]"), Samples.json("{\"value\":7}"), Samples.list([#"{"name":"Active"}"#]),
        Samples.list([#"{"name":"Active","category":"Perhaps"}"#]), Samples.list(["null"]),
    ])
    func `without an answer about states the issue is read all the same`(states: HTTPResponse) async throws {
        let issue = try await fetched(Samples.json(Samples.item(12)), states)
        #expect(issue.statusName == "Active" && issue.providerCategory == .unknown)
    }

    @Test(arguments: [
        (HTTPResponse(status: 429), TrackerError.Code.rateLimited), (HTTPResponse(status: 503), .unavailable),
        (HTTPResponse(status: 401), .credentialsRejected),
        (Samples.refusal(403, "X", "TF400733: The request has been canceled."), .rateLimited),
    ])
    func `a question about states that cannot be asked now fails the read`(
        answer: HTTPResponse, code: TrackerError.Code
    ) async throws {
        let error = await #expect(throws: TrackerError.self) {
            try await fetched(Samples.json(Samples.item(12)), answer)
        }
        #expect(error?.code == code)
    }

    @Test(arguments: [
        ("..", "Bug"), ("_apis", "Bug"), ("a/b", "Bug"), ("", "Bug"), ("Web", ".."), ("Web", ""),
    ])
    func `a name that would lead elsewhere is not asked about`(project: String, type: String) async throws {
        let transport = Samples.script([Samples.json(Samples.item(12, type: type, project: project))])
        let outcome = try await Samples.runner(transport)
            .fetchIssue(IssueReference(key: "12"), from: Samples.ready(), budget: Samples.budget)
        guard case .fetched(let issue, _) = outcome else { return #expect(Bool(false)) }
        #expect(issue.providerCategory == .unknown && transport.sent.count == 1)
        #expect(issue.projectKey == (project == "Web" ? "Web" : ""))
    }

    @Test(arguments: [
        (Samples.person, "11111111-2222-3333-4444-555555555555", "Ada Example"),
        (#""Ada Example <ada@example.com>""#, "ada@example.com", "Ada Example"),
        (#""<ada@example.com>""#, "ada@example.com", "ada@example.com"),
        (#""Ada Example""#, "Ada Example", "Ada Example"),
        (#"{"uniqueName":"ada@example.com"}"#, "ada@example.com", "ada@example.com"),
        (#"{"id":"7","displayName":""}"#, "7", "7"),
    ])
    func `a person is an object or a text`(json: String, id: String, name: String) async throws {
        let issue = try await fetched(
            Samples.json(Samples.item(12, more: ",\"System.AssignedTo\":\(json)")), Samples.states)
        #expect(issue.assignees == [ExternalPerson(id: id, displayName: name)])
    }

    @Test(arguments: ["null", "{}", "\"\"", "7", "[]"])
    func `nobody is nobody`(json: String) async throws {
        let issue = try await fetched(
            Samples.json(Samples.item(12, more: ",\"System.AssignedTo\":\(json)")), Samples.states)
        #expect(issue.assignees.isEmpty && issue.labels.isEmpty && issue.priority == nil)
    }

    @Test func `more tags than are kept are cut`() async throws {
        let tags = (1...120).map { "tag \($0)" }.joined(separator: "; ")
        let issue = try await fetched(
            Samples.json(Samples.item(12, more: ",\"System.Tags\":\"\(tags)\"")), Samples.states)
        #expect(issue.labels.count == DomainLimits.labelsMax && issue.labels.last == "tag 100")
    }

    @Test func `another item than the one asked for is no answer`() async {
        let error = await #expect(throws: TrackerError.self) {
            try await fetched(Samples.json(Samples.item(13)), Samples.states)
        }
        #expect(error?.code == .badResponse)
    }

    @Test func `a number that is none is not sent`() async {
        let transport = Samples.script([])
        let error = await #expect(throws: TrackerError.self) {
            try await Samples.runner(transport)
                .fetchIssue(IssueReference(key: "x"), from: Samples.ready(), budget: Samples.budget)
        }
        #expect(error?.code == .invalidRequest && transport.sent.isEmpty)
    }
}

@Suite struct AzureDevOpsMissingItemTests {
    private typealias Samples = AzureDevOpsSamples

    private static let missing = Samples.refusal(
        404, "WorkItemUnauthorizedAccessException",
        "TF401232: Work item 12 does not exist, or you do not have permissions to read it.")

    private func failure(_ answers: [HTTPResponse]) async -> (TrackerError?, [String]) {
        let transport = Samples.script(answers)
        let error = await #expect(throws: TrackerError.self) {
            try await Samples.runner(transport)
                .fetchIssue(IssueReference(key: "12"), from: Samples.ready(), budget: Samples.budget)
        }
        return (error, transport.sent.map(\.line))
    }

    @Test(arguments: ["{\"id\":\"12\",\"name\":\"12:Checkout\"}", "{\"id\":12}"])
    func `a deleted item is told from a missing one by the recycle bin`(answer: String) async {
        let (error, lines) = await failure([Self.missing, Samples.json(answer)])
        #expect(error?.code == .gone && error?.reachability == .gone)
        #expect(lines.last == "GET /_apis/wit/recyclebin/12?api-version=7.1")
    }

    @Test(arguments: [
        Samples.json("{\"id\":13}"), Samples.json("[]"), HTTPResponse(status: 404), HTTPResponse(status: 403),
        HTTPResponse(status: 401),
        Samples.refusal(404, "WorkItemUnauthorizedAccessException", "TF401232: no"),
    ])
    func `what the recycle bin does not show is missing or hidden`(answer: HTTPResponse) async {
        let (error, lines) = await failure([Self.missing, answer])
        #expect(error?.code == .notFound && lines.count == 2)
        #expect(error?.message == "The work item does not exist, or these credentials may not read it.")
    }

    @Test func `an address without the interface is not asked for its recycle bin`() async {
        let page = HTTPResponse(status: 404, headers: [HTTPField("content-type", "text/html")])
        let (error, lines) = await failure([page])
        #expect(error?.code == .notFound && lines.count == 1)
    }
}

@Suite struct AzureDevOpsBatchTests {
    private typealias Samples = AzureDevOpsSamples

    @Test func `a batch is one request, and gaps are what was not returned`() async throws {
        let transport = Samples.script([
            Samples.list([Samples.item(3, state: "New"), "null", Samples.item(1, type: "Task")]),
            Samples.states,
            Samples.list([#"{"name":"Active","category":"Completed"}"#]),
        ])
        let references = ["1", "2", "3", "1"].map { IssueReference(key: $0) }
        let outcome = try await Samples.runner(transport)
            .fetchIssues(references, from: Samples.ready(), budget: Samples.budget)
        #expect(outcome.found.map(\.key) == ["3", "1"])
        #expect(outcome.found.map(\.providerCategory) == [.todo, .done])
        #expect(outcome.notReturned == [IssueReference(key: "2")] && outcome.failure == nil)
        #expect(
            transport.sent.map(\.line) == [
                "POST /_apis/wit/workitemsbatch?api-version=7.1",
                "GET /Web%20Shop/_apis/wit/workitemtypes/Bug/states?api-version=7.1",
                "GET /Web%20Shop/_apis/wit/workitemtypes/Task/states?api-version=7.1",
            ])
        #expect(
            transport.sent[0].text
                == "{\"errorPolicy\":\"omit\",\"fields\":\(AzureDevOpsIssueTests.fieldsJSON),\"ids\":[1,2,3]}"
        )
        #expect(transport.sent[0].headers == Samples.jsonHeaders)
    }

    @Test func `the known number is preferred, and 200 are one request`() async throws {
        let transport = Samples.script([Samples.list([]), Samples.list([])])
        let references = (1...201).map { IssueReference(key: String($0), nativeID: String($0)) }
        let outcome = try await Samples.runner(transport)
            .fetchIssues(references, from: Samples.ready(), budget: Samples.budget)
        #expect(outcome.notReturned.count == 201)
        #expect(transport.sent.count == 2 && transport.sent[1].text.hasSuffix("\"ids\":[201]}"))
    }

    @Test func `an item of one type too many is left to be read singly`() async throws {
        let items = (1...25).map { Samples.item($0, state: "Closed", type: "Type \($0 % 22)") }
        let transport = Samples.script([Samples.list(items)] + Array(repeating: Samples.states, count: 20))
        let references = (1...25).map { IssueReference(key: String($0)) }
        let outcome = try await Samples.runner(transport)
            .fetchIssues(references, from: Samples.ready(), budget: Samples.budget)
        #expect(transport.sent.count == 21)
        #expect(outcome.found.count == 23 && outcome.found.allSatisfy { $0.providerCategory == .done })
        #expect(outcome.notReturned == [IssueReference(key: "21"), IssueReference(key: "22")])
    }
}
