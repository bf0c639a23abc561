// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Foundation
import Testing
import TrackerConformance

@testable import ExtRefTrackers

/// Against the server that `scripts/redmine start` runs and describes in the environment. Without it these
/// tests are skipped, but not where `CI` is set: there a missing server is a failure. One after the other:
/// the server answers few at a time, and locks its whole database for a write.
@Suite(.serialized, .enabled(if: RealRedmine.isExpected), .timeLimit(.minutes(2))) struct RealRedmineTests {
    private static let budget = Duration.seconds(9)
    private let client = HTTPClient(egress: LoopbackPolicy())
    private var runner: TrackerRunner { TrackerRunner(transport: client) }

    @Test func `a connection test passes all steps`() async throws {
        let report = await runner.testConnection(try RealRedmine.source())
        #expect(report.isOK, "\(report)")
        #expect(report.identity == "Redmine Admin (admin)")
        #expect(report.elapsed < .seconds(10))
        let key = try RealRedmine.value("TEST_REDMINE_KEY")
        #expect(!"\(report)".contains(key))
        for name in [ProbeStep.Name.tcp, .http, .identity, .read] {
            #expect(report.steps.first { $0.name == name }.map { $0.elapsed > .zero } == true, "\(name)")
        }
    }

    @Test func `a wrong key is an authentication failure`() async throws {
        let report = await runner.testConnection(
            try RealRedmine.source(key: String(repeating: "0", count: 40)))
        #expect(report.failureClass == "auth" && report.reason == .trackerCredentialsRejected)
    }

    @Test func `an address that is no Redmine is told as such`() async throws {
        var source = try RealRedmine.source().source
        source.baseURL += "/nowhere"
        let report = await runner.testConnection(try RealRedmine.source(like: source))
        #expect(report.failureClass == "http" && !report.isOK)
    }

    @Test(arguments: [
        ("1", "Checkout fails", "New", StatusCategory.todo), ("2", "Search is slow", "Closed", .done),
        ("4", "Will not be done", "Rejected", .canceled),
        ("5", "Umlaut \u{e4}\u{f6}\u{fc} and emoji \u{1F680}", "In Progress", .inProgress),
    ])
    func `issues are read as they are`(
        key: String, title: String, status: String, category: StatusCategory
    ) async throws {
        let source = try RealRedmine.source()
        let outcome = try await runner.fetchIssue(IssueReference(key: key), from: source, budget: Self.budget)
        guard case .fetched(let issue, let validator) = outcome else { return #expect(Bool(false)) }
        #expect(issue.title == title && issue.statusName == status && issue.providerCategory == category)
        #expect((issue.closedAt != nil) == category.isClosed)
        #expect(issue.webURL == source.source.baseURL + "/issues/" + key)
        let again = try await runner.fetchIssue(
            IssueReference(key: key), validator: validator, from: source, budget: Self.budget)
        #expect(again == .notModified)
    }

    @Test func `missing and forbidden are told apart, and a batch tells neither`() async throws {
        let admin = try RealRedmine.source()
        let missing = await #expect(throws: TrackerError.self) {
            try await runner.fetchIssue(IssueReference(key: "99999"), from: admin, budget: Self.budget)
        }
        #expect(missing?.code == .notFound)
        let user = try RealRedmine.source(key: RealRedmine.value("TEST_REDMINE_USER_KEY"))
        let forbidden = await #expect(throws: TrackerError.self) {
            try await runner.fetchIssue(IssueReference(key: "3"), from: user, budget: Self.budget)
        }
        #expect(forbidden?.code == .permissionDenied)
        let references = ["1", "2", "3", "99999"].map { IssueReference(key: $0) }
        let seen = try await runner.fetchIssues(references, from: user, budget: Self.budget)
        #expect(Set(seen.found.map(\.key)) == ["1", "2"] && seen.notReturned.map(\.key) == ["3", "99999"])
        let all = try await runner.fetchIssues(references, from: admin, budget: Self.budget)
        #expect(Set(all.found.map(\.key)) == ["1", "2", "3"])
    }

    @Test func `a thousand issues cost ten calls, whatever became of three of them`() async throws {
        let bob = try RealRedmine.source(key: RealRedmine.value("TEST_REDMINE_USER_KEY"))
        let counting = FakeTransport { [client] (request) throws(HTTPError) in
            try await client.send(request)
        }
        // 3 is hidden from Bob, 99999 never was, and 1500 has moved to another project.
        try await move("1500", to: "demo")
        let asked = ["3", "99999"] + (1001...1998).map(String.init)
        // What is counted are calls; how long this machine takes for them is not the question.
        let runner = TrackerRunner(transport: counting, clock: ManualClock())
        let seen = try await runner.fetchIssues(
            asked.map { IssueReference(key: $0, nativeID: $0) }, from: bob, budget: Self.budget)
        #expect(Set(seen.found.map(\.key)) == Set(asked.dropFirst(2)))
        #expect(seen.notReturned.map(\.key) == ["3", "99999"])
        #expect(seen.refused.isEmpty && seen.unanswered.isEmpty)
        #expect(counting.sent.count == 10, "\(counting.sent.map(\.url))")
        #expect(seen.found.first { $0.key == "1500" }?.projectKey == "1")
    }

    private func move(_ key: String, to project: String) async throws {
        let answer = try await client.send(
            HTTPRequest(
                .put, RealRedmine.value("TEST_REDMINE_URL") + "/issues/\(key).json",
                headers: [
                    HTTPField("X-Redmine-API-Key", RealRedmine.value("TEST_REDMINE_KEY")),
                    HTTPField("Content-Type", "application/json"),
                ], body: Array("{\"issue\":{\"project_id\":\"\(project)\"}}".utf8)))
        try #require(answer.status == 204)
    }

    @Test func `words and numbers are found`() async throws {
        let source = try RealRedmine.source()
        let found = try await runner.searchIssues("checkout", limit: 5, in: source, budget: Self.budget)
        #expect(found.contains { $0.key == "1" })
        #expect(
            try await runner.searchIssues("#2", limit: 5, in: source, budget: Self.budget).map(\.key) == ["2"]
        )
        #expect(
            try await runner.searchIssues("no & such = thing %", limit: 5, in: source, budget: Self.budget)
                .isEmpty)
    }

    @Test func `a login and password work like a key`() async throws {
        var source = try RealRedmine.source().source
        source.authenticationMethod = .basic
        source.authenticationSettings = ["username": "bob"]
        let bob = TrackerSource(source, credential: TrackerCredential(["password": "bobbobbob"]))
        let report = await runner.testConnection(bob)
        #expect(report.isOK && report.identity == "Bob Builder (bob)", "\(report)")
    }

    @Test func `the recordings are still what a server answers`() async throws {
        for name in ["issue", "closed", "rejected", "batch", "read", "rights"] {
            let exchange = try Samples.recording(name)
            let url = try RealRedmine.value("TEST_REDMINE_URL") + exchange.pathAndQuery
            let key = HTTPField("X-Redmine-API-Key", try RealRedmine.value("TEST_REDMINE_KEY"))
            let response = try await client.send(HTTPRequest(.get, url, headers: [key]))
            #expect(response.status == exchange.response.status)
            #expect(try Self.shape(response.body) == Self.shape(exchange.response.body), "\(name)")
        }
    }

    @Test func `a connection test tells what the account's roles allow`() async throws {
        let report = await runner.testConnection(
            try RealRedmine.source(key: RealRedmine.value("TEST_REDMINE_USER_KEY")))
        #expect(report.isOK && report.denied.isEmpty, "\(report)")
        for name in [ProbeStep.Name.create, .comment] {
            #expect(report.steps.first { $0.name == name }?.verdict == .passed, "\(name)")
        }
    }

    /// What is made stays in the server's own copy of the database.
    @Test func `an issue is created by its form, found again, linked back and seen among the changes`()
        async throws
    {
        let tracker = RedmineTracker()
        let bob = try RealRedmine.source(key: RealRedmine.value("TEST_REDMINE_USER_KEY"))
        let form = try await run(tracker.form(project: "1", type: "", in: bob), bob)
        #expect(form.types.map(\.label) == ["Bug", "Feature", "Support"])
        #expect(form.fields.map(\.name).prefix(3) == ["title", "description", "priority_id"])
        let fields = [
            "title": "Made \u{1F680}", "description": "One\n\ntwo <b>", "priority_id": "3",
            "assigned_to_id": "5",
        ]
        #expect(form.violations(of: fields).isEmpty)
        let draft = Self.draft(fields)
        #expect(try await run(tracker.findCreated(draft, in: bob), bob) == nil)
        let made = try await run(tracker.create(draft, in: bob), bob)
        #expect(made.title == "Made \u{1F680}" && made.priority == "High" && made.projectKey == "1")
        #expect(try await run(tracker.findCreated(draft, in: bob), bob) == made)
        try await linkBack(made, bob)
        let start = try #require(made.createdAt)
        let changes = try await run(tracker.changes(since: start, project: "", page: "", in: bob), bob)
        #expect(changes.issues.contains { $0.key == made.key })
        let later = try await run(
            tracker.changes(since: start + .seconds(3_600), project: "1", page: "", in: bob), bob)
        #expect(later.issues.isEmpty && later.next.isEmpty)
    }

    /// Bob may not edit his notes, the administrator may.
    private func linkBack(_ issue: IssueSnapshot, _ bob: TrackerSource) async throws {
        let tracker = RedmineTracker()
        let admin = try RealRedmine.source()
        let reference = IssueReference(key: issue.key)
        let first = try await run(tracker.putBackLink(Samples.backLink, on: reference, in: bob), bob)
        let again = try await run(tracker.putBackLink(Samples.backLink, on: reference, in: admin), admin)
        #expect(Int(first) != nil && first == again)
        let refusal = await #expect(throws: TrackerError.self) {
            try await run(
                tracker.removeBackLink(Samples.backLink, remoteID: first, from: reference, in: bob), bob)
        }
        #expect(refusal?.code == .permissionDenied)
        for _ in 0..<2 {
            try await run(
                tracker.removeBackLink(Samples.backLink, remoteID: first, from: reference, in: admin), admin)
        }
    }

    @Test func `a refused issue is told by field, and a foreign project as a missing right`() async throws {
        let tracker = RedmineTracker()
        let bob = try RealRedmine.source(key: RealRedmine.value("TEST_REDMINE_USER_KEY"))
        let faulty = await #expect(throws: TrackerError.self) {
            try await run(tracker.create(Self.draft(["title": "", "priority_id": "99"]), in: bob), bob)
        }
        #expect(faulty?.code == .invalidRequest)
        #expect(Set(faulty?.fieldFaults.map(\.field) ?? []) == ["title", "priority_id"])
        let foreign = await #expect(throws: TrackerError.self) {
            try await run(tracker.create(Self.draft(["title": "t"], project: "2"), in: bob), bob)
        }
        #expect(foreign?.code == .permissionDenied)
    }

    private func run<Value: Sendable>(
        _ call: TrackerCall<Value>, _ source: TrackerSource
    ) async throws -> Value {
        try await runner.run(call, with: source, reading: RedmineTracker())
    }

    /// A draft with a marker of its own, begun a moment ago.
    private static func draft(_ fields: [String: String], project: String = "1") -> NewIssue {
        let word = UUID().uuidString.lowercased()
        return NewIssue(
            project: project, fields: fields,
            marker: CreationMarker(text: "extref-" + word.filter { $0 != "-" }.prefix(26), uuid: word),
            startedAt: TrackerRunner.systemTime())
    }

    /// The names of all members, in which a newer server would differ first.
    private static func shape(_ body: [UInt8]) throws -> Set<String> {
        func names(_ value: Any) -> Set<String> {
            switch value {
            case let object as [String: Any]:
                object.reduce(into: []) { $0.formUnion(names($1.value).union([$1.key])) }
            case let list as [Any]: list.reduce(into: []) { $0.formUnion(names($1)) }
            default: []
            }
        }
        return names(try JSONSerialization.jsonObject(with: Data(body)))
    }
}

