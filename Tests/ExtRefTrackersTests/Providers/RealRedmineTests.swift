// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import ExtRefTrackers
import Foundation
import Testing
import TrackerConformance

/// Against the server that `scripts/redmine start` runs and describes in the environment. Without it these
/// tests are skipped, but not where `CI` is set: there a missing server is a failure.
@Suite(.enabled(if: RealRedmine.isExpected), .timeLimit(.minutes(2))) struct RealRedmineTests {
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
        for name in ["issue", "closed", "rejected", "batch", "read"] {
            let exchange = try Samples.recording(name)
            let url = try RealRedmine.value("TEST_REDMINE_URL") + exchange.pathAndQuery
            let key = HTTPField("X-Redmine-API-Key", try RealRedmine.value("TEST_REDMINE_KEY"))
            let response = try await client.send(HTTPRequest(.get, url, headers: [key]))
            #expect(response.status == exchange.response.status)
            #expect(try Self.shape(response.body) == Self.shape(exchange.response.body), "\(name)")
        }
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
