// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Foundation
import Testing

@testable import ExtRefTrackers

/// Against the server that `scripts/roundup start` runs and describes in the environment. Without it these
/// tests are skipped, but not where `CI` is set: there a missing server is a failure.
@Suite(.enabled(if: RealRoundup.isExpected), .timeLimit(.minutes(2))) struct RealRoundupTests {
    private static let budget = Duration.seconds(9)
    private let tracker = RoundupTracker()
    private let runner = Samples.runner(of: RoundupTracker(), HTTPClient(egress: LoopbackPolicy()))

    @Test func `a connection test passes all steps`() async throws {
        let report = await runner.testConnection(try RealRoundup.source())
        #expect(report.isOK && report.denied.isEmpty, "\(report)")
        #expect(report.identity == "Bob Builder (bob)" && report.scopes == ["User"])
        #expect(report.steps.first { $0.name == .create }?.verdict == .passed)
        #expect(!"\(report)".contains(try RealRoundup.value("TEST_ROUNDUP_PASSWORD")))
    }

    @Test func `a connection test tells who may only read, and creates nothing`() async throws {
        let rita = try RealRoundup.source(login: "rita")
        let report = await runner.testConnection(rita)
        #expect(report.isOK && report.denied == [.create, .comment], "\(report)")
        let found = try await runner.searchIssues("probe", limit: 5, in: rita, budget: Self.budget)
        #expect(found.isEmpty)
    }

    @Test func `a wrong password and an unknown address are told apart`() async throws {
        let wrong = await runner.testConnection(try RealRoundup.source(login: "nobody"))
        #expect(wrong.failureClass == "auth" && wrong.reason == .trackerCredentialsRejected)
        var source = try RealRoundup.source()
        source = TrackerSource(
            RealRoundup.draft(try RealRoundup.value("TEST_ROUNDUP_URL") + "-elsewhere", login: "bob"),
            credential: source.credential)
        #expect(await runner.testConnection(source).failureClass == "http")
    }

    @Test(
        arguments: [
            ("1", "Checkout fails", "unread", StatusCategory.todo),
            ("2", "Search is slow", "resolved", .done),
            ("3", "Sort of done", "done-cbb", .done), ("4", "Perhaps later", "deferred", .todo),
            ("5", "Umlaut \u{e4}\u{f6}\u{fc} and emoji \u{1F680}", "in-progress", .inProgress),
        ])
    func `issues are read as they are`(
        key: String, title: String, status: String, category: StatusCategory
    ) async throws {
        let source = try RealRoundup.source()
        let outcome = try await runner.fetchIssue(IssueReference(key: key), from: source, budget: Self.budget)
        guard case .fetched(let issue, _) = outcome else { return #expect(Bool(false)) }
        #expect(issue.title == title && issue.statusName == status && issue.providerCategory == category)
        #expect(issue.webURL == source.source.baseURL + "/issue" + key && issue.updatedAt != nil)
        #expect(issue.assignees.map(\.displayName) == (["1", "5"].contains(key) ? ["bob"] : []))
        #expect(issue.labels == (["1", "5"].contains(key) ? ["payment"] : []))
    }

    @Test(arguments: [("6", TrackerError.Code.gone), ("99999", .notFound)])
    func `retired and missing are told apart`(key: String, code: TrackerError.Code) async throws {
        let source = try RealRoundup.source()
        let error = await #expect(throws: TrackerError.self) {
            try await runner.fetchIssue(IssueReference(key: key), from: source, budget: Self.budget)
        }
        #expect(error?.code == code)
    }

    @Test func `a batch leaves out what is retired or missing`() async throws {
        let references = ["1", "2", "6", "99999"].map { IssueReference(key: $0) }
        let outcome = try await runner.fetchIssues(
            references, from: try RealRoundup.source(), budget: Self.budget)
        #expect(Set(outcome.found.map(\.key)) == ["1", "2"])
        #expect(outcome.notReturned.map(\.key) == ["6", "99999"])
    }

    @Test(arguments: [
        ("checkout", ["1"]), ("fails checkout", ["1"]), ("issue2", ["2"]), ("#6", []),
        ("no & such = thing %", []),
        ("\u{e4}\u{f6}\u{fc}", ["5"]),
    ])
    func `words and numbers are found`(words: String, keys: [String]) async throws {
        let found = try await runner.searchIssues(
            words, limit: 5, in: try RealRoundup.source(), budget: Self.budget)
        #expect(found.map(\.key) == keys)
    }

    @Test func `a server that limits calls is understood`() async throws {
        let limited = TrackerSource(
            RealRoundup.draft(try RealRoundup.value("TEST_ROUNDUP_LIMITED_URL"), login: "bob"),
            credential: try RealRoundup.source().credential)
        let error = await #expect(throws: TrackerError.self) {
            for _ in 0..<8 {
                _ = try await runner.fetchIssue(IssueReference(key: "1"), from: limited, budget: Self.budget)
            }
        }
        #expect(error?.code == .rateLimited)
        #expect(error?.retryAfter.map { $0 > .zero && $0 <= .seconds(60) } == true, "\(error as Any)")
    }

    /// What is made stays in the server's own tracker.
    @Test func `an issue is created by its form, found again, and seen among the changes`() async throws {
        let bob = try RealRoundup.source()
        let form = try await runner.issueForm(project: "", type: "", in: bob, budget: Self.budget)
        #expect(form.fields.map(\.name) == ["title", "description", "priority", "assignedto", "keyword"])
        let bug = try #require(form.fields[2].choices.first { $0.label == "bug" })
        let keyword = try #require(form.fields[4].choices.first)
        let fields = [
            "title": "Made \u{1F680} \"<b>\"", "description": "One\n\ntwo", "priority": bug.id,
            "keyword": keyword.id,
        ]
        #expect(form.violations(of: fields).isEmpty)
        let draft = RealRoundup.newIssue(fields)
        #expect(try await runner.findCreated(draft, in: bob, budget: Self.budget) == nil)
        let made = try await runner.createIssue(draft, in: bob, budget: Self.budget)
        #expect(
            made.title == "Made \u{1F680} \"<b>\"" && made.priority == "bug" && made.labels == ["payment"])
        #expect(try await runner.findCreated(draft, in: bob, budget: Self.budget) == made)
        let changes = try await runner.run(
            tracker.changes(since: try #require(made.createdAt), project: "", page: "", in: bob), with: bob,
            reading: tracker)
        #expect(changes.issues.contains { $0.key == made.key })
    }

    @Test func `a link back is put once, keeps the status, and goes again`() async throws {
        let bob = try RealRoundup.source()
        let made = try await runner.createIssue(
            RealRoundup.newIssue(["title": "To be linked"]), in: bob, budget: Self.budget)
        let issue = IssueReference(key: made.key)
        let link = BackLink(
            linkID: "lnk_" + made.key, url: "https://tests.example.com/1", title: "TC-1",
            relationship: "Tested by")
        let first = try await runner.putBackLink(link, on: issue, in: bob, budget: Self.budget)
        #expect(try await runner.putBackLink(link, on: issue, in: bob, budget: Self.budget) == first)
        let renamed = BackLink(linkID: link.linkID, url: link.url, title: "TC-2", relationship: "Tested by")
        #expect(try await runner.putBackLink(renamed, on: issue, in: bob, budget: Self.budget) == first)
        for _ in 0..<2 {
            try await runner.removeBackLink(link, remoteID: first, from: issue, in: bob, budget: Self.budget)
        }
        let outcome = try await runner.fetchIssue(issue, from: bob, budget: Self.budget)
        guard case .fetched(let after, _) = outcome else { return #expect(Bool(false)) }
        #expect(after.statusName == made.statusName && after.statusName == "unread")
    }

    @Test func `a refused issue is told by field, and a missing right as such`() async throws {
        let faulty = await #expect(throws: TrackerError.self) {
            try await runner.createIssue(
                RealRoundup.newIssue(["title": "t", "priority": "nope"]), in: try RealRoundup.source(),
                budget: Self.budget)
        }
        #expect(faulty?.code == .invalidRequest && faulty?.fieldFaults.map(\.field) == ["priority"])
        let rita = try RealRoundup.source(login: "rita")
        let refused = await #expect(throws: TrackerError.self) {
            try await runner.createIssue(
                RealRoundup.newIssue(["title": "t"]), in: rita, budget: Self.budget)
        }
        #expect(refused?.code == .permissionDenied)
    }

    @Test func `an address that the tracker does not call its own is explained`() async throws {
        let url = try RealRoundup.value("TEST_ROUNDUP_URL")
        var draft = RealRoundup.draft(url.replacing("127.0.0.1", with: "localhost"), login: "bob")
        draft.apiBaseURL = url + "/rest"
        let source = TrackerSource(draft, credential: try RealRoundup.source().credential)
        let error = await #expect(throws: TrackerError.self) {
            try await runner.createIssue(
                RealRoundup.newIssue(["title": "t"]), in: source, budget: Self.budget)
        }
        #expect(error?.message.contains("web in config.ini") == true)
    }
}

