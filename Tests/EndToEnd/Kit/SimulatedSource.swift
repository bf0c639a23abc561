// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefMessages
import ExtRefSecurity
import Foundation
import Testing

/// A provider in a world of its own of the vendors' simulator (scripts/extref-sim), as an admin would
/// describe it.
struct SimulatedSource: Sendable, CustomTestStringConvertible {
    private struct NotStarted: Error, CustomStringConvertible {
        let description = "TEST_SIMULATOR_URL is not set; run scripts/extref-sim and export what it prints"
    }

    private struct Refused: Error {
        let status: Int
    }

    let provider: String
    /// What the simulator calls it, and where its base URL hangs.
    let name: String
    var path: String
    var apiPath = ""
    let project: String
    let method: String
    var settings: [String: String] = [:]
    let secrets: [String: String]
    /// Matches the path of the request that creates an issue, and how many such requests come before it.
    var creationPath = "/issues?$"
    var creationSkip = 0
    /// The name of a status that means done.
    var doneStatus = "closed"

    var testDescription: String { provider }

    private static var environment: [String: String] { ProcessInfo.processInfo.environment }

    /// In CI the simulator must run.
    static var isExpected: Bool {
        environment["TEST_SIMULATOR_URL"] != nil || environment["CI"] == "true"
    }

    /// The five that every tenant asks for first.
    static let all = [
        SimulatedSource(
            provider: "jira_cloud", name: "jira", path: "/jira", project: "TES", method: "email_token",
            settings: ["email": "alice@example.net"], secrets: ["api_token": "jira-good-token"],
            doneStatus: "Done"),
        SimulatedSource(
            provider: "github", name: "github", path: "/github", project: "acme/app", method: "access_token",
            secrets: ["token": "github-good-token"]),
        SimulatedSource(
            provider: "gitlab", name: "gitlab", path: "/gitlab", project: "team/app", method: "access_token",
            secrets: ["token": "gitlab-good-token"]),
        SimulatedSource(
            provider: "azure_devops", name: "ado", path: "/ado/fabrikam", project: "Web",
            method: "access_token", secrets: ["token": "ado-good-token"],
            creationPath: "/_apis/wit/workitems/(\\$|%24)", doneStatus: "Done"),
        SimulatedSource(
            provider: "linear", name: "linear", path: "/linear", apiPath: "/linear", project: "ENG",
            method: "api_key", secrets: ["api_key": "linear-good-token"], creationPath: "/graphql$",
            creationSkip: 2, doneStatus: "Done"),
    ]

    static func address() throws -> String {
        guard let address = environment["TEST_SIMULATOR_URL"], !address.isEmpty else { throw NotStarted() }
        return address
    }

    /// Host and port, to be allowed by the egress policy.
    static func host() throws -> String { String(try address().dropFirst("http://".count)) }

    /// A world that nobody else uses.
    static func world() throws -> String {
        "\(try address())/w/story-\(UUID().uuidString.prefix(8))"
    }

    /// The source to create.
    func source(in world: String) -> Source {
        var source = Source(
            owner: Owner(owner: .tenant(true)), provider: provider, displayName: "Our tracker",
            baseURL: world + path, apiBaseURL: apiPath.isEmpty ? "" : world + apiPath,
            authentication: Authentication(method: method, settings: settings, secrets: secrets))
        source.availability = Availability(allProjects: true)
        source.defaultExternalProject = project
        return source
    }

    /// Lets the next creation be done, and its answer get lost.
    func loseAnswerOfCreation(in world: String) async throws {
        let fault: [String: Any] = [
            "kind": "drop_after", "provider": name, "method": "POST", "path": creationPath,
            "skip": creationSkip, "count": 1,
        ]
        _ = try await Self.control(.post, world + "/_sim/faults", fault)
    }

    /// From now on the vendor's interface behaves so, see the simulator's README.
    func change(_ fault: [String: Any], in world: String) async throws {
        let order = fault.merging(["provider": name, "count": NSNull()]) { first, _ in first }
        _ = try await Self.control(.post, world + "/_sim/faults", order)
    }

    /// The vendor takes it back.
    func changeBack(in world: String) async throws {
        _ = try await Self.control(.delete, world + "/_sim/faults", [:])
    }

    /// Makes an issue as a person at the tracker would.
    /// - Returns: its key.
    func makeIssue(in world: String) async throws -> String {
        let issue: [String: Any] = ["project": project, "title": "Checkout fails"]
        let made = try await Self.control(.post, world + "/_sim/\(name)/issues", issue)
        return try #require((made["keys"] as? [String])?.first)
    }

    /// Makes so many issues.
    func makeIssues(_ count: Int, in world: String) async throws -> [String] {
        let issue: [String: Any] = ["project": project, "title": "Checkout fails", "count": count]
        let made = try await Self.control(.post, world + "/_sim/\(name)/issues", issue)
        return try #require(made["keys"] as? [String])
    }

    /// Has the tracker post signed notifications to an address.
    func subscribe(to url: String, secret: String, in world: String) async throws {
        let hook: [String: Any] = ["url": url, "secret": secret]
        _ = try await Self.control(.post, world + "/_sim/\(name)/webhooks", hook)
    }

    /// Closes an issue as a person at the tracker would.
    func close(_ key: String, in world: String) async throws {
        let path = try #require(key.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
        _ = try await Self.control(.patch, world + "/_sim/\(name)/issues/\(path)", ["status": doneStatus])
    }

    private static func control(
        _ method: HTTPRequest.Method, _ url: String, _ body: [String: Any]
    ) async throws -> [String: Any] {
        var egress = EgressConfiguration()
        egress.httpsOnly = false
        egress.allow = [try EgressEntry(host())]
        let client = HTTPClient(egress: OperatorEgressPolicy(egress))
        defer { client.shutDown() }
        let request = HTTPRequest(
            method, url, headers: [HTTPField("Content-Type", "application/json")],
            body: Array(try JSONSerialization.data(withJSONObject: body)))
        let response = try await client.send(request)
        guard (200..<300).contains(response.status) else { throw Refused(status: response.status) }
        guard !response.body.isEmpty else { return [:] }
        return try JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any] ?? [:]
    }
}
