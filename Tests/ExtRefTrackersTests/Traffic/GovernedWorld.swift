// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import ExtRefSync
import ExtRefTestKit
import Synchronization

@testable import ExtRefTrackers

/// A runner under a governor, both on the clock of a simulation, before a tracker that a test plays.
struct GovernedWorld: Sendable {
    typealias Answer = @Sendable (HTTPRequest) async throws(HTTPError) -> HTTPResponse

    static let start = Timestamp(seconds: 1_795_340_867)
    static let goodBody = Array("{\"id\":\"i\",\"key\":\"1\",\"former\":null}".utf8)

    let clock: VirtualClock
    let governor: TrafficGovernor
    let runner: TrackerRunner
    let log: DepartureLog

    init(
        _ simulation: Simulation, registry: TrackerRegistry = PlainTracker.registry,
        answer: @escaping Answer
    ) {
        let clock = simulation.clock
        let wallClock: WallClock = { Self.start + clock.elapsed }
        let log = DepartureLog()
        let governor = TrafficGovernor(
            clock: clock, wallClock: wallClock, generator: simulation.numbers)
        self.clock = clock
        self.log = log
        self.governor = governor
        runner = TrackerRunner(
            registry: registry,
            transport: FakeTransport { request throws(HTTPError) in
                log.add(request.url, at: clock.elapsed)
                return try await answer(request)
            }, traffic: governor, clock: clock, wallClock: wallClock)
    }

    /// A source of a name, for whoever waits or not.
    static func source(
        _ name: String = "plain", _ priority: TrafficPriority = .interactive, revision: Int64 = 1
    ) -> TrackerSource {
        let source = PlainTracker.source(name, revision: revision)
        return TrackerSource(source.source, credential: source.credential, priority: priority)
    }

    /// Reads one issue. Its key echoes in the address, so that departures tell operations apart.
    func read(
        _ key: String = "1", from source: TrackerSource, budget: Duration = .seconds(10)
    ) async -> TrackerError? {
        do throws(TrackerError) {
            let outcome = try await runner.fetchIssues(
                [IssueReference(key: key)], from: source, budget: budget)
            return outcome.failure ?? outcome.refused.values.first
        } catch {
            return error
        }
    }

    /// Sleeps on a clock, as a tracker that takes its time.
    static func pause(_ clock: VirtualClock, _ time: Duration) async throws(HTTPError) {
        do { try await clock.sleep(for: time) } catch {
            throw HTTPError(.cancelled, at: .response, "cancelled")
        }
    }
}

/// What left for the tracker, and when.
final class DepartureLog: Sendable {
    private let state = Mutex<[(url: String, at: Duration)]>([])

    var all: [(url: String, at: Duration)] { state.withLock { $0 } }
    var count: Int { all.count }
    /// Operations that reached the tracker at least once.
    var distinct: Int { Set(all.map(\.url)).count }

    func add(_ url: String, at time: Duration) { state.withLock { $0.append((url, time)) } }
}
