// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Testing

@testable import ExtRefTrackers

/// What goes wrong, as every provider has to read it.
@Suite(.serialized, .enabled(if: Simulator.isExpected), .timeLimit(.minutes(3))) struct SimulatedTroubleTests
{
    private static let budget = Duration.seconds(10)

    private func read(
        _ key: String, from source: TrackerSource, with runner: TrackerRunner
    ) async throws -> FetchOutcome {
        try await runner.fetchIssue(IssueReference(key: key), from: source, budget: Self.budget)
    }

    @Test(arguments: SimulatedTracker.all)
    func `each fault of a credential has its own class, and no secret shows`(
        tracker: SimulatedTracker
    ) async throws {
        let simulator = try Simulator("credentials")
        let runner = simulator.runner()
        let standard: [SimulatedTracker.Standing: TrackerError.Code] = [
            .expired: .credentialsExpired, .revoked: .credentialsRejected, .wrongScope: .scopeMissing,
        ]
        for (standing, code) in standard {
            var source = tracker.source(in: simulator, standing)
            // Where the vendor does not tell expired from revoked, the known end of the credential does.
            if standing == .expired {
                var dated = source.source
                dated.authenticationSettings["expires_on"] = "2020-01-01"
                source = TrackerSource(dated, credential: source.credential)
            }
            let report = await runner.testConnection(source)
            let expected = tracker.expected[standing] ?? code
            #expect(!report.isOK || standing == .wrongScope && !report.denied.isEmpty, "\(standing)")
            if !report.isOK {
                #expect(
                    report.reason == TrackerError(expected, "").reason,
                    "\(standing): \(report.steps.filter { $0.verdict == .failed })")
            }
            for secret in tracker.secrets(standing).values { #expect(!"\(report)".contains(secret)) }
        }
        let journal = try await simulator.journalText()
        for secret in tracker.secrets(.revoked).values where secret.count > 12 {
            #expect(!journal.contains(secret), "the simulator's journal holds a secret")
        }
    }

    @Test(arguments: SimulatedTracker.all)
    func `an address that is no such tracker is a class of its own`(tracker: SimulatedTracker) async throws {
        let simulator = try Simulator("host")
        var source = tracker.source(in: simulator).source
        source.baseURL = simulator.base + "/nowhere/at/all"
        source.apiBaseURL = ""
        if tracker.apiPath != nil { source.apiBaseURL = source.baseURL }
        let report = await simulator.runner().testConnection(
            TrackerSource(source, credential: TrackerCredential(tracker.secrets(.good))))
        #expect(!report.isOK)
        #expect(["http", "format"].contains(report.failureClass), "\(report.failureClass)")
    }

    @Test(arguments: SimulatedTracker.all, ["html_login", "garbage", "truncate"])
    func `an answer that is none is a typed failure of the source`(
        tracker: SimulatedTracker, kind: String
    ) async throws {
        let simulator = try Simulator("garbage")
        let source = tracker.source(in: simulator)
        let runner = simulator.runner()
        let made = try await tracker.makeIssues(in: simulator)
        try await simulator.fault(["kind": kind, "count": 1])
        let error = await failure { try await read(made[0].key, from: source, with: runner) }
        #expect(error?.reachability == .unreachable, "\(String(describing: error))")
        // The next call is well again.
        guard case .fetched = try await read(made[0].key, from: source, with: runner) else {
            Issue.record("not read")
            return
        }
    }

    @Test(arguments: SimulatedTracker.all)
    func `being throttled is understood, with the time to wait`(tracker: SimulatedTracker) async throws {
        let simulator = try Simulator("rate")
        let source = tracker.source(in: simulator)
        let runner = simulator.runner()
        let made = try await tracker.makeIssues(in: simulator)
        for dialect in tracker.throttling {
            try await simulator.fault(["kind": dialect.rawValue, "retry_after": 60])
            let error = await failure { try await read(made[0].key, from: source, with: runner) }
            #expect(
                error?.code == (dialect == .unavailable ? .unavailable : .rateLimited),
                "\(dialect): \(String(describing: error))")
            let wait = error?.retryAfter ?? .zero
            #expect(wait > .seconds(10) && wait <= .seconds(3_700), "\(dialect): \(wait)")
        }
    }
}
