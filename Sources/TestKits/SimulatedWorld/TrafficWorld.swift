// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefSync
import ExtRefTestKit
import ExtRefTrackers
import Synchronization

/// Callers and trackers around one governor.
final class TrafficWorld: Sendable {
    private struct Watch {
        var underWay: [SourceID: Int] = [:]
        var background: [SourceID: Int] = [:]
        var blockedUntil: [SourceID: Duration] = [:]
        var complaints: [String] = []
        var calls = 0
    }

    private let simulation: Simulation
    private let governor: TrafficGovernor
    private let watch = Mutex(Watch())

    init(_ simulation: Simulation) {
        self.simulation = simulation
        governor = TrafficGovernor(
            clock: simulation.clock,
            wallClock: { [clock = simulation.clock] in Timestamp(milliseconds: 0) + clock.elapsed },
            generator: simulation.numbers)
    }

    var complaints: [String] { watch.withLock { $0.complaints } }
    var calls: Int { watch.withLock(\.calls) }

    func run() async {
        var numbers = simulation.numbers
        let sources = ["a", "b", "c"].prefix(Int.random(in: 1...3, using: &numbers))
        let moods = sources.map { _ in Int.random(in: 0...5, using: &numbers) }
        await withTaskGroup(of: Void.self) { group in
            for caller in 0..<Int.random(in: 2...26, using: &numbers) {
                let index = caller % sources.count
                let seed = numbers.next()
                group.addTask { await self.call(sources[index], moods[index], SeededNumbers(seed: seed)) }
            }
        }
        for source in sources {
            guard let state = governor.state(of: SourceID(trusted: "src_" + source)) else { continue }
            if state.underWay != 0 || state.waiting != 0 { complain("left behind: \(state)") }
        }
    }

    /// One caller: some calls, each with a time of its own after which it is cut off.
    private func call(_ source: String, _ mood: Int, _ seeded: SeededNumbers) async {
        var numbers = seeded
        for _ in 0..<Int.random(in: 1...3, using: &numbers) {
            try? await simulation.clock.sleep(for: .milliseconds(Int64.random(in: 0...400, using: &numbers)))
            let time = Duration.milliseconds(Int64.random(in: 50...9_000, using: &numbers))
            let wish = Self.wish(
                source, Bool.random(using: &numbers) ? .interactive : .background,
                tenant: source == "c" ? "t2" : "t1", isTest: Int.random(in: 0...15, using: &numbers) == 0,
                timeLeft: time)
            let seed = numbers.next()
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.exchange(wish, mood, SeededNumbers(seed: seed)) }
                group.addTask { try? await self.simulation.clock.sleep(for: time) }
                await group.next()
                group.cancelAll()
            }
        }
    }

    private func exchange(_ wish: TrafficWish, _ mood: Int, _ seeded: SeededNumbers) async {
        var numbers = seeded
        guard let pass = try? await governor.admit(wish) else { return }
        let source = wish.key.sourceID
        if !wish.isConnectionTest, governor.state(of: source)?.breaker == .open {
            complain("left although the breaker is open")
        }
        watch.withLock { watch in
            watch.calls += 1
            watch.underWay[source, default: 0] += 1
            if wish.priority == .background { watch.background[source, default: 0] += 1 }
            if watch.underWay[source, default: 0] > TrafficLimits.underWayPerSourceMax
                || watch.background[source, default: 0] > TrafficLimits.backgroundUnderWayPerSourceMax
            {
                watch.complaints.append("too many calls to \(source)")
            }
            if let until = watch.blockedUntil[source], pass.admittedAt < until {
                watch.complaints.append("left at \(pass.admittedAt), blocked until \(until)")
            }
            if pass.admittedAt > simulation.clock.elapsed { watch.complaints.append("left in the future") }
        }
        let started = simulation.clock.elapsed
        let outcome = await answer(mood, &numbers, since: started)
        watch.withLock { watch in
            watch.underWay[source, default: 0] -= 1
            if wish.priority == .background { watch.background[source, default: 0] -= 1 }
            guard let wait = outcome.failure?.retryAfter else { return }
            watch.blockedUntil[source] = max(
                watch.blockedUntil[source] ?? .zero, simulation.clock.elapsed + wait)
        }
        governor.finish(pass, outcome)
    }

    /// What a tracker of some mood does with a call.
    private func answer(
        _ mood: Int, _ numbers: inout SeededNumbers, since started: Duration
    ) async -> TrafficOutcome {
        let isWell = Int.random(in: 0...2, using: &numbers) > 0
        let isHanging = mood == 1 && !isWell
        let latency = isHanging ? 15_000 : Int64.random(in: 1...300, using: &numbers)
        do { try await simulation.clock.sleep(for: .milliseconds(latency)) } catch {
            return Self.failed(.cancelled, latency: simulation.clock.elapsed - started)
        }
        let wait = Duration.milliseconds(Int64.random(in: 1_000...5_000, using: &numbers))
        return switch (mood, isWell) {
        case (0, _), (_, true): TrafficOutcome(status: 200)
        case (1, _): Self.failed(.timedOut)
        case (2, _): Self.failed(.rateLimited, retryAfter: wait)
        case (3, _): Self.failed(.unavailable, retryAfter: wait)
        case (4, _): Self.failed(.credentialsRejected)
        default: Self.failed(.connectFailed)
        }
    }

    private func complain(_ text: String) { watch.withLock { $0.complaints.append(text) } }

    private static func wish(
        _ source: String, _ priority: TrafficPriority, tenant: String, isTest: Bool, timeLeft: Duration
    ) -> TrafficWish {
        TrafficWish(
            key: TrafficKey(sourceID: SourceID(trusted: "src_" + source), revision: 1, account: 1),
            tenantID: TenantID(trusted: tenant), priority: priority, isConnectionTest: isTest,
            timeLeft: timeLeft)
    }

    private static func failed(
        _ code: TrackerError.Code, retryAfter: Duration? = nil, latency: Duration = .zero
    ) -> TrafficOutcome {
        TrafficOutcome(failure: TrackerError(code, "simulated", retryAfter: retryAfter), latency: latency)
    }
}