/// The server in the environment.
enum RealRoundup {
    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    private static var environment: [String: String] { ProcessInfo.processInfo.environment }

    static var isExpected: Bool { environment["TEST_ROUNDUP_URL"] != nil || environment["CI"] == "true" }

    static func value(_ name: String) throws -> String {
        guard let value = environment[name], !value.isEmpty else {
            throw Missing(
                description: "\(name) is not set; run scripts/roundup start and export what it prints")
        }
        return value
    }

    static func draft(_ baseURL: String, login: String) -> IntegrationSource {
        var source = Samples.source("real", .roundup, baseURL)
        source.authenticationMethod = .basic
        source.authenticationSettings = ["username": login]
        return source
    }

    static func source(login: String = "bob") throws -> TrackerSource {
        TrackerSource(
            draft(try value("TEST_ROUNDUP_URL"), login: login),
            credential: TrackerCredential(["password": try value("TEST_ROUNDUP_PASSWORD")]))
    }

    /// A draft with a marker of its own, begun now.
    static func newIssue(_ fields: [String: String]) -> NewIssue {
        let word = UUID().uuidString.lowercased()
        return NewIssue(
            project: "", fields: fields,
            marker: CreationMarker(text: "extref-" + word.filter { $0 != "-" }.prefix(26), uuid: word),
            startedAt: TrackerRunner.systemTime())
    }
}
