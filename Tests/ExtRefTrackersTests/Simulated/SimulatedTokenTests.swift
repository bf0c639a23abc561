// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Synchronization
import Testing

@testable import ExtRefTrackers

/// A vendor whose tokens are obtained first, as the simulator plays it.
struct SimulatedGrant: Sendable, CustomTestStringConvertible {
    let tracker: SimulatedTracker
    let apiPath: String?
    let tokenPath: String
    var settings: [String: String] = [:]

    var testDescription: String { tracker.testDescription }

    static let all = [
        SimulatedGrant(
            tracker: .jiraCloud, apiPath: "/atlassian/ex/jira/5e11a000-0000-4000-8000-000000000001",
            tokenPath: "/atlassian/oauth/token",
            settings: ["cloud_id": "5e11a000-0000-4000-8000-000000000001"]),
        SimulatedGrant(tracker: .gitLab, apiPath: nil, tokenPath: "/gitlab/oauth/token"),
        SimulatedGrant(tracker: .linear, apiPath: "/linear", tokenPath: "/linear/oauth/token"),
    ]

    func source(in simulator: Simulator) -> TrackerSource {
        var source = tracker.source(in: simulator).source
        source.authenticationMethod = .oauthRefresh
        source.authenticationSettings = [
            "client_id": "sim-client", "token_url": simulator.base + tokenPath,
        ].merging(settings) { $1 }
        if let apiPath { source.apiBaseURL = simulator.base + apiPath }
        return TrackerSource(
            source,
            credential: TrackerCredential([
                "client_secret": "sim-client-secret", "refresh_token": "\(tracker.name)-refresh-good",
            ]))
    }
}

/// Keeps tokens in memory, and remembers that it did.
final class MemoryVault: TokenVault {
    private let state = Mutex<[IssuedToken]>([])

    var kept: [IssuedToken] { state.withLock { $0 } }

    func newest(for source: IntegrationSource) async throws(TrackerError) -> IssuedToken? {
        state.withLock { $0.last }
    }

    func keep(_ token: IssuedToken, for source: IntegrationSource) async throws(TrackerError) {
        state.withLock { $0.append(token) }
    }
}

@Suite(.serialized, .enabled(if: Simulator.isExpected), .timeLimit(.minutes(3))) struct SimulatedTokenTests {
    private static let budget = Duration.seconds(10)

    private func exchanges(
        _ grant: SimulatedGrant, in simulator: Simulator
    ) async throws -> [Simulator.Request] {
        try await simulator.requests().filter { $0.path.hasSuffix("/oauth/token") }
    }

    @Test(arguments: SimulatedGrant.all)
    func `fifty calls at the token's end cause one refresh`(grant: SimulatedGrant) async throws {
        let simulator = try Simulator("fifty")
        let vault = MemoryVault()
        let time = MovableTime(TrackerRunner.systemTime())
        let runner = simulator.runner(vault: vault, wallClock: time.now)
        let source = grant.source(in: simulator)
        let made = try await simulator.create(grant.tracker.name, project: grant.tracker.project, count: 50)
        for round in 1...2 {
            let failures = await withTaskGroup(of: TrackerError?.self) { group in
                for issue in made {
                    group.addTask {
                        await failure {
                            try await runner.fetchIssue(
                                IssueReference(key: issue.key), from: source, budget: Self.budget)
                        }
                    }
                }
                return await group.reduce(into: []) { if let error = $1 { $0.append(error) } }
            }
            #expect(failures.isEmpty, "\(failures.prefix(2))")
            #expect(try await exchanges(grant, in: simulator).count == round)
            #expect(vault.kept.count == round)
            // The token has ended; its refresh token was replaced meanwhile.
            time.advance(by: .seconds(2 * 24 * 3_600))
            try await simulator.advance(seconds: 2 * 24 * 3_600)
        }
        #expect(Set(vault.kept.compactMap(\.refreshToken)).count == 2)
        #expect(try await simulator.violations() == [])
    }

    @Test(arguments: SimulatedGrant.all)
    func `a refresh whose answer got lost does not lose the grant`(grant: SimulatedGrant) async throws {
        let simulator = try Simulator("lostgrant")
        let vault = MemoryVault()
        let runner = simulator.runner(vault: vault)
        let source = grant.source(in: simulator)
        let made = try await simulator.create(grant.tracker.name, project: grant.tracker.project)
        try await simulator.tokens(grant.tracker.name, ["leeway": 600])
        try await simulator.fault(["kind": "drop_after", "path": "/oauth/token", "count": 1])
        let cut = await failure {
            try await runner.fetchIssue(IssueReference(key: made[0].key), from: source, budget: Self.budget)
        }
        #expect(cut?.code == .unavailable, "\(String(describing: cut))")
        #expect(vault.kept.isEmpty)
        let outcome = try await runner.fetchIssue(
            IssueReference(key: made[0].key), from: source, budget: Self.budget)
        guard case .fetched = outcome else {
            Issue.record("not read")
            return
        }
        #expect(vault.kept.count == 1)
    }

    @Test(arguments: SimulatedGrant.all)
    func `a withdrawn grant is told as such, and no secret shows`(grant: SimulatedGrant) async throws {
        let simulator = try Simulator("withdrawn")
        try await simulator.tokens(grant.tracker.name, ["fail": "invalid_grant"])
        let vault = MemoryVault()
        let report = await simulator.runner(vault: vault).testConnection(grant.source(in: simulator))
        #expect(report.failureClass == "auth", "\(report.failureClass)")
        #expect(report.reason == .trackerCredentialsExpired || report.reason == .trackerCredentialsRejected)
        #expect(!"\(report)".contains("sim-client-secret") && !"\(report)".contains("refresh-good"))
        #expect(vault.kept.isEmpty)
    }
}

/// A wall clock that a test moves.
final class MovableTime: Sendable {
    private let state: Mutex<Timestamp>

    init(_ start: Timestamp) { state = Mutex(start) }

    var now: WallClock { { self.state.withLock { $0 } } }

    func advance(by duration: Duration) { state.withLock { $0 = $0 + duration } }
}