/// The server in the environment.
enum RealRedmine {
    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    private static var environment: [String: String] { ProcessInfo.processInfo.environment }

    static var isExpected: Bool { environment["TEST_REDMINE_URL"] != nil || environment["CI"] == "true" }

    static func value(_ name: String) throws -> String {
        guard let value = environment[name], !value.isEmpty else {
            throw Missing(
                description: "\(name) is not set; run scripts/redmine start and export what it prints")
        }
        return value
    }

    static func source(key: String? = nil, like source: IntegrationSource? = nil) throws -> TrackerSource {
        let source = try source ?? Samples.redmine("real", value("TEST_REDMINE_URL"))
        return TrackerSource(
            source, credential: TrackerCredential(["api_key": try key ?? value("TEST_REDMINE_KEY")]))
    }
}

/// Lets tests reach loopback and nothing else.
struct LoopbackPolicy: EgressPolicy {
    func judge(url: String) throws(EgressDenial) -> EgressTarget {
        let prefix = "http://127.0.0.1:"
        let rest = url.dropFirst(prefix.count)
        let digits = rest.prefix { $0.isNumber }
        guard url.hasPrefix(prefix), let port = UInt16(digits) else {
            throw EgressDenial(.hostNotAllowed, "loopback only")
        }
        return EgressTarget(
            scheme: .http, host: .address(.v4(0x7F00_0001)), port: port,
            pathAndQuery: String(rest[digits.endIndex...]))
    }

    func judge(address: IPAddress, of target: EgressTarget) throws(EgressDenial) {
        guard address == .v4(0x7F00_0001) else { throw EgressDenial(.addressNotAllowed, "loopback only") }
    }
}
