// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Foundation
import Testing

@testable import ExtRefTrackers

/// Against the server that `scripts/trac start` runs and describes in the environment. Without it these
/// tests are skipped, but not where `CI` is set: there a missing server is a failure.
@Suite(.enabled(if: RealTrac.isExpected), .timeLimit(.minutes(2))) struct RealTracTests {
    private static let budget = Duration.seconds(9)
    private let tracker = TracTracker()
    private let runner = Samples.runner(of: TracTracker(), HTTPClient(egress: LoopbackPolicy()))

    @Test func `a connection test passes, with and without a login`() async throws {
        let open = await runner.testConnection(try RealTrac.open())
        #expect(open.isOK && open.identity.isEmpty, "\(open)")
        let closed = await runner.testConnection(try RealTrac.closed())
        #expect(closed.isOK && closed.identity == "bob", "\(closed)")
        #expect(!"\(closed)".contains(try RealTrac.value("TEST_TRAC_PASSWORD")))
    }

    @Test func `a wrong password, a missing right and nobody are told apart`() async throws {
        let wrong = await runner.testConnection(try RealTrac.closed(password: "wrong"))
        #expect(wrong.failureClass == "auth", "\(wrong)")
        let eve = await runner.testConnection(try RealTrac.closed(login: "eve"))
        #expect(eve.failureClass == "permission", "\(eve)")
        let nobody = await runner.testConnection(
            TrackerSource(RealTrac.draft(try RealTrac.value("TEST_TRAC_CLOSED_URL"))))
        #expect(nobody.failureClass == "auth", "\(nobody)")
    }

    @Test func `an address that is no Trac is told as such`() async throws {
        let url = try RealTrac.value("TEST_TRAC_URL")
        let report = await runner.testConnection(TrackerSource(RealTrac.draft(url + "/wiki")))
        #expect(!report.isOK, "\(report)")
    }

    @Test(
        arguments: [
            ("1", "Checkout fails", "new", StatusCategory.todo, nil),
            ("2", "Search is slow", "closed", .done, "fixed"),
            ("3", "Will not be done", "closed", .canceled, "wontfix"),
            ("4", "Being looked at", "accepted", .inProgress, nil),
            (
                "5", "Umlaut \u{e4}\u{f6}\u{fc}, a \"quote\" and emoji \u{1F680}", "assigned", .inProgress,
                nil
            ), ("6", "Somewhere else", "in_orbit", .unknown, nil),
        ] as [(String, String, String, StatusCategory, String?)])
    func `tickets are read as they are`(
        key: String, title: String, status: String, category: StatusCategory, resolution: String?
    ) async throws {
        for source in [try RealTrac.open(), try RealTrac.closed()] {
            let outcome = try await runner.fetchIssue(
                IssueReference(key: key), from: source, budget: Self.budget)
            guard case .fetched(let issue, _) = outcome else { return #expect(Bool(false)) }
            #expect(issue.title == title && issue.statusName == status && issue.providerCategory == category)
            #expect(issue.resolution == resolution && issue.type == "defect" && issue.priority == "major")
            #expect(issue.webURL == source.source.baseURL + "/ticket/" + key)
            #expect(issue.labels == (key == "1" ? ["payment", "ui"] : key == "5" ? ["payment"] : []))
            let owner = ["1": "bob", "3": "bob", "4": "bob", "5": "carol"][key]
            #expect(issue.assignees.map(\.id) == [owner].compactMap(\.self))
        }
    }

    @Test func `what is missing is told, and left out of a batch`() async throws {
        let source = try RealTrac.open()
        let error = await #expect(throws: TrackerError.self) {
            try await runner.fetchIssue(IssueReference(key: "99999"), from: source, budget: Self.budget)
        }
        #expect(error?.code == .notFound)
        let references = ["1", "3", "99999"].map { IssueReference(key: $0) }
        let outcome = try await runner.fetchIssues(references, from: source, budget: Self.budget)
        #expect(outcome.found.map(\.key) == ["1", "3"] && outcome.notReturned.map(\.key) == ["99999"])
    }

    @Test(arguments: [
        ("checkout", ["1"]), ("ticket:2", ["2"]), ("#99999", []), ("no & such = thing | %", []),
        ("\u{e4}\u{f6}\u{fc}, a \"quote\"", ["5"]),
    ])
    func `words and numbers are found`(words: String, keys: [String]) async throws {
        let found = try await runner.searchIssues(
            words, limit: 5, in: try RealTrac.open(), budget: Self.budget)
        #expect(found.map(\.key) == keys)
    }

    @Test func `changes are told from a time on`() async throws {
        let source = try RealTrac.closed()
        let ready = try await runner.authorized(source, tracker)
        func changes(_ since: Timestamp, page: String) async throws -> ChangesPage {
            try await runner.run(
                tracker.changes(since: since, project: "", page: page, in: ready), with: ready,
                reading: tracker)
        }
        let all = try await changes(Timestamp(seconds: 0), page: "")
        #expect(Set(all.issues.map(\.key)) == ["1", "2", "3", "4", "5", "6"] && all.next.isEmpty)
        let later = try await changes(TrackerRunner.systemTime() + .seconds(86_400), page: "")
        #expect(later.issues.isEmpty && later.next.isEmpty)
        #expect(try await changes(Timestamp(seconds: 0), page: "2+\(all.issues[0].key)").issues.isEmpty)
    }
}

/// The server in the environment.
enum RealTrac {
    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    private static var environment: [String: String] { ProcessInfo.processInfo.environment }

    static var isExpected: Bool { environment["TEST_TRAC_URL"] != nil || environment["CI"] == "true" }

    static func value(_ name: String) throws -> String {
        guard let value = environment[name], !value.isEmpty else {
            throw Missing(description: "\(name) is not set; run scripts/trac start and export what it prints")
        }
        return value
    }

    static func draft(_ baseURL: String) -> IntegrationSource { Samples.source("real", .trac, baseURL) }

    static func open() throws -> TrackerSource { TrackerSource(draft(try value("TEST_TRAC_URL"))) }

    static func closed(login: String = "bob", password: String? = nil) throws -> TrackerSource {
        var source = draft(try value("TEST_TRAC_CLOSED_URL"))
        source.authenticationMethod = .basic
        source.authenticationSettings = ["username": login]
        let secret = try password ?? value("TEST_TRAC_PASSWORD")
        return TrackerSource(source, credential: TrackerCredential(["password": secret]))
    }
}
